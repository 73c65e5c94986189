"""Nothing acknowledged is lost, nothing is kept twice: whatever a crash, a disk or a sender does."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.intake.events import frames as framing
from negatoscope.intake.events import reading
from negatoscope.intake.events import spool as spooling
from negatoscope.intake.events.frames import Damage, Frame, frame, frames, seed
from negatoscope.intake.events.raw import MOST_DATA, Raw, whole
from negatoscope.intake.events.reading import Reader
from negatoscope.intake.events.spool import Busy, Full, Spool, segments
from tests.conftest import START
from tests.needs import needs_root


def line(number: int, sender: str = "10.0.0.5") -> Raw:
    return Raw(f"net:a:1:{number}", sender, START, "syslog", f"<13>message {number}".encode())


def item(key: str, sender: str = "token:b") -> Raw:
    return Raw(f"{sender}:{key}", sender, START, "json", b"{}")


def kept(folder: Path) -> list[str]:
    reader = Reader(folder)
    found = []
    while (batch := reader.read(7)).records:
        found += [raw.key for raw in batch.records]
    return found


@contextmanager
def opened(folder: Path) -> Iterator[Spool]:
    with closing(Spool(folder)) as spool:
        yield spool


def test_what_was_kept_is_read_in_order_and_once(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        spool.append([line(1), line(2)])
        reader = Reader(tmp_path)
        first = reader.read(1)
        assert [raw.key for raw in first.records] == ["net:a:1:1"]
        reader.confirm(first)
        spool.append([line(3)])
    with opened(tmp_path) as spool:
        spool.append([line(4)])
    again = Reader(tmp_path).read(100)
    assert again.records == (line(2), line(3), line(4))
    assert again.missing == 0


def test_what_is_given_at_once_is_bounded_by_its_octets_too(tmp_path: Path) -> None:
    """Two thousand records of 256 KiB would be half a gigabyte, and twenty times as much once they are read."""
    large = [Raw(f"net:a:1:{number}", "x", START, "json", b"x" * MOST_DATA) for number in range(100)]
    with opened(tmp_path) as spool:
        spool.append(large)
        reader, found = Reader(tmp_path), list[Raw]()
        while (batch := reader.read(2_000)).records:
            assert sum(len(raw.data) for raw in batch.records) <= reading.MOST_OCTETS + MOST_DATA
            found += batch.records
            reader.confirm(batch)
            assert batch.next == len(found) + 1
    assert found == large


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(Busy):
        Spool(tmp_path)


def test_what_comes_again_under_its_key_is_kept_once_across_restarts(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        assert spool.append([item("1"), item("1"), item("2")]) == {1}
        assert spool.append([item("2"), item("3")]) == {0}
    with opened(tmp_path) as spool:
        assert spool.append([item("1"), item("1", "token:other"), line(1), line(1)]) == {0}
    assert kept(tmp_path) == ["token:b:1", "token:b:2", "token:b:3", "token:other:1", "net:a:1:1", "net:a:1:1"]


def test_a_noisy_sender_makes_nobody_forget_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "REMEMBERED", 10)
    with opened(tmp_path) as spool:
        spool.append([item("quiet", "token:quiet")])
        spool.append([item(f"{number}") for number in range(100)])
        assert spool.append([item("quiet", "token:quiet"), item("99"), item("0")]) == {0, 1}


def test_files_that_were_read_go_and_the_last_stays_as_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "SEGMENT", 200)
    monkeypatch.setattr(spooling, "KEPT_READ", 500)
    monkeypatch.setattr(spooling, "MEASURED_EVERY", 0)
    with opened(tmp_path) as spool:
        for number in range(100):
            spool.append([item(str(number))])
        assert len(segments(tmp_path)) > 20
        reader = Reader(tmp_path)
        reader.confirm(reader.read(1000))
        spool.append([item("last")])
        assert len(segments(tmp_path)) < 6
    with opened(tmp_path) as spool:
        assert spool.append([item("99"), item("last")]) == {0, 1}
    assert [raw.key for raw in Reader(tmp_path).read(9).records] == ["token:b:last"]


def test_a_full_spool_takes_nothing_until_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "MOST_BYTES", 1000)
    monkeypatch.setattr(spooling, "SEGMENT", 100)
    monkeypatch.setattr(spooling, "MEASURED_EVERY", 0)
    with opened(tmp_path) as spool:
        taken = 0
        with suppress(Full):
            for taken in range(100):
                spool.append([line(taken)])
        assert 5 < taken < 30
        reader = Reader(tmp_path)
        reader.confirm(reader.read(1000))
        spool.append([line(taken)])
    assert len(Reader(tmp_path).read(9).records) == 1


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=12), st.data())
def test_one_damaged_octet_costs_one_record_at_most(bodies: list[bytes], data: st.DataObject) -> None:
    begin = seed("salt")
    whole_file = b"".join(frame(number, body, begin) for number, body in enumerate(bodies))
    place = data.draw(st.integers(0, len(whole_file) - 1))
    broken = bytearray(whole_file)
    broken[place] ^= data.draw(st.integers(1, 255))
    found = {one.number: one.body for one in frames(bytes(broken), begin) if isinstance(one, Frame)}
    assert len(found) == len(bodies) - 1
    assert all(found[number] == bodies[number] for number in found)


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=8), st.data())
def test_a_torn_end_gives_what_is_whole(bodies: list[bytes], data: st.DataObject) -> None:
    begin, ends, file = seed("salt"), [], b""
    for number, body in enumerate(bodies):
        file += frame(number, body, begin)
        ends.append(len(file))
    cut = data.draw(st.integers(0, len(file)))
    rest = data.draw(st.sampled_from([b"", bytes(50), b"\xff" * 50, framing.MARK * 5]))
    found = list(frames(file[:cut] + rest, begin))
    assert not [one for one in found if isinstance(one, Damage)]
    told = [one.body for one in found if isinstance(one, Frame)]
    assert told == bodies[: len(told)]
    assert len(told) >= sum(end <= cut for end in ends)  # one more, where what was cut off is what stands there now


def test_what_a_sender_wrote_never_passes_for_a_frame(tmp_path: Path) -> None:
    """The frame around it is damaged; the one inside it was made without the salt."""
    inside = frame(2, b"\x96forged", seed("guessed"))
    with opened(tmp_path) as spool:
        spool.append([Raw("net:a", "x", START, "text", inside), line(2)])
    (one,) = segments(tmp_path)
    data = bytearray(one.path.read_bytes())
    data[framing.HEAD + 2] ^= 1
    one.path.write_bytes(data)
    batch = Reader(tmp_path).read(10)
    assert [raw.key for raw in batch.records] == ["net:a:1:2"]
    assert batch.missing == 1


def test_a_torn_end_is_cut_and_numbers_go_on(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        spool.append([line(1), line(2)])
    (one,) = segments(tmp_path)
    os.truncate(one.path, one.path.stat().st_size - 3)
    with opened(tmp_path) as spool:
        assert spool.torn > 0
        spool.append([line(3)])
    batch = Reader(tmp_path).read(10)
    assert [raw.key for raw in batch.records] == ["net:a:1:1", "net:a:1:3"]
    assert batch.missing == 0


def test_numbers_are_never_given_twice_even_if_what_was_read_is_gone(tmp_path: Path) -> None:
    """A reader may read what was written and not settled; the power goes, and the file comes back shorter."""
    with opened(tmp_path) as spool:
        spool.append([line(1), line(2)])
        reader = Reader(tmp_path)
        reader.confirm(reader.read(10))
    (one,) = segments(tmp_path)
    os.truncate(one.path, 0)
    with opened(tmp_path) as spool:
        spool.append([line(3)])
    assert [raw.key for raw in Reader(tmp_path).read(10).records] == ["net:a:1:3"]


def test_a_file_that_was_begun_and_never_written_hides_nothing(tmp_path: Path) -> None:
    for _ in range(20):
        with opened(tmp_path) as spool:
            spool._start()  # noqa: SLF001 -- a crash comes here
    reader = Reader(tmp_path)
    assert reader.read(1).records == ()
    with opened(tmp_path) as spool:
        spool.append([line(1)])
    assert reader.read(9).records == (line(1),)


def test_a_reader_goes_on_in_files_that_grow_and_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "SEGMENT", 150)
    reader = Reader(tmp_path)
    assert reader.read(5).records == ()
    with opened(tmp_path) as spool:
        found = []
        for number in range(50):
            spool.append([line(number)])
            found += [raw.key for raw in reader.read(3).records]
    assert found == [f"net:a:1:{number}" for number in range(50)]
    assert reader.waiting() <= 300


def test_a_long_record_is_cut_and_says_so() -> None:
    assert whole(b"x" * MOST_DATA) == (b"x" * MOST_DATA, None)
    data, size = whole(b"x" * (MOST_DATA + 5))
    assert (len(data), size) == (MOST_DATA, MOST_DATA + 5)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 1 MiB."""
    needs_root()
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.root
def test_a_full_disk_keeps_all_that_was_acknowledged(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "SPARE", 0)
    acknowledged = []
    with opened(small) as spool:
        failed = 0
        for number in range(200):
            told = Raw(f"token:b:{number}", "token:b", START, "json", bytes(20_000))
            try:
                spool.append([told])
                acknowledged.append(told.key)
            except (OSError, Full):
                failed += 1
            if failed == 3 and (small / "ballast").exists():
                (small / "ballast").unlink()
            elif number == 5:
                (small / "ballast").write_bytes(bytes(600_000))
        assert failed > 3
        assert len(segments(small)) < 10
    found = kept(small)
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found)


