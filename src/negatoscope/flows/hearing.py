"""Logs come in by one process: the doors (syslog, ``POST /_bulk``) and files; and how each source is doing."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

from django.db import DatabaseError, close_old_connections, connections

from negatoscope.flows.console import Console
from negatoscope.flows.feeding import Feeder
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tokens import revocations, type_mark
from negatoscope.intake.continuity import Continuity
from negatoscope.intake.events.bulk import Desk
from negatoscope.intake.events.committing import Committer
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.door import Door, House, listen, networks_admit
from negatoscope.intake.events.http import Unspeakable
from negatoscope.intake.events.spool import Busy, Spool
from negatoscope.intake.events.syslog import Datagrams, Stream, verifying
from negatoscope.kit.canonical import sha256
from negatoscope.model.hearing import SourceState
from negatoscope.model.networks import Network
from negatoscope.model.watching import OTHERS
from negatoscope.store import sources, tokens
from negatoscope.store.queries.sources import hours
from negatoscope.watch.health import LEARNED_FROM, state

T = TypeVar("T")
EXPORTER = "flows:"
"""How senders begin that are flow exporters: the console's own absence counts as their silence."""
RECEIVER = "events"
"""Whose tokens open ``POST /_bulk``."""
SAVED_EVERY, LOOKED_EVERY, ROUND = 30.0, 60.0, 0.5
BELIEVED_FOR = 10.0
"""Seconds for which an answer about a token is believed, unless one is revoked meanwhile."""
MOST_BELIEVED = 1024
PATIENCE = 20.0
"""Seconds that an earlier process has to let go of the spool."""


def folder(console: Console) -> Path:
    """Where what came over the network waits."""
    return console.config.data / "spool" / "events" / "doors"


def health(console: Console, off: Collection[date] = ()) -> dict[str, SourceState]:
    """How each sender is doing, by its name. ``off``: public holidays."""
    now = console.clock()
    listening = Continuity(folder(console)).since(RECEIVER)
    known = hours(console.practice, now - LEARNED_FROM)
    return {
        sender: state(told, now, told[0].first if sender.startswith(EXPORTER) else listening, off)
        for sender, told in known.items()
    }


def hold(console: Console, stopping: Callable[[], bool]) -> None:
    """Hold the doors that the settings name until told to stop. Raises Busy, OSError."""
    spool = _spool(console, stopping)
    counters = Counters()
    counters.lost(OTHERS, console.clock(), "torn", int(spool.torn > 0))
    committer = Committer(spool, counters)
    clerk, over = _Clerk(console, counters), threading.Event()

    def ends() -> bool:
        return over.is_set() or stopping()

    feeder = threading.Thread(target=_fed, args=(Feeder(console, committer, spool.folder, ends), over))
    feeder.start()
    try:
        asyncio.run(_hold(console, ends, clerk, House(committer, console.clock, token_hex(6), clerk.admits)))
    finally:
        over.set()
        feeder.join()
        committer.close()
        clerk.end()


def _fed(feeder: Feeder, over: threading.Event) -> None:
    """Read files; should a file break its reader, the whole process ends and is begun again: nothing stays unread."""
    try:
        feeder.work()
    finally:
        over.set()


def _spool(console: Console, stopping: Callable[[], bool]) -> Spool:
    """The spool, once an earlier process has let go of it. Raises Busy, OSError."""
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            return Spool(folder(console))
        except Busy:
            if time.monotonic() > ends or stopping():
                raise
            time.sleep(ROUND)


