"""An archive whose list of members is a bomb is refused before the list is read."""

import zipfile
from pathlib import Path

import pytest
from tests.peak import growth

from negatoscope.kit.archive import MOST_LISTED, Crowded, opened


def listing(path: Path, members: int) -> Path:
    """An archive that lists its one member again and again."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.yml", b"x")
    data = path.read_bytes()
    begin, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = data[begin:end] * members
    tail = bytearray(data[end:])
    tail[8:12] = min(members, 0xFFFF).to_bytes(2, "little") * 2
    tail[12:16] = len(listed).to_bytes(4, "little")
    path.write_bytes(data[:begin] + listed + tail)
    return path


def test_what_an_archive_holds_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    large = bytes(range(256)) * (3 * MOST_LISTED // 256)
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"a comment"
        archive.writestr("stored", large)
        archive.writestr("packed", large, zipfile.ZIP_DEFLATED)
    with opened(path) as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                assert b"".join(iter(lambda: member.read(1 << 20), b"")) == large


def test_a_list_of_a_million_members_is_not_read(tmp_path: Path) -> None:
    with opened(listing(tmp_path / "few.zip", 50)) as archive:
        assert len(archive.infolist()) == 50
    many = listing(tmp_path / "many.zip", 1_000_000)
    with growth() as grown, pytest.raises(Crowded), opened(many):
        pass
    assert grown.mib < 16
