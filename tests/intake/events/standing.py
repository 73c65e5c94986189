"""Doors that stand open on loopback for as long as a test lasts, and what came through them."""

import asyncio
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from negatoscope.intake.events.bulk import Desk
from negatoscope.intake.events.committing import Committer
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.door import Door, House, listen
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.reading import Reader
from negatoscope.intake.events.spool import Spool
from negatoscope.intake.events.syslog import Datagrams, Stream
from negatoscope.kit.clock import utc_now

TOKEN, OTHER_TOKEN = "jeton-pour-essai", "jeton-pour-autre"
HOST = "127.0.0.1"


@dataclass
class Standing:
    """Ports, and what was kept and counted."""

    folder: Path
    counters: Counters
    stream: int
    datagrams: int
    secured: int
    bulk: int

    def records(self) -> list[Raw]:
        reader, found = Reader(self.folder), list[Raw]()
        while (batch := reader.read(1000)).records:
            found += batch.records
        return found

    def arrived(self, many: int, seconds: float = 20) -> list[Raw]:
        """What is kept, once there is so much of it."""
        until(lambda: len(self.records()) >= many, seconds)
        return self.records()

    def lost(self) -> Counter[str]:
        """What was counted by now, all senders together."""
        told = self.counters.take()
        self.counters.put_back(told)
        return sum((one.lost for one in told.values()), Counter[str]())


def until(true: Callable[[], object], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            pytest.fail("too late")
        time.sleep(0.02)


async def opens(token: str) -> str | None:
    return {TOKEN: "essai", OTHER_TOKEN: "autre"}.get(token)


@contextmanager
def standing(
    folder: Path, tls: ssl.SSLContext | None = None, admits: Callable[[str], bool] = lambda _address: True
) -> Iterator[Standing]:
    """Open a door of each kind."""
    counters = Counters()
    committer = Committer(Spool(folder), counters)
    house = House(committer, utc_now, "run", admits)
    bound = [listen(HOST, 0, socket.SOCK_STREAM) for _ in range(3)] + [listen(HOST, 0, socket.SOCK_DGRAM)]
    made = Standing(folder, counters, *(one.getsockname()[1] for one in (bound[0], bound[3], bound[1], bound[2])))
    ended, failures = threading.Event(), list[BaseException]()

    async def serve() -> None:
        desk = Desk(house, opens)
        tasks = [
            asyncio.create_task(Door(house, bound[0], Stream, strangers=False).hold()),
            asyncio.create_task(Door(house, bound[1], Stream, tls).hold()),
            asyncio.create_task(Door(house, bound[2], desk.serve).hold()),
            asyncio.create_task(Datagrams(house, bound[3]).hold()),
        ]
        asyncio.get_running_loop().set_exception_handler(lambda _, told: failures.append(_failure(told)))
        await asyncio.to_thread(ended.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        yield made
    finally:
        ended.set()
        thread.join()
        committer.close()
    assert failures == []


def _failure(told: dict[str, object]) -> BaseException:
    failure = told.get("exception")
    return failure if isinstance(failure, BaseException) else RuntimeError(str(told))