async def _hold(console: Console, stopping: Callable[[], bool], clerk: "_Clerk", house: House) -> None:
    await clerk.look()
    tasks = [asyncio.create_task(one) for one in _doors(console, clerk, house)]
    saved = looked = time.monotonic()
    try:
        while not stopping():
            await asyncio.sleep(ROUND)
            if time.monotonic() - saved >= SAVED_EVERY:
                saved = time.monotonic()
                await clerk.save()
            if time.monotonic() - looked >= LOOKED_EVERY:
                looked = time.monotonic()
                await clerk.look()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _doors(console: Console, clerk: "_Clerk", house: House) -> list[Coroutine[Any, Any, None]]:
    """What each named door does while it is open; one whose address is taken stays shut, and that is counted."""
    config, tls = console.config, console.config.tls
    context = verifying(str(tls.certificate), str(tls.key), None) if tls else None
    opened: list[Coroutine[Any, Any, None]] = []

    def opening(place: tuple[str, int] | None, kind: socket.SocketKind, door: Callable[[socket.socket], Any]) -> None:
        if place is None:
            return
        try:
            opened.append(door(listen(*place, kind)).hold())
        except OSError:
            house.refuse(OTHERS, "address_taken")

    opening(config.syslog_door, socket.SOCK_DGRAM, lambda bound: Datagrams(house, bound))
    opening(config.syslog_door, socket.SOCK_STREAM, lambda bound: Door(house, bound, Stream, strangers=False))
    vouched = config.syslog_clients is not None
    opening(
        config.syslog_tls_door,
        socket.SOCK_STREAM,
        lambda bound: Door(house, bound, Stream, _clients(console) or context, strangers=vouched),
    )
    desk = Desk(house, clerk.name)
    opening(config.bulk_door, socket.SOCK_STREAM, lambda bound: Door(house, bound, desk.serve, context))
    return opened


def _clients(console: Console) -> ssl.SSLContext | None:
    """TLS in which senders must show a certificate, where the settings say so. Raises OSError."""
    config = console.config
    if config.syslog_clients is None or config.tls is None:
        return None
    return verifying(str(config.tls.certificate), str(config.tls.key), str(config.syslog_clients))


@dataclass
class _Clerk:
    """What the doors ask of the database: one question at a time, in a thread of its own."""

    console: Console
    counters: Counters
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "clerk"))
    _believed: dict[str, tuple[str | None, float]] = field(default_factory=dict)
    _revoked: type_mark = (0, 0)
    _admits: Callable[[str], bool] = field(default=lambda _address: False)
    _listening: Continuity = field(init=False)

    def __post_init__(self) -> None:
        """Remember since when the doors are open."""
        self._listening = Continuity(folder(self.console))

    def admits(self, address: str) -> bool:
        """Whether syslog in clear is taken from here: this host, and the declared networks."""
        return self._admits(address)

    async def look(self) -> None:
        """Learn the networks anew."""
        told = await self._ask(lambda: _networks(self.console))
        if told is not None:
            self._admits = networks_admit(told)

    async def name(self, token: str) -> str | None:
        """The name of the token that opens; ``None``: it does not. Raises Unspeakable where nobody can tell."""
        now, mark, revoked = time.monotonic(), sha256(token.encode()), revocations(self.console)
        if revoked != self._revoked:
            self._revoked = revoked
            self._believed.clear()
        known = self._believed.get(mark)
        if known is not None and now < known[1]:
            return known[0]
        try:
            told = await self._asked(lambda: _opened(self.console, mark)) if token else None
        except DatabaseError as error:
            raise Unspeakable(503, "database_busy") from error
        if len(self._believed) >= MOST_BELIEVED:
            self._believed.clear()
        if revoked == self._revoked:  # else it may have been answered before what was revoked since
            self._believed[mark] = (told, now + BELIEVED_FOR)
        return told

    async def save(self) -> None:
        """Write down what was counted."""
        await self._ask(self._save)

    def end(self) -> None:
        """Write down the last of it."""
        with suppress(DatabaseError, OSError):
            self._thread.submit(self._save).result()
        self._thread.submit(connections.close_all).result()
        self._thread.shutdown()

    def _save(self) -> None:
        close_old_connections()
        now, told = self.console.clock(), self.counters.take()
        self._listening.hear(RECEIVER, now)
        self._listening.save()
        try:
            sources.add(self.console.practice, told)
            sources.forget(self.console.practice, now)
        except DatabaseError:
            self.counters.put_back(told)
            raise

    async def _ask(self, question: Callable[[], T]) -> T | None:
        """Ask the database; ``None``: it cannot be asked now."""
        try:
            return await self._asked(question)
        except (DatabaseError, OSError):
            return None

    def _asked(self, question: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, question)


def _networks(console: Console) -> tuple[str, ...]:
    close_old_connections()
    return tuple(network.cidr for network in StoredRegister(console.practice).seen(Network).facts)


def _opened(console: Console, mark: str) -> str | None:
    close_old_connections()
    held = tokens.opens(RECEIVER, mark)
    if held is None or held[1] != console.practice:
        return None
    number, _practice, name = held
    tokens.used(number, console.clock())
    return name
