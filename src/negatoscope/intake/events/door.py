"""A door that accepts connections: bounded before a word of TLS is spoken, and patient with nobody for ever."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from negatoscope.intake.events.committing import Committer
from negatoscope.intake.events.crowd import Crowd
from negatoscope.kit.clock import Clock
from negatoscope.kit.neighbour import plain
from negatoscope.model.watching import OTHERS

HANDSHAKE_SECONDS = 10.0
BACKLOG = 128
PAUSE = 0.1
"""Seconds to wait where the system gives no connection."""


@dataclass
class House:
    """What every door has at hand."""

    committer: Committer
    clock: Clock
    run: str
    """Of this start of the process: records of two starts never bear the same key."""
    admits: Callable[[str], bool]
    """Whether lines are taken from an address that shows no certificate and no token."""
    crowd: Crowd = field(default_factory=Crowd)
    _connections: int = 0

    def connection(self) -> int:
        """The number of a new connection."""
        self._connections += 1
        return self._connections

    def refuse(self, sender: str, why: str, many: int = 1) -> None:
        """Count what is not taken."""
        self.committer.counters.lost(sender, self.clock(), why, many)


@dataclass
class Guest:
    """Who stands at a door: at which address, and until when."""

    house: House
    address: str
    ended: asyncio.Future[None]
    """Done once nothing of the connection is left."""

    def leave(self) -> None:
        """Nothing is left."""
        if not self.ended.done():
            self.ended.set_result(None)


@dataclass
class Door:
    """One listening socket. ``serve`` makes the protocol that speaks with a guest."""

    house: House
    listener: socket.socket
    serve: Callable[[Guest], asyncio.BaseProtocol]
    tls: ssl.SSLContext | None = None
    strangers: bool = True
    """Whether anybody may connect: who speaks is known by certificate or token, not by address."""
    _guests: set[asyncio.Task[None]] = field(default_factory=set)

    async def hold(self) -> None:
        """Let guests in until cancelled; those inside are then shown out."""
        loop = asyncio.get_running_loop()
        self._open(loop)
        try:
            await loop.create_future()
        finally:
            loop.remove_reader(self.listener)
            self.listener.close()
            for guest in self._guests:
                guest.cancel()
            await asyncio.gather(*self._guests, return_exceptions=True)

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.listener.fileno() >= 0:
            loop.add_reader(self.listener, self._knocked, loop)

    def _knocked(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let in who stands there; where no descriptor is left, somebody must go first."""
        try:
            told, (address, *_) = self.listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:
            loop.remove_reader(self.listener)
            loop.call_later(PAUSE, self._open, loop)
            return
        told.setblocking(False)  # noqa: FBT003 -- its signature
        self._receive(told, plain(address))

    def _receive(self, told: socket.socket, address: str) -> None:
        house = self.house
        if not self.strangers and not house.admits(address):
            house.refuse(OTHERS, "sender_outside")
            told.close()
        elif not house.crowd.enter(address):
            house.refuse(address, "too_many_connections")
            told.close()
        else:
            task = asyncio.create_task(self._stay(told, address))
            self._guests.add(task)
            task.add_done_callback(self._guests.discard)
            task.add_done_callback(lambda _: told.close())  # one that is cancelled before it began closes nothing

    async def _stay(self, told: socket.socket, address: str) -> None:
        """Speak with one guest until nothing of the connection is left."""
        loop = asyncio.get_running_loop()
        guest = Guest(self.house, address, loop.create_future())
        patience = HANDSHAKE_SECONDS if self.tls else None
        transport = None
        try:
            transport, _ = await loop.connect_accepted_socket(
                lambda: self.serve(guest), told, ssl=self.tls, ssl_handshake_timeout=patience
            )
            await guest.ended
        except OSError:
            self.house.refuse(address, "tls_failed")
        finally:
            if transport is not None:
                transport.abort()
            self.house.crowd.leave(address)


def listen(address: str, port: int, kind: socket.SocketKind) -> socket.socket:
    """A socket that does not block, listening if it is of a stream. Raises OSError."""
    bound = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(kind is socket.SOCK_STREAM))
        bound.bind((address, port))
        if kind is socket.SOCK_STREAM:
            bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)  # noqa: FBT003 -- its signature
    return bound


def tell(loop: asyncio.AbstractEventLoop, whom: Callable[..., None], *what: object) -> None:
    """Have this called by the thread of the doors; nobody is told any more once they are shut."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(whom, *what)


def networks_admit(networks: Collection[str]) -> Callable[[str], bool]:
    """Whether an address is this very host's or of one of these networks."""
    inside = [ip_network(one) for one in networks]

    def admits(address: str) -> bool:
        told = ip_address(address)
        return told.is_loopback or any(told in one for one in inside)

    return admits
