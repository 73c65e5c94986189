"""A console that listens: an attack sent to its door is an alert, however often its processes are killed."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests import databases
from tests.databases import configure
from tests.journeys.test_console import free_port, running

LINE = (
    "<86>1 2026-11-02T07:{minute:02}:{second:02}Z srv-pacs sshd 71 - - "
    "Failed password for root from 203.0.113.9 port 22 ssh2\n"
)
WITHIN = 90.0


def sent(port: int, first: int, many: int) -> None:
    """So many lines in one connection, taken to the last: what a door acknowledged is on its disk."""
    until(lambda: taken(port, range(first, first + many)))


def taken(port: int, numbers: range) -> bool:
    """Whether a door took them all: it hangs up once it has, and breaks off when it dies."""
    lines = (LINE.format(minute=number // 60, second=number % 60) for number in numbers)
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as wire:
            wire.sendall("".join(lines).encode())
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(100):
                pass
    except OSError:
        return False
    return True


def kept(data: Path) -> list[tuple[str, datetime]]:
    """The events in the store: their keys, and when each happened."""
    there = [pq.read_table(path, columns=["key", "happened"]) for path in data.glob("events/site=*/day=*/*.parquet")]
    return [(row["key"], row["happened"]) for table in there for row in table.to_pylist()]


def processes_of(parent: int, verb: str) -> list[int]:
    """The process of a verb of this console."""
    told = subprocess.run(
        ["pgrep", "-P", str(parent), "-f", f"negatoscope {verb} "], capture_output=True, text=True, check=False
    )
    return [int(number) for number in told.stdout.split()]


def until(true: Callable[[], object], within: float = WITHIN) -> None:
    ends = time.monotonic() + within
    while not true():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.3)


def test_an_attack_sent_to_the_door_is_one_alert(environment: dict[str, str], data: Path) -> None:
    port = free_port()
    configure(data, f'port = {free_port()}\nsyslog = "127.0.0.1:{port}"\n')
    with running(environment) as (_child, _said):
        sent(port, 0, 20)
        until(lambda: databases.rows(data, "select id from store_alertrow"))
        sent(port, 20, 20)
        until(lambda: len(kept(data)) == 40)
    assert len(databases.rows(data, "select id from store_alertrow")) == 1


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_doors_and_watch_killed_at_any_moment_lose_nothing_and_tell_nothing_twice(
    environment: dict[str, str], data: Path, seed: int
) -> None:
    dice, port = random.Random(seed), free_port()
    configure(data, f'port = {free_port()}\nsyslog = "127.0.0.1:{port}"\n')
    with running(environment) as (child, _said):
        for turn in range(10):
            sent(port, turn * 50, 50)
            time.sleep(dice.uniform(0, 3))
            for verb in dice.sample(["watch", "events"], dice.randint(1, 2)):
                for number in processes_of(child.pid, verb):
                    os.kill(number, signal.SIGKILL)
        until(lambda: len({at for _key, at in kept(data)}) == 500, 180)
        time.sleep(5)
    keys = [key for key, _at in kept(data)]
    assert len(keys) == len(set(keys))
    assert len(databases.rows(data, "select id from store_alertrow")) == 1
