from pathlib import Path

import pytest

from negatoscope.kit.durable import write_durably


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "key"
    write_durably(file, b"one")
    write_durably(file, b"two")
    assert file.read_bytes() == b"two"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.mkdir()
    (file / "occupied").touch()
    with pytest.raises(OSError, match=r"."):
        write_durably(file, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
