"""Events in columns: written once, joined without loss, purged by whole days."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.event import Action, Event, Told
from negatoscope.model.retention import RETENTION, EventClass, class_of, is_over
from negatoscope.store import events
from negatoscope.store.events import EventStore, live
from negatoscope.store.queries.events import Wanted, search
from negatoscope.store.queries.paging import Ask

CAME = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = CAME.date()
LOGON = Event(CAME, "linux", "sshd", None, Action.LOGON, ok=False, why="bad_password", host="srv", user="mdurand",
              source="10.0.0.8", protocol="ssh", fields={"message": "é", "src_port": 9, "list": [1, None]})  # fmt: skip
FLOW = Event(CAME, "squid", None, "proxy", Action.CONNECTION, port=443, sent=5, received=2**40)


def told(key: str, event: Event = LOGON, came: datetime = CAME) -> Told:
    return Told(key, "10.0.0.1", came, event, person="person/mdurand", zone="zone/Postes", target_zone="zone/internet")


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    return EventStore(tmp_path / "events", 1)


def keys(store: EventStore) -> list[str]:
    return [one.key for one in EventStore(store.folder, store.site).told()]


def test_what_is_kept_comes_back_as_it_was(store: EventStore) -> None:
    batch = [told("a"), told("b", FLOW), told("c", Event(CAME, "unread"))]
    assert store.keep(batch) == 3
    assert sorted(store.told(), key=lambda one: one.key) == batch
    assert {one.kind for one in store.files()} == {"access", "traffic", "unread"}
    assert (store.folder / "site=1" / f"day={DAY}" / "access-000001-000001.parquet").is_file()
    assert [*EventStore(store.folder, 2).told()] == []


def test_a_number_that_no_column_holds_is_left_out(store: EventStore) -> None:
    wild = replace(FLOW, port=10**9, sent=-1, received=2**70, fields={"n": 2.5, "when": CAME})
    store.keep([told("a", wild)])
    (one,) = store.told()
    assert (one.event.port, one.event.sent, one.event.received) == (None, None, None)
    assert one.event.fields == {"n": 2.5, "when": "2026-11-22T12:00:00+00:00"}


def test_a_batch_told_again_is_written_once(store: EventStore) -> None:
    """The process died after the file took its name, before the spool's cursor moved."""
    assert store.keep([told("a"), told("b"), told("a")]) == 2
    assert store.keep([told("b"), told("c")]) == 1
    after = EventStore(store.folder, 1)
    assert after.keep([told("a"), told("b"), told("c"), told("d")]) == 1
    assert after.keep([]) == 0
    assert sorted(keys(store)) == ["a", "b", "c", "d"]


def test_what_is_remembered_is_bounded(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "REMEMBERED", 3)
    for number in range(6):
        store.keep([told(str(number))])
    assert store.keep([told("3"), told("5")]) == 0
    assert EventStore(store.folder, 1).keep([told("3"), told("5")]) == 0
    assert store.keep([told("0")]) == 1


def test_days_are_those_of_receipt(store: EventStore) -> None:
    forged = replace(LOGON, at=datetime(1970, 1, 1, tzinfo=UTC))
    late = told("b", forged, CAME + timedelta(hours=13))
    store.keep([told("a", forged), late])
    assert store.days() == [DAY, DAY + timedelta(days=1)]
    assert [one.key for one in store.told(since=DAY + timedelta(days=1))] == ["b"]
    assert [one.key for one in store.told(until=DAY)] == ["a"]


def test_many_small_files_become_few(store: EventStore) -> None:
    for number in range(30):
        store.keep([told(str(number))])
    before = keys(store)
    assert store.compact(DAY) == 30
    assert keys(store) == before
    assert len(store.files()) == 1
    assert store.compact(DAY) == 0
    assert store.keep([told("29"), told("30")]) == 1
    assert [one.first for one in store.files()] == [1, 31]
    assert store.compact(DAY + timedelta(days=1)) == 0


def test_a_large_file_is_left_alone_between_small_ones(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "TIERS", (3,))
    monkeypatch.setattr(events, "TOGETHER", 2)
    for part in (["a"], ["b", "c", "d"], ["e"], ["f"], ["g", "h", "i"]):
        store.keep([told(key) for key in part])
    assert store.compact(DAY) == 2
    assert [pq.read_metadata(one.path).num_rows for one in store.files()] == [1, 3, 2, 3]
    assert keys(store) == list("abcdefghi")


