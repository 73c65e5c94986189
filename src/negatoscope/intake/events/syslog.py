"""Syslog at the door: datagrams (RFC 5426), streams (RFC 6587), streams in TLS (RFC 5425).

Syslog acknowledges nothing: what a sender's system sent and ours did not read yet is lost with the power. What was read
is on the disk some milliseconds later, and a stream is read no faster than it is written down.
"""

import asyncio
import os
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from negatoscope.intake.events.committing import Outcome
from negatoscope.intake.events.door import Guest, House, tell
from negatoscope.intake.events.framing import Framer, Message
from negatoscope.intake.events.raw import Raw, whole
from negatoscope.kit.neighbour import plain
from negatoscope.model.watching import OTHERS

FORMAT = "syslog"
IDLE_SECONDS = 6 * 3600.0
AMID_SECONDS = 30.0
"""How long a message may take from its first octet to its last."""
SWEEP_SECONDS = 1.0
AGAIN_SECONDS = 1.0
"""After how long the disk is asked again."""
MOST_OUT = 4
"""Pieces of a connection that wait for the disk before it is read on."""
RECEIVE_BUFFER = 8 * 1024 * 1024
MOST_DATAGRAM = 65_535
DATAGRAMS = 500
"""Taken in one go."""
_HELLO = b"\x16\x03"
"""How TLS begins."""


class Stream(asyncio.Protocol):
    """One connection that sends syslog."""

    def __init__(self, guest: Guest) -> None:
        """Nothing was said yet."""
        self._guest = guest
        self._house: House = guest.house
        self._loop = asyncio.get_running_loop()
        self._number = self._house.connection()
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._sender = guest.address
        self._ordinal = 0
        self._out = 0
        self._heard = self._amid = self._loop.time()
        self._clear = True
        self._more = False
        """Whether messages that came wait for room."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Know who speaks: by certificate, else by address."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 -- asyncio promises it to a protocol of streams
        self._transport = transport
        self._clear = transport.get_extra_info("ssl_object") is None
        if name := certified(transport.get_extra_info("peercert")):
            self._sender = f"cert:{name}"
        self._loop.call_later(SWEEP_SECONDS, self._sweep)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self._clear and not self._ordinal and data[:2] == _HELLO:
            self._end("tls_on_clear_port")
            return
        if not self._framer.amid:
            self._amid = self._loop.time()
        self._heard = self._loop.time()
        self._take(data)
        self._flow()

    def _take(self, data: bytes) -> None:
        """Keep what is whole, as long as there is room; the rest waits as it came."""
        strays = self._framer.strays
        while messages := self._framer.feed(data):
            self._amid, data = self._heard, b""
            self._keep(messages)
            if self._must_wait:
                break
        self._more = bool(messages)
        if self._framer.strays > strays:
            self._house.refuse(self._sender, "framing", self._framer.strays - strays)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- how it ended changes nothing
        """Keep what is left."""
        self._transport = None
        self._leave()

    def _keep(self, messages: list[Message]) -> None:
        came, key = self._house.clock(), f"net:{self._house.run}:{self._number}:"
        begin = self._ordinal
        self._ordinal += len(messages)
        raws = [
            Raw(f"{key}{begin + place}", self._sender, came, FORMAT, one.data, one.size)
            for place, one in enumerate(messages)
        ]
        self._out += 1
        self._offer(raws)

    def _offer(self, raws: list[Raw]) -> None:
        def told(outcome: Outcome, _already: frozenset[int]) -> None:
            tell(self._loop, self._settled, raws, outcome)

        self._house.committer.offer(raws, told)

    def _settled(self, raws: list[Raw], outcome: Outcome) -> None:
        """Go on; what found no room is offered again, while the sender waits."""
        if outcome is not Outcome.KEPT:
            self._loop.call_later(AGAIN_SECONDS, self._offer, raws)
            return
        self._out -= 1
        if self._more and not self._must_wait:
            self._take(b"")
        self._flow()
        self._leave()

    @property
    def _must_wait(self) -> bool:
        """Whether enough is on its way to the disk: when it is there, this connection has its turn again."""
        return self._out > 0 and (self._out >= MOST_OUT or self._house.committer.busy)

    def _flow(self) -> None:
        """Read on, or let the sender wait."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._more or self._must_wait:
            self._transport.pause_reading()
        elif not self._transport.is_reading():
            self._amid = self._heard = self._loop.time()
            self._transport.resume_reading()

    def _sweep(self) -> None:
        """End the connection of who is too slow, or has been silent for hours."""
        if self._transport is None:
            return
        now = self._loop.time()
        if self._transport.is_reading() and self._framer.amid and now - self._amid > AMID_SECONDS:
            self._end("too_slow")
        elif now - self._heard > IDLE_SECONDS and not self._out:
            self._transport.close()
        self._loop.call_later(SWEEP_SECONDS, self._sweep)

    def _end(self, why: str) -> None:
        self._house.refuse(self._sender, why)
        if self._transport is not None:
            self._transport.abort()

    def _leave(self) -> None:
        """A connection that ended holds its place until what it brought is on the disk, to its last line."""
        if self._transport is not None or self._more:
            return
        if messages := self._framer.end():
            self._keep(messages)
        if not self._out:
            self._guest.leave()


