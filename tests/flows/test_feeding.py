"""Files of logs given and folders followed: every line kept once, whatever stops the process that reads."""

import gzip
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import IO

import pytest
from tests.flows.test_hearing import opened
from tests.intake.events.standing import until
from tests.watch.shared import shared

from negatoscope.flows import feeding, giving, hearing, watching
from negatoscope.flows.console import Console
from negatoscope.flows.feeding import Feeder
from negatoscope.flows.giving import Gift, NotTaken, follow, give, unfollow
from negatoscope.intake.events.committing import Committer
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.reading import Reader
from negatoscope.intake.events.spool import Full, Spool
from negatoscope.intake.files import unpacking
from negatoscope.intake.files.following import Chunk, chunk
from negatoscope.intake.files.unpacking import NoRoom
from negatoscope.model.files import Followed, LogFile, LogFolder
from negatoscope.store import files
from negatoscope.store.ledger import entries
from negatoscope.store.models import AlertRow
from negatoscope.store.queries.sources import hours

WHO = "user:marie"


def kept(console: Console) -> list[Raw]:
    reader, found = Reader(hearing.folder(console)), list[Raw]()
    while (batch := reader.read(1000)).records:
        found += batch.records
    return found


def lines(console: Console) -> list[str]:
    return [raw.data.decode() for raw in kept(console)]


class Reading:
    """The one who reads, over a spool of its own, round by round."""

    def __init__(self, console: Console) -> None:
        self.stopped = Event()
        self.spool = Spool(hearing.folder(console))
        self.counters = Counters()
        self.committer = Committer(self.spool, self.counters)
        self.feeder = Feeder(console, self.committer, self.spool.folder, self.stopped.is_set)

    def end(self) -> None:
        self.stopped.set()
        self.committer.close()


@pytest.fixture
def reading(console: Console) -> Iterator[Reading]:
    one = Reading(console)
    yield one
    one.end()


def through(reading: Reading) -> None:
    while reading.feeder.round():
        pass


def one(console: Console) -> LogFile:
    return files.files(console.practice, 1)[0]


def text(console: Console, data: bytes, name: str = "auth.log", *, watched: bool = False) -> LogFile:
    return give(console, WHO, Gift(name, watched), io.BytesIO(data))


@pytest.fixture
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs").resolve()


def rested(path: Path, console: Console) -> None:
    then = console.clock().timestamp() - 60
    os.utime(path, (then, then))


def test_a_file_is_read_once_and_what_came_of_it_is_told(console: Console, reading: Reading) -> None:
    given = text(console, b"one\ntwo\n\nthree")
    assert [entry["kind"] for entry in entries()].count("log_file_given") == 1
    with pytest.raises(NotTaken, match="known"):
        text(console, b"one\ntwo\n\nthree", "again.log")
    through(reading)
    assert lines(console) == ["one", "two", "three"]
    assert {raw.sender for raw in kept(console)} == {f"file:{given.digest[:12]}/auth.log"}
    assert (one(console).state, dict(one(console).counts)) == (files.DONE, {"kept": 3})
    with pytest.raises(NotTaken, match="known"):
        text(console, b"one\ntwo\n\nthree")
    text(console, gzip.compress(b"one\ntwo\n\nthree"), "auth.log.gz")
    through(reading)
    assert len(kept(console)) == 3
    assert dict(one(console).counts) == {"repeated": 1}
    assert [path.name for path in giving.place(console).iterdir()] == []
    reading.counters.take()
    assert hours(console.practice, console.clock() - timedelta(days=1)) == {}


def test_a_file_that_is_no_log_is_refused_and_an_empty_one_is_not_taken(console: Console, reading: Reading) -> None:
    text(console, b"\x89PNG\0\0\0\rIHDR", "a.png")
    through(reading)
    assert (one(console).state, dict(one(console).counts)) == (files.REFUSED, {"no_log": 1})
    with pytest.raises(NotTaken, match="empty"):
        text(console, b"")


def test_what_does_not_fit_on_the_disk_is_refused_and_nothing_is_left(
    console: Console, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "MOST_FILE", 5)
    with pytest.raises(NotTaken, match="too_large"):
        text(console, b"123456")
    monkeypatch.setattr(giving, "SPARE", 1 << 60)
    with pytest.raises(NoRoom):
        text(console, b"123")
    assert list(giving.place(console).iterdir()) == []
    monkeypatch.undo()
    text(console, gzip.compress(b"one\n"), "a.gz")
    monkeypatch.setattr(unpacking, "SPARE", 1 << 60)
    with pytest.raises(NoRoom):
        reading.feeder.round()
    assert (one(console).state, one(console).attempts) == (files.READING, 0)
    monkeypatch.undo()
    through(reading)
    assert lines(console) == ["one"]


def test_a_file_that_ends_the_process_again_and_again_is_refused(console: Console, reading: Reading) -> None:
    text(console, b"one\n")
    files.try_again(one(console).number, feeding.ATTEMPTS)
    through(reading)
    assert one(console).state == files.REFUSED