def test_a_cramped_disk_takes_nothing_between_two_measures_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as spool:
        monkeypatch.setattr(spooling, "SPARE", 2**62)
        for number in range(3):
            with pytest.raises(Full):
                spool.append([line(number)])
        monkeypatch.setattr(spooling, "SPARE", 0)
        monkeypatch.setattr(spooling, "MEASURED_EVERY", 0)
        spool.append([line(3)])
    assert len(kept(tmp_path)) == 1


WRITER = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.spool import Spool
import negatoscope.intake.events.spool as spooling
spooling.SEGMENT = 20_000
run = sys.argv[2]
spool = Spool(Path(sys.argv[1]))
at = datetime(2026, 11, 22, tzinfo=UTC)
print("ready", flush=True)
for number in range(10**6):
    batch = [Raw(f"token:b:{run}-{number}-{k}", "token:b", at, "json", b"x" * (number * 37 % 900)) for k in range(20)]
    spool.append(batch)
    print(number, flush=True)
"""


def one_kill(folder: Path, run: int, delay: float) -> list[str]:
    """Write and die; gives the keys that were acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(run)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(delay)
    os.killpg(child.pid, signal.SIGKILL)
    with child.stdout:
        said = [one for one in child.stdout.read().split("\n")[:-1] if one]
    child.wait()
    return [f"token:b:{run}-{number}-{k}" for number in said for k in range(20)]