def certified(certificate: Any) -> str | None:  # noqa: ANN401 -- as ssl gives it
    """The name on a certificate that was verified: its common name, else its first DNS name."""
    if not certificate:
        return None
    names = [value for part in certificate.get("subject", ()) for name, value in part if name == "commonName"]
    names += [value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"]
    return str(names[0])[:200] if names else None


def verifying(certificate: str, key: str, clients: str | None) -> ssl.SSLContext:
    """TLS 1.2 at least; ``clients``: a file of the authorities that alone vouch for senders. Raises OSError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION  # which costs us ten times what it costs whoever asks
    context.num_tickets = 0  # whoever leaves without reading them would reset the connection, and lose its last lines
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@dataclass
class Datagrams:
    """One socket for datagrams. Under load the system drops what finds no room in its buffer: that is counted too."""

    house: House
    bound: socket.socket
    _number: int = 0
    _dropped: int = 0
    _memory: bytearray = field(default_factory=lambda: bytearray(MOST_DATAGRAM))

    async def hold(self) -> None:
        """Take datagrams until cancelled."""
        self.bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        loop = asyncio.get_running_loop()
        loop.add_reader(self.bound, self._readable)
        try:
            while True:
                await asyncio.sleep(SWEEP_SECONDS)
                dropped = dropped_by_the_system(self.bound)
                self.house.refuse(OTHERS, "datagrams_dropped", dropped - self._dropped)
                self._dropped = dropped
        finally:
            loop.remove_reader(self.bound)
            self.bound.close()

    def _readable(self) -> None:
        """Take what is there, at most so many that others have their turn."""
        came, raws = self.house.clock(), []
        for _ in range(DATAGRAMS):
            try:
                length, (address, *_rest) = self.bound.recvfrom_into(self._memory)
            except OSError:
                break
            sender, data = plain(address), bytes(memoryview(self._memory)[:length]).strip(b"\r\n\0")
            if not self.house.admits(sender):
                self.house.refuse(OTHERS, "sender_outside")
            elif data:
                self._number += 1
                raws.append(Raw(f"net:{self.house.run}:u:{self._number}", sender, came, FORMAT, *whole(data)))
        if raws:
            self._offer(raws)

    def _offer(self, raws: list[Raw]) -> None:
        if self.house.committer.busy:
            self._lost(raws, Outcome.FULL)
            return

        def told(outcome: Outcome, _already: frozenset[int]) -> None:
            if outcome is not Outcome.KEPT:
                self._lost(raws, outcome)

        self.house.committer.offer(raws, told)

    def _lost(self, raws: list[Raw], outcome: Outcome) -> None:
        for raw in raws:
            self.house.refuse(raw.sender, outcome.value)


def dropped_by_the_system(bound: socket.socket) -> int:
    """How many datagrams found no room in the buffer of this socket, since it is open; 0 where nothing tells."""
    number = str(os.fstat(bound.fileno()).st_ino)
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        try:
            rows = [line.split() for line in Path(table).read_text("ascii").splitlines()[1:]]
        except OSError:
            continue
        for row in rows:
            if row[9] == number:
                return int(row[-1])
    return 0