def test_a_long_file_is_read_on_from_where_it_was_left(
    console: Console, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "MOST_TOGETHER", 2)
    monkeypatch.setattr(feeding, "MOST_OCTETS", 6)
    monkeypatch.setattr(feeding, "TURN", 0.0)
    text(console, b"".join(b"%d\n" % number for number in range(7)))
    reading.feeder.round()
    monkeypatch.setattr(feeding, "TURN", 60.0)
    text(console, b"longer than six\nlast\n", "b.log")
    again = Feeder(console, reading.committer, reading.spool.folder, reading.stopped.is_set)
    while again.round():
        pass
    assert lines(console) == [*"0123456", "longer than six", "last"]


def test_a_full_spool_makes_files_wait(console: Console, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    text(console, b"one\n")
    monkeypatch.setattr(feeding, "AHEAD", -1)
    monkeypatch.setattr(feeding, "PATIENCE", 0.0)
    monkeypatch.setattr(feeding, "AGAIN", 0.0)
    asked = iter([False, False])
    reading.feeder.stopping = lambda: next(asked, True)
    with pytest.raises(feeding.Stopped):
        reading.feeder.round()
    assert one(console).attempts == 0
    monkeypatch.setattr(feeding, "AHEAD", 1 << 30)
    reading.feeder.stopping = lambda: False
    refusals = iter([Full(), OSError()])
    true = reading.spool.append

    def append(raws: Sequence[Raw]) -> frozenset[int]:
        for refusal in refusals:
            raise refusal
        return true(raws)

    monkeypatch.setattr(reading.spool, "append", append)
    through(reading)
    assert lines(console) == ["one"]


def test_a_folder_is_followed_as_it_grows_and_turns(console: Console, reading: Reading, logs: Path) -> None:
    number = follow(console, WHO, LogFolder(0, "srv-pacs", str(logs), "*.log"))
    live = logs / "auth.log"
    live.write_bytes(b"one\n")
    through(reading)
    with live.open("ab") as file:
        file.write(b"two\n")
    live.rename(logs / "auth.log.1")
    live.write_bytes(b"three\n")
    through(reading)
    assert sorted(lines(console)) == ["one", "three", "two"]
    assert {raw.sender for raw in kept(console)} == {"folder:srv-pacs"}
    assert len({raw.key for raw in kept(console)}) == 3
    (told,) = files.folders(console.practice)
    assert (told.trouble, told.files) == ("", 1)
    shutil.rmtree(logs)
    through(reading)
    assert files.folders(console.practice)[0].trouble == "gone"
    assert unfollow(console, WHO, number) == "srv-pacs"
    assert unfollow(console, WHO, number) is None
    assert files.folders(console.practice) == ()
    kinds = [entry["kind"] for entry in entries()]
    assert (kinds.count("log_folder_followed"), kinds.count("log_folder_left")) == (1, 1)


def test_files_of_a_folder_that_do_not_grow_are_taken_whole_once_they_rest(
    console: Console, reading: Reading, logs: Path
) -> None:
    follow(console, WHO, LogFolder(0, "exports", str(logs), "*"))
    table = logs / "a.csv"
    table.write_bytes(b"user,action\nmarie,logon\n")
    (logs / "b.png").write_bytes(b"\x89PNG\0\0\0\rIHDR")
    (logs / "empty.log").touch()
    through(reading)
    assert kept(console) == []
    rested(table, console)
    through(reading)
    assert lines(console) == ['{"user":"marie","action":"logon"}']
    assert {raw.sender for raw in kept(console)} == {"folder:exports"}
    told = reading.counters.take()
    assert sum(sum(each.lost.values()) for each in told.values()) == 1
    other = Feeder(console, reading.committer, reading.spool.folder, reading.stopped.is_set)
    while other.round():
        pass
    assert len(kept(console)) == 1


def test_a_folder_that_breaks_does_not_keep_the_others_from_being_read(
    console: Console, reading: Reading, logs: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other").resolve()
    follow(console, WHO, LogFolder(0, "a", str(logs), "*"))
    follow(console, WHO, LogFolder(0, "b", str(other), "*"))
    (logs / "a.log").write_bytes(b"one\n")
    (other / "b.log").write_bytes(b"two\n")

    def broken(file: IO[bytes], known: Followed, *, rests: bool) -> Chunk:
        if known.origin == "a.log":
            raise OSError
        return chunk(file, known, rests=rests)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeding, "chunk", broken)
        reading.feeder.round()
    assert lines(console) == ["two"]
    assert [each.trouble for each in files.folders(console.practice)] == ["broken", ""]
    through(reading)
    assert lines(console) == ["two", "one"]
    assert [each.trouble for each in files.folders(console.practice)] == ["", ""]


def test_names_may_be_any_octets(console: Console, reading: Reading, logs: Path) -> None:
    follow(console, WHO, LogFolder(0, "mur", str(logs), "*"))
    for name, data in ((b"a\xff\x1b[31m.log", b"one\n"), (b"b\xff\n.csv", b"user\nmarie\n")):
        path = os.fsencode(logs) + b"/" + name
        Path(os.fsdecode(path)).write_bytes(data)
        rested(Path(os.fsdecode(path)), console)
    text(console, b"two\n", "c\udcff\0.log")
    through(reading)
    assert sorted(lines(console)) == ["one", "two", '{"user":"marie"}']
    assert "c\ufffd\ufffd.log" in {each.name for each in files.files(console.practice, 9)}


def test_a_file_turned_and_packed_while_nobody_looked_is_read_once_it_rests(
    console: Console, reading: Reading, logs: Path
) -> None:
    follow(console, WHO, LogFolder(0, "mur", str(logs), "a.log"))
    (logs / "a.log").write_bytes(b"one\n")
    through(reading)
    (logs / "a.log").rename(logs / "a.log.2")
    packed = logs / "a.log.1.gz"
    packed.write_bytes(gzip.compress(b"two\n"))
    (logs / "a.log").write_bytes(b"three\n")
    through(reading)
    assert sorted(lines(console)) == ["one", "three"]
    console.clock.at = datetime.fromtimestamp(packed.stat().st_mtime + 20, UTC)  # type: ignore[attr-defined]  # the tests' own clock
    through(reading)
    assert sorted(lines(console)) == ["one", "three", "two"]
    packed.rename(logs / "a.log.2.gz")
    through(reading)
    assert len(lines(console)) == 3


@pytest.mark.parametrize(
    ("name", "folder", "pattern", "code"),
    [
        ("", "/var/log", "*", "name"), ("a/b", "/var/log", "*", "name"), ("a", "var/log", "*", "not_absolute"),
        ("a", "/var/../etc", "*", "not_absolute"), ("a", "/", "*", "not_logs"), ("a", "/proc/1", "*", "not_logs"),
        ("a", "/var/log", "../x", "pattern"), ("a", "/var/log", "", "pattern"),
    ],
)  # fmt: skip
def test_folders_that_are_none_of_logs_are_refused(
    console: Console, name: str, folder: str, pattern: str, code: str
) -> None:
    with pytest.raises(NotTaken, match=code):
        follow(console, WHO, LogFolder(0, name, folder, pattern))


def test_the_consoles_own_folders_and_names_taken_are_refused(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    for own in (console.config.data, console.config.data.parent, console.config.key_folder):
        with pytest.raises(NotTaken, match="own_data"):
            follow(console, WHO, LogFolder(0, "a", str(own.resolve()), "*"))
    follow(console, WHO, LogFolder(0, "a", "/var/log/samba", "*"))
    with pytest.raises(NotTaken, match="name_taken"):
        follow(console, WHO, LogFolder(0, "a", "/var/log/squid", "*"))
    monkeypatch.setattr(giving, "MOST_FOLDERS", 1)
    with pytest.raises(NotTaken, match="too_many"):
        follow(console, WHO, LogFolder(0, "b", "/var/log/squid", "*"))


def sprayed(console: Console, ago: timedelta) -> bytes:
    """Twenty refused log-ins, so long ago."""
    then = console.clock() - ago
    told = ((then + timedelta(seconds=2 * number)).strftime("%Y-%m-%dT%H:%M:%SZ") for number in range(20))
    said = "srv-pacs sshd[71]: Failed password for root from 203.0.113.9 port 40022 ssh2"
    return "".join(f"{at} {said}\n" for at in told).encode()


@pytest.mark.parametrize(
    ("purpose", "ago", "alerts"),
    [("watched", timedelta(hours=1), 1), ("watched", timedelta(days=300), 0), ("searched", timedelta(hours=1), 0)],
)
def test_only_recent_lines_of_a_watched_file_raise_an_alert(
    console: Console, reading: Reading, purpose: str, ago: timedelta, alerts: int
) -> None:
    text(console, sprayed(console, ago), watched=purpose == "watched")
    through(reading)
    watch = watching.Watch(console)
    while watch.round():
        pass
    console.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]  # the tests' own clock
    watch.round()
    assert AlertRow.objects.count() == alerts
    assert len(list(watching.store(console).told())) == 20


def test_the_process_that_hears_reads_files_beside_the_doors(console: Console, logs: Path) -> None:
    with opened(console):
        follow(console, WHO, LogFolder(0, "mur", str(logs), "*"))
        (logs / "a.log").write_bytes(b"one\n")
        text(console, b"two\n")
        until(lambda: len(kept(console)) == 2, 60)
    assert sorted(lines(console)) == ["one", "two"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_reader_that_breaks_ends_the_process_and_nothing_is_lost(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    text(console, b"one\n")

    def broken(*_told: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(feeding, "pieces", broken)
        hearing.hold(console, lambda: False)
    assert one(console).attempts == 1
    with opened(console):
        until(lambda: one(console).state == files.DONE, 60)
    assert lines(console) == ["one"]


def test_real_files_are_taken_whole(console: Console, reading: Reading) -> None:
    for path in (shared() / "logs" / "OpenSSH_2k.log", *sorted((shared() / "evtx" / "Discovery").glob("*.evtx"))[:2]):
        with path.open("rb") as file:
            give(console, WHO, Gift(path.name, watched=False), file)
        through(reading)
        assert one(console).state == files.DONE
        assert one(console).counts["kept"] > 0
    assert len({raw.key for raw in kept(console)}) == len(kept(console))
