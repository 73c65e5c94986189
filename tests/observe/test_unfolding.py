"""Archives within archives are read one file at a time; hostile ones lead nowhere and fill nothing."""

import gzip
import io
import os
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import zstandard

from negatoscope.observe import unfolding
from negatoscope.observe.unfolding import Unfolding


def read(path: Path, tmp_path: Path) -> tuple[dict[str, bytes], Counter[str]]:
    laid = tmp_path / "laid"
    laid.mkdir()
    one = Unfolding(laid, Counter())
    found = {name: file.read_bytes() for name, file in one.files(path)}
    assert list(laid.iterdir()) == []
    return found, one.counts


def tar(members: dict[str, bytes], *more: tarfile.TarInfo) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for entry in more:
            archive.addfile(entry)
    return written.getvalue()


def test_each_file_is_found_whatever_it_is_packed_in(tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    (folder / "var").mkdir(parents=True)
    (folder / "var" / "auth.log").write_bytes(b"plain")
    (folder / "var" / "auth.log.1.gz").write_bytes(gzip.compress(b"older"))
    (folder / "live.tar.zst").write_bytes(
        zstandard.compress(tar({"a/syslog": b"in a tar", "b.gz": gzip.compress(b"b")}))
    )
    with zipfile.ZipFile(folder / "logs.zip", "w") as archive:
        archive.mkdir("x")
        archive.writestr("x/app.log", b"in a zip")
        archive.writestr("inner.tar", tar({"deep.log": b"deep"}))
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    found, counts = read(folder, tmp_path)
    assert found == {
        "var/auth.log": b"plain",
        "var/auth.log.1.gz": b"older",
        "live.tar.zst!a/syslog": b"in a tar",
        "live.tar.zst!b.gz": b"b",
        "logs.zip!x/app.log": b"in a zip",
        "logs.zip!inner.tar!deep.log": b"deep",
    }
    assert not counts


def test_names_and_links_of_a_tar_lead_nowhere(tmp_path: Path) -> None:
    link = tarfile.TarInfo("auth.log")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/shadow"
    device = tarfile.TarInfo("sda")
    device.type = tarfile.BLKTYPE
    (tmp_path / "evil.tar").write_bytes(tar({"../../../etc/cron.d/x": b"x", "/abs": b"y"}, link, device))
    found, _counts = read(tmp_path / "evil.tar", tmp_path)
    assert sorted(found.values()) == [b"x", b"y"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["evil.tar", "laid"]


def test_bombs_and_damaged_archives_are_counted_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfolding, "SMALL", 1 << 20)
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "a.gz").write_bytes(gzip.compress(bytes(64 << 20)))
    (folder / "b.gz").write_bytes(gzip.compress(b"cut" * 9999)[:50])
    (folder / "c.zip").write_bytes(b"PK\x03\x04" + b"?" * 99)
    (folder / "d.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"?" * 99)
    (folder / "e.tar").write_bytes(tar({"x": b"x" * 9999})[:2000])
    (folder / "f.gz").write_bytes(b"\x1f\x8b" + b"?" * 99)
    (folder / "z.log").write_bytes(b"whole")
    found, counts = read(folder, tmp_path)
    assert found["z.log"] == b"whole"
    assert (counts["too_large"], counts["unreadable_files"]) == (1, 5)


def test_archives_within_archives_end(tmp_path: Path) -> None:
    data = b"core"
    for _ in range(unfolding.DEEPEST + 2):
        data = gzip.compress(data)
    (tmp_path / "deep.gz").write_bytes(data)
    found, _counts = read(tmp_path / "deep.gz", tmp_path)
    assert [each[:2] for each in found.values()] == [b"\x1f\x8b"]


def test_too_many_files_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfolding, "MANY", 3)
    (tmp_path / "many.tar").write_bytes(tar({str(number): b"x" for number in range(9)}))
    found, counts = read(tmp_path / "many.tar", tmp_path)
    assert (len(found), counts["too_many"]) == (2, 7)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x" * 9999))
    one = Unfolding(tmp_path / "full", Counter())
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "1").symlink_to("/dev/full")
    with pytest.raises(OSError, match="space"):
        list(one.files(tmp_path / "a.gz"))