@pytest.mark.parametrize("stop", range(1, 14))
def test_a_crash_while_joining_loses_and_doubles_nothing(
    store: EventStore, stop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        store.keep([told(str(number))])
    wanted, steps = keys(store), iter(range(1, 100))
    real = Path.unlink

    def unlink(path: Path, *, missing_ok: bool = False) -> None:
        if next(steps) == stop:
            raise KeyboardInterrupt
        real(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        try:
            store.compact(DAY)
        except KeyboardInterrupt:
            assert keys(store) == wanted
    (store.place / f"day={DAY}" / ".new-abc").write_bytes(b"half")
    store.compact(DAY)
    assert keys(store) == wanted
    assert not [*store.place.glob("day=*/.new-*")]
    assert len([*store.place.glob("day=*/*.parquet")]) == 1


def test_a_write_that_fails_leaves_nothing(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.keep([told("a")])
    with monkeypatch.context() as patch:
        patch.setattr("negatoscope.kit.durable.os.fsync", _full)
        with pytest.raises(OSError, match="No space"):
            store.keep([told("b")])
    assert keys(store) == ["a"]
    assert store.keep([told("b")]) == 1
    assert not [*store.place.glob("day=*/.new-*")]


def _full(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_class_is_purged_by_whole_days_when_its_time_is_over(store: EventStore) -> None:
    store.keep([told("a"), told("b", FLOW), told("c", came=CAME + timedelta(days=1))])
    today = DAY + timedelta(days=366)
    kept = {**RETENTION, EventClass.TRAFFIC: timedelta(days=200)}
    assert [(one.day, one.kind, one.rows) for one in store.expired(kept, DAY + timedelta(days=201))] == [
        (DAY, "traffic", 1)
    ]
    assert store.expired(kept, DAY + timedelta(days=200)) == []
    for one in store.expired(RETENTION, today):
        store.purge(one)
        store.purge(one)
    assert keys(store) == ["c"]
    assert not (store.place / f"day={DAY}").exists()


def spoiled(whole: bytes, chance: random.Random) -> bytes:
    """A file after a disk lied about a power cut, or later: cut, zero, or with other octets here and there."""
    data, place = bytearray(whole), chance.randrange(len(whole))
    match chance.choice(("cut", "zero", "end", "octets")):
        case "cut":
            del data[place:]
        case "zero":
            data[place : place + 512] = bytes(len(data[place : place + 512]))
        case "end":
            data[place:] = bytes(len(data) - place)
        case _:
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_a_file_that_the_disk_damaged_stops_nothing_else(store: EventStore, seed: int) -> None:
    """It used to stop the watch for good, and each search."""
    chance = random.Random(seed)
    for number in range(13):
        store.keep([told(str(number))])
    file = store.files()[5].path
    file.write_bytes(spoiled(file.read_bytes(), chance))
    again = EventStore(store.folder, 1)
    assert again.keep([told("12"), told("13")]) == 1
    found = search(again, Wanted(), Ask(stop=50))
    assert {str(number) for number in range(14)} - {one.key for one in found.rows} <= {"5"}
    again.compact(DAY)
    again.compact(DAY)
    assert len(again.files()) == 1
    assert {str(number) for number in range(14)} - {one.key for one in again.told()} <= {"5"}


def test_a_damaged_file_is_counted_kept_aside_and_goes_with_its_day(store: EventStore) -> None:
    store.keep([told("a")])
    store.keep([told("b")])
    first, _second = store.files()
    first.path.write_bytes(b"PAR1 damaged")
    assert (store.mend(), store.damaged, keys(store)) == (1, 1, ["b"])
    assert store.mend() == 0
    assert EventStore(store.folder, 2).mend() == 0
    (aside,) = store.place.glob(f"day={DAY}/*{events.DAMAGED}")
    assert aside.read_bytes() == b"PAR1 damaged"
    (over,) = store.expired(RETENTION, DAY + timedelta(days=366))
    assert over.rows == 1
    store.purge(over)
    assert not (store.place / f"day={DAY}").exists()


def test_a_file_that_may_not_be_read_is_not_taken_for_damaged(store: EventStore) -> None:
    """A disk that answers with an error may answer otherwise tomorrow."""
    store.keep([told("a")])
    (file,) = store.files()
    kept = file.path.read_bytes()
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(OSError, match="directory"):
        EventStore(store.folder, 1).keep([told("b")])
    file.path.rmdir()
    file.path.write_bytes(kept)
    assert keys(store) == ["a"]


def test_stray_files_are_no_events(store: EventStore) -> None:
    store.keep([told("a")])
    (store.place / "day=hier").mkdir()
    (store.place / f"day={DAY}" / "autre.parquet").write_bytes(b"x")
    assert keys(store) == ["a"]


def test_classes_say_how_long_an_event_is_kept() -> None:
    assert class_of(Event(CAME, "atna")) is EventClass.CARE
    assert class_of(Event(CAME, "orthanc", action=Action.STUDY_SENT)) is EventClass.CARE
    assert class_of(Event(CAME, "nginx", category="webserver")) is EventClass.TRAFFIC
    assert class_of(LOGON) is EventClass.ACCESS
    first = date(2026, 1, 1)
    assert not is_over(first, timedelta(days=1), first + timedelta(days=180))
    assert is_over(first, timedelta(days=1), first + timedelta(days=181))
    assert is_over(first, timedelta(days=10_000), first + timedelta(days=3 * 365 + 1))


RANGES = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 12)), max_size=12)


@given(RANGES)
def test_no_file_that_is_read_holds_another(ranges: list[tuple[int, int]]) -> None:
    files = [events.Kept(DAY, "access", first, first + more, Path(f"{first}-{more}")) for first, more in set(ranges)]
    kept = live(files)
    assert not [one for one in kept for other in kept if one.within(other)]
    covered = {number for one in files for number in range(one.first, one.last + 1)}
    assert covered == {number for one in kept for number in range(one.first, one.last + 1)}
