"""Files that grow are read once, whatever rotation does with them."""

import gzip
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negatoscope.intake.events.raw import MOST_DATA
from negatoscope.intake.files import folder as folders
from negatoscope.intake.files import following
from negatoscope.intake.files.folder import Place, Trouble, Unseen, place
from negatoscope.intake.files.following import CHUNK, DAMAGED, Prover, chunk, plan
from negatoscope.model.files import Followed, LogFolder
from tests.needs import needs_root


class Reader:
    """One folder, read round by round as the console does; what it knows outlives it."""

    def __init__(self, folder: Path, pattern: str = "*.log") -> None:
        self.folder = LogFolder(1, "mur", str(folder), pattern)
        self.known: dict[int, Followed] = {}
        self.read: list[bytes] = []
        self.keys: list[tuple[int, int]] = []
        self.prover: Prover | None = None
        self.since: int | None = None

    def again(self) -> None:
        while self._round():
            pass

    def _round(self) -> bool:
        with place(self.folder) as there:
            return self.look(there)

    def look(self, there: Place) -> bool:
        found, _troubles = there.files(self.folder.pattern, {one.origin for one in self.known.values()})
        self.prover = self.prover or Prover(there)
        self.prover.place = there
        told = plan(found, self.known.values(), self.prover.proves, self.since)
        self.since = time.time_ns() - 2_000_000_000
        for lost in told.lost:
            self.known[lost.number] = lost
        fresh = [Followed(0, one.name, one.device, one.inode) for one in told.fresh]
        steps = [*told.read, *zip(told.fresh, fresh, strict=True)]
        more = [self._step(there, *each) for each in steps]
        return any(more)

    def _step(self, there: Place, one: folders.Found, known: Followed) -> bool:
        if not known.number:
            known = replace(known, number=len(self.known) + 1)
        with there.opened(one) as file:
            try:
                told = chunk(file, known, rests=False)
            except DAMAGED:
                return False
        self.read += [each.data for _offset, each in told.pieces]
        self.keys += [(known.number, offset) for offset, _each in told.pieces]
        self.known[known.number] = told.reached
        return told.more


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def grow(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_what_is_added_is_read_once_and_a_line_waits_for_its_end(folder: Path) -> None:
    reader = Reader(folder)
    grow(folder / "a.log", "one\ntw")
    reader.again()
    assert reader.read == [b"one"]
    grow(folder / "a.log", "o\r\n\nthree\rstill three\n")
    reader.again()
    reader.again()
    assert reader.read == [b"one", b"two", b"three\rstill three"]
    assert reader.keys == [(1, 0), (1, 4), (1, 10)]


def test_a_renamed_file_is_read_to_its_end_and_the_new_one_from_its_beginning(folder: Path) -> None:
    reader, live = Reader(folder), folder / "a.log"
    grow(live, "one\n")
    reader.again()
    grow(live, "two\n")
    live.rename(folder / "a.log.1")
    grow(live, "three\n")
    reader.again()
    grow(folder / "a.log.1", "late\n")
    reader.again()
    assert sorted(reader.read) == [b"late", b"one", b"three", b"two"]


def test_a_file_copied_and_emptied_loses_no_line(folder: Path) -> None:
    reader, live = Reader(folder), folder / "a.log"
    grow(live, "one\n")
    reader.again()
    grow(live, "two\n")
    shutil.copy(live, folder / "a.log.1")
    os.truncate(live, 0)
    grow(live, "three, and it is longer than all that stood here\n")
    reader.again()
    assert sorted(reader.read) == sorted([b"one", b"two", b"three, and it is longer than all that stood here"])


def test_a_copy_whose_original_stands_is_not_read(folder: Path) -> None:
    reader = Reader(folder, "*")
    grow(folder / "a.log", "one\ntwo\n")
    reader.again()
    shutil.copy(folder / "a.log", folder / "a.log.bak")
    reader.again()
    assert reader.read == [b"one", b"two"]


def test_a_packed_one_goes_on_where_the_plain_one_was_left(folder: Path) -> None:
    reader, live = Reader(folder, "*"), folder / "a.log"
    grow(live, "one\n")
    reader.again()
    grow(live, "two\n")
    data = live.read_bytes()
    (folder / "a.log.2.gz").write_bytes(gzip.compress(data)[:-9])
    live.unlink()
    reader.again()
    assert reader.read == [b"one"]
    (folder / "a.log.2.gz").write_bytes(gzip.compress(data))
    grow(live, "three\n")
    reader.again()
    assert sorted(reader.read) == [b"one", b"three", b"two"]


def test_an_inode_given_to_another_file_is_another_file(folder: Path) -> None:
    reader, live = Reader(folder), folder / "a.log"
    grow(live, "one\ntwo\n")
    reader.again()
    live.write_bytes(b"ONE\nTWO\n")
    reader.again()
    assert reader.read == [b"one", b"two", b"ONE", b"TWO"]
    assert len(set(reader.keys)) == 4


def test_a_line_without_end_is_cut_and_its_rest_passed_over(folder: Path) -> None:
    reader = Reader(folder)
    (folder / "a.log").write_bytes(b"x" * (3 * CHUNK + 7) + b"\nnext\n")
    reader.again()
    assert [len(one) for one in reader.read] == [MOST_DATA, 4]


def test_the_last_line_without_end_is_one_when_nobody_writes(folder: Path) -> None:
    (folder / "a.log").write_bytes(b"one\ntwo")
    with (folder / "a.log").open("rb") as file:
        told = chunk(file, Followed(1, "a.log", "1", "1"), rests=True)
    assert [each.data for _offset, each in told.pieces] == [b"one", b"two"]
    assert told.reached.offset == 7


def test_nothing_leads_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.log"
    secret.write_bytes(b"secret\n")
    (folder / "link.log").symlink_to(secret)
    (folder / "sub.log").mkdir()
    (folder / ".hidden.log").write_bytes(b"x\n")
    os.mkfifo(folder / "pipe.log")
    reader = Reader(folder)
    reader.again()
    assert reader.read == []
    grow(folder / "a.log", "one\n")
    with place(reader.folder) as there:
        ((found,), _troubles) = there.files("*.log", ())
        (folder / "a.log").unlink()
        (folder / "a.log").symlink_to(secret)
        with pytest.raises(OSError, match=r"a\.log"), there.opened(found):
            pass
        (folder / "a.log").unlink()
        grow(folder / "other", "other\n")
        grow(folder / "a.log", "another\n")
        with pytest.raises(FileNotFoundError), there.opened(found._replace(inode="0")):
            pass


def test_a_folder_that_cannot_be_read_says_why(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def why(path: Path) -> Trouble:
        with pytest.raises(Unseen) as told, place(LogFolder(1, "x", str(path), "*")):
            pass
        return told.value.trouble

    assert why(tmp_path / "none") is Trouble.GONE
    (tmp_path / "link").symlink_to(folder)
    assert why(tmp_path / "link") is Trouble.LINK
    (tmp_path / "file").write_bytes(b"")
    assert why(tmp_path / "file") is Trouble.NO_FOLDER
    monkeypatch.setattr(folders, "MOST_FILES", 2)
    for number in range(3):
        path = folder / f"{number}.log"
        path.write_bytes(b"x\n")
        os.utime(path, (number, number))
    with place(LogFolder(1, "x", str(folder), "*")) as there:
        found, troubles = there.files("*", ())
    assert ([one.name for one in found], troubles) == (["1.log", "2.log"], frozenset({Trouble.TOO_MANY}))
    monkeypatch.setattr(folders, "MOST_FILES", 9)
    monkeypatch.setattr(folders, "MOST_ENTRIES", 2)
    with place(LogFolder(1, "x", str(folder), "*")) as there:
        assert there.files("*", ())[1] == frozenset({Trouble.TOO_MANY})


def test_a_file_that_cannot_be_opened_for_a_while_is_read_on_and_not_anew(folder: Path) -> None:
    needs_root()
    reader, live = Reader(folder), folder / "a.log"
    grow(live, "one\n")
    reader.again()
    live.chmod(0)
    with place(reader.folder) as there:
        os.seteuid(65534)
        try:
            assert there.files("*", ())[1] == frozenset({Trouble.FILE_DENIED})
            reader.look(there)
        finally:
            os.seteuid(0)
    live.chmod(0o644)
    grow(live, "two\n")
    reader.again()
    assert reader.read == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "was"),
    [
        ("auth.log", "auth.log"), ("auth.log.1", "auth.log"), ("auth.log.2.gz", "auth.log"),
        ("auth.log-20261122", "auth.log"), ("auth-20261122.log", "auth.log"), ("auth-20261122.log.gz", "auth.log"),
        ("messages.old", "messages"), ("access.log.0", "access.log"), ("MSGTRK261122-1.LOG", "MSGTRK261122-1.LOG"),
        ("2026", "2026"), ("apache.log", "apache.log"), ("app-2026-11-22.log", "app.log"),
    ],
)  # fmt: skip
def test_what_a_turned_file_was_called(name: str, was: str) -> None:
    assert folders.root(name) == was


