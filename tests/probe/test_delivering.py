"""A link that is cut anywhere, a probe that is killed anywhere: nothing is lost, nothing comes twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from negatoscope.probe import messages
from negatoscope.probe.home import Home, Trouble
from negatoscope.probe.link import NoLink
from tests.probe.door import Console, Door, Proxy
from tests.probe.working import delivered, received, seal, seal_many, spool_of

CUTS = 100


@pytest.fixture
def proxy(console: Console) -> Iterator[Proxy]:
    made = Proxy(console.port)
    yield made
    made.close()


def test_a_link_cut_a_hundred_times_loses_nothing_and_delivers_nothing_twice(
    home: Home, console: Console, proxy: Proxy
) -> None:
    chance = random.Random(20261122)
    spool = spool_of(home)
    captures = seal_many(home, spool, [0, 1, 4_300_000, 70_000, 300, 900_000])
    left = CUTS
    proxy.cuts = lambda: chance.choice([chance.randrange(1, 6000), chance.randrange(1, 1_200_000)])
    while spool.waiting():
        if proxy.many >= left:
            proxy.cuts = lambda: None
        with suppress(NoLink):
            delivered(home, spool, proxy.port)
        if not spool.waiting() and proxy.many < left:
            captures += seal_more(home, spool, chance, len(captures))
    assert proxy.many >= CUTS
    assert received(console) == captures
    assert not console.spool


def seal_more(home: Home, spool: object, chance: random.Random, had: int) -> list[bytes]:
    made = spool_of(home)
    capture = os.urandom(chance.randrange(800_000))
    seal(home, made, capture, had + 1)
    return [capture]


def _deliver(home: Home, port: int) -> None:
    spool = spool_of(home)
    delivered(home, spool, port)


def test_a_probe_killed_in_mid_delivery_goes_on_where_the_console_stands(
    home: Home, console: Console, proxy: Proxy
) -> None:
    chance = random.Random(7)
    captures = seal_many(home, spool_of(home), [1_000_000, 9_000_000, 10, 2_000_000])
    fork = multiprocessing.get_context("fork")
    for _kill in range(12):
        child = fork.Process(target=_deliver, args=(home, console.port))
        child.start()
        time.sleep(chance.random() * 0.06)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        spool_of(home)
    _deliver(home, console.port)
    assert received(console) == captures
    assert not spool_of(home).waiting()
    assert console.patched < 3 * sum(map(len, captures))  # it resumes


def test_a_parcel_is_forgotten_only_once_the_console_has_it(home: Home, console: Console) -> None:
    """The answer to the last part is lost: the parcel is there, the probe does not know it yet."""
    spool = spool_of(home)
    seal(home, spool, b"x" * 1000)
    silent = [True]

    def bend(door: Door) -> bool:
        if door.command == "PATCH" and silent[0]:
            console.bend = lambda _door: False
            with console.lock:
                door.parcel_silently(1)
            return True
        return False

    console.bend = bend
    with pytest.raises(NoLink):
        delivered(home, spool)
    assert len(console.registered) == 1
    assert len(spool.waiting()) == 1
    assert delivered(home, spool).numbers == (1,)
    assert len(console.registered) == 1
    assert not spool.waiting()


def test_a_parcel_refused_stays_and_the_next_ones_go(home: Home, console: Console) -> None:
    spool = spool_of(home)
    seal(home, spool, b"x")
    console.refuses = messages.REFUSED
    assert delivered(home, spool).refused == ((1, messages.REFUSED),)
    assert len(spool.waiting()) == 1
    console.refuses = ""
    assert delivered(home, spool).numbers == (1,)


def test_a_number_used_again_after_an_older_disk_came_back_is_not_taken_for_delivered(
    home: Home, console: Console
) -> None:
    spool = spool_of(home)
    seal(home, spool, b"first")
    delivered(home, spool)
    (home.spool / "chain.json").unlink()
    spool = spool_of(home)
    assert seal(home, spool, b"other") == 1
    assert delivered(home, spool).refused == ((1, messages.DIFFERS),)
    assert len(spool.waiting()) == 1


def test_a_revoked_probe_stops_and_a_full_console_is_waited_for(home: Home, console: Console) -> None:
    spool = spool_of(home)
    seal(home, spool, b"x")
    console.refuses = messages.CONSOLE_FULL
    with pytest.raises(NoLink, match="console_full"):
        delivered(home, spool)
    console.revoked = True
    with pytest.raises(Trouble, match="probe_revoked"):
        delivered(home, spool)
    assert len(spool.waiting()) == 1


@pytest.mark.parametrize("offset", ["", "-1", "99999999999999999999", "1e3", "²"])
def test_an_offset_that_means_nothing_is_not_followed(home: Home, console: Console, offset: str) -> None:
    spool = spool_of(home)
    seal(home, spool, b"x")

    def bend(door: Door) -> bool:
        door.say(200, None, Upload_Complete="?0", Upload_Offset=offset.encode().decode("latin-1"))
        return True

    console.bend = bend
    with pytest.raises(NoLink, match="not_understood"):
        delivered(home, spool)


def test_a_console_that_sends_us_back_for_ever_is_left(
    home: Home, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("negatoscope.probe.delivering.TURNS", 5)
    spool = spool_of(home)
    seal(home, spool, b"x")

    def bend(door: Door) -> bool:
        door.body()
        if door.command == "PATCH":
            door.refuse(409, "offset", Upload_Offset="0")
        else:
            door.say(200, None, Upload_Complete="?0", Upload_Offset="0")
        return True

    console.bend = bend
    with pytest.raises(NoLink, match="not_understood"):
        delivered(home, spool)


def test_what_a_killed_seal_left_is_swept_out_and_no_number_is_lost(home: Home, tmp_path: Path) -> None:
    spool = spool_of(home)
    seal(home, spool, b"one")
    chain = (home.spool / "chain.json").read_bytes()
    seal(home, spool, b"two")
    (home.spool / "chain.json").write_bytes(chain)  # killed between the header and the chain
    (home.spool / "00000003.age").write_bytes(b"no header")
    (home.spool / ".new-0011").write_bytes(b"half")
    spool = spool_of(home)
    assert [one.number for one in spool.waiting()] == [1, 2]
    assert seal(home, spool, b"three") == 3
    heads = [one.head for one in spool.waiting()]
    assert [one.content.previous for one in heads] == ["", heads[0].fingerprint, heads[1].fingerprint]
    assert sorted(path.name for path in home.spool.iterdir()) == [
        *(f"0000000{number}.{kind}" for number in (1, 2, 3) for kind in ("age", "head")), "chain.json",
    ]  # fmt: skip


def test_a_link_laid_on_a_medium_leads_to_no_other_file(home: Home, tmp_path: Path) -> None:
    """A probe runs as root: whoever lends the stick would otherwise choose which of its files is overwritten."""
    spool, medium, precious = spool_of(home), tmp_path / "medium", tmp_path / "precious"
    seal_many(home, spool, [100])
    medium.mkdir()
    precious.write_text("precious")
    (one,) = spool.waiting()
    path = medium / "1.parcel"
    path.with_name(f"{path.name}.partial").symlink_to(precious)
    path.symlink_to(precious)
    spool.export(one, path)
    assert precious.read_text() == "precious"
    assert path.stat().st_size == one.size
    assert not path.is_symlink()