def kills(folder: Path, chance: random.Random, many: int) -> None:
    """Die again and again, the reader going on from where it confirmed."""
    acknowledged: list[str] = []
    found: list[str] = []
    for run in range(many):
        acknowledged += one_kill(folder, run, chance.uniform(0, 0.4))
        reader = Reader(folder)
        while (batch := reader.read(chance.randint(1, 3000))).records:
            assert batch.missing == 0
            found += [raw.key for raw in batch.records]
            reader.confirm(batch)
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found)
    assert acknowledged


def test_kill_9_loses_nothing_acknowledged_and_doubles_nothing(tmp_path: Path) -> None:
    kills(tmp_path, random.Random(1), 4)


@pytest.mark.torture
def test_kill_9_a_hundred_times(tmp_path: Path) -> None:
    kills(tmp_path, random.Random(7), 100)


def cut_the_power(folder: Path, settled: dict[str, int], chance: random.Random) -> None:
    """What was settled stays; of the rest, blocks are written, zero or missing, in any order."""
    for one in segments(folder):
        data, sure = bytearray(one.path.read_bytes()), settled.get(one.path.name, 0)
        for start in range(sure, len(data), 512):
            fate = chance.choice(["kept", "zero", "noise"])
            end = min(start + 512, len(data))
            if fate != "kept":
                data[start:end] = bytes(end - start) if fate == "zero" else chance.randbytes(end - start)
        one.path.write_bytes(data[: chance.randint(sure, len(data))])


def power_cuts(folder: Path, chance: random.Random, rounds: int) -> None:
    acknowledged: list[str] = []
    for turn in range(rounds):
        with opened(folder) as spool:
            told = [item(f"{turn}-{number}") for number in range(chance.randint(1, 40))]
            spool.append(told)
            acknowledged += [one.key for one in told]
            settled = {one.path.name: one.path.stat().st_size for one in segments(folder)}
            spool.append([item(f"lost-{turn}-{number}") for number in range(chance.randint(1, 40))])
        cut_the_power(folder, settled, chance)
    with opened(folder):
        pass
    found = kept(folder)
    assert len(found) == len(set(found))
    assert [one for one in found if ":lost-" not in one] == acknowledged


@pytest.mark.parametrize("chance", range(3))
def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, chance: int) -> None:
    power_cuts(tmp_path, random.Random(chance), 10)


@pytest.mark.torture
@pytest.mark.parametrize("chance", range(100))
def test_a_hundred_power_cuts(tmp_path: Path, chance: int) -> None:
    power_cuts(tmp_path, random.Random(1000 + chance), 20)