def test_a_file_turned_twice_while_nobody_looked_is_read_and_no_other(folder: Path) -> None:
    reader, live = Reader(folder, "a.log"), folder / "a.log"
    grow(folder / "a.log.9", "long before\n")
    os.utime(folder / "a.log.9", (0, 0))
    grow(live, "one\n")
    reader.again()
    for number in (3, 2, 1):
        live.rename(folder / f"a.log.{number}")
        grow(live, f"turn {number}\n")
    grow(folder / "apache.log", "not asked for\n")
    (folder / "a.log.2.gz").write_bytes(gzip.compress((folder / "a.log.2").read_bytes()))
    (folder / "a.log.2").unlink()
    reader.again()
    assert sorted(reader.read) == [b"one", b"turn 1", b"turn 2", b"turn 3"]


STEPS = st.lists(st.sampled_from(["write", "part", "read", "rename", "copy", "pack", "again"]), max_size=25)


@given(STEPS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_rotation_does_each_line_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("logs")
    reader, live, written, turns = Reader(folder), folder / "a.log", 0, 0
    live.touch()
    for step in [*steps, "write", "read"]:
        if step in {"write", "part"}:
            written += 1
            grow(live, f"line {written} of a log\n" if step == "write" else f"line {written} ")
            if step == "part":
                grow(live, "of a log\n")
        elif step == "read":
            reader.again()
        elif step == "again":
            reader.prover = None
            reader.again()
        else:
            turns += 1
            _rotate(live, turns, step)
    reader.again()
    assert sorted(reader.read) == sorted(f"line {number} of a log".encode() for number in range(1, written + 1))
    assert len(set(reader.keys)) == len(reader.keys)


def _rotate(live: Path, turn: int, how: str) -> None:
    old = live.with_name(f"a.log.{turn}")
    if how == "copy":
        shutil.copy(live, old)
        os.truncate(live, 0)
        return
    live.rename(old)
    if how == "pack":
        (old.with_name(f"{old.name}.gz")).write_bytes(gzip.compress(old.read_bytes()))
        old.unlink()
    live.touch()


def test_what_was_compared_is_not_compared_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_REMEMBERED", 1)
    reader = Reader(folder)
    for name in ("a.log", "b.log"):
        grow(folder / name, f"{name}\n")
    reader.again()
    reader.again()
    assert reader.prover is not None
    assert len(reader.prover.told) == 1
