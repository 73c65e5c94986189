"""Flow datagrams as they come: kept in order of arrival, a file an exporter, until somebody takes the file away.

UDP acknowledges nothing: what arrived is on the disk within a second, and what did not arrive the exporter's sequence
numbers will tell.
"""

import errno
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path

from negatoscope.intake.continuity import Continuity
from negatoscope.intake.spool import Spool
from negatoscope.kit.clock import Clock
from negatoscope.kit.durable import sync_folder
from negatoscope.kit.framing import frame

MOST_BYTES = 32 * 1024 * 1024
"""Of one file: it is taken away before."""
MOST_IN_ALL = 1024 * 1024 * 1024
MOST_EXPORTERS = 64
"""Listened to at a time; each holds a file open, and anybody may send under any address of a declared network."""
MOST_TEMPLATES = 64
"""Datagrams with templates that are kept in mind of one exporter."""
RECEIVE_BUFFER = 4 * 1024 * 1024
MAX_DATAGRAM = 65_535
SETTLE = 1.0
"""Seconds after which what came is on the disk."""
OPEN, CLOSED = ".open", ".closed"
TOLD, TEMPLATES, SINCE = b"D", b"T", b"S"
"""A datagram; one that came before this file was begun, kept for the templates that it holds; an instant (seconds since
1970, a double) since when this exporter has been listened to without a break."""
_HEADERS = {9: 20, 10: 16}
_V5 = 5


def templates_in(datagram: bytes) -> tuple[bytes, ...]:
    """What names the templates of a datagram: their sets' beginnings; empty for one that holds none."""
    place, found = _HEADERS.get(int.from_bytes(datagram[:2], "big"), len(datagram)), []
    while place + 4 <= len(datagram):
        number, length = struct.unpack_from("!HH", datagram, place)
        if length < 4:  # noqa: PLR2004 -- a set's own header
            break
        if number <= 3:  # noqa: PLR2004 -- template and options sets of both versions
            found.append(datagram[place : place + 8])
        place += length
    return tuple(found)


@dataclass
class _File:
    """What one exporter sent since its file was begun."""

    path: Path
    handle: int
    size: int


@dataclass
class Keeper:
    """Writes what exporters send. One thread takes datagrams, another closes files: each method locks."""

    folder: Path
    begun: Callable[[str], bytes]
    """The first line of an exporter's file."""
    networks: tuple[str, ...] = ()
    """From where exporters are listened to, this very host apart."""
    _files: dict[str, _File] = field(default_factory=dict)
    _templates: dict[str, dict[tuple[bytes, ...], bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _kept: int = 0
    _listening: Continuity = field(init=False)

    def __post_init__(self) -> None:
        """Remember who was listened to before."""
        self._listening = Continuity(self.folder)

    def take(self, exporter: str, datagram: bytes, at: datetime) -> str | None:
        """Keep one datagram; or say why not, which is counted.

        ``exporter_outside``, ``not_flows``, ``spool_full``, ``too_many_exporters``: those known before go on.
        """
        why = self._refused(exporter, datagram)
        if why is not None:
            Spool(self.folder).refuse(why, at)
            if why == "spool_full":
                self.lost(exporter)
            return why
        with self._lock:
            begun = self._listening.hear(exporter, at)
            if begun and exporter in self._files:
                self._write(self._files[exporter], _since(at, at))
            file = self._files.get(exporter) or self._begin(exporter, at)
            self._write(file, frame(TOLD, at.timestamp(), datagram))
            if held := templates_in(datagram):
                known = self._templates.setdefault(exporter, {})
                if held in known or len(known) < MOST_TEMPLATES:
                    known[held] = datagram
            if file.size >= MOST_BYTES:
                self._close(exporter)
        return None

    def lost(self, exporter: str) -> None:
        """Something that it sent was not kept: the next datagram begins a new time of listening."""
        with self._lock:
            self._listening.forget(exporter)

    def restart(self, exporter: str, at: datetime) -> None:
        """What it sent was lost or cannot be read: in what waits, too, listening counts from this instant only."""
        with self._lock:
            self._listening.restart(exporter, at)
            mine = self._files.get(exporter)
            if mine is not None:
                self._write(mine, _since(at, at))
            for path in self.folder.glob(f"{exporter}@*{CLOSED}"):
                with path.open("ab") as file:
                    file.write(_since(at, at))

    def settle(self) -> None:
        """What was taken is on the disk when this returns."""
        with self._lock:
            self._listening.save()
            handles = [os.dup(file.handle) for file in self._files.values()]
        for handle in handles:
            os.fsync(handle)
            os.close(handle)

    def close_all(self) -> None:
        """Close every file, so that it can be taken away."""
        with self._lock:
            for exporter in list(self._files):
                self._close(exporter)

    def closed(self) -> Iterator[tuple[str, Path]]:
        """Files to take away, with their exporter, the oldest first; also those that a crash left open."""
        with self._lock:
            mine = {file.path for file in self._files.values()}
            left = [path for path in self.folder.glob(f"*{OPEN}") if path not in mine]
            self._kept = sum(path.stat().st_size for path in self.folder.glob("*.*"))
        for path in left:
            path.rename(path.with_suffix(CLOSED))
        found = sorted(self.folder.glob(f"*{CLOSED}"), key=lambda path: path.name.rpartition("@")[2])
        yield from ((path.name.rpartition("@")[0], path) for path in found)

    def _refused(self, exporter: str, datagram: bytes) -> str | None:
        if int.from_bytes(datagram[:2], "big") not in (_V5, *_HEADERS):
            return "not_flows"
        address = ip_address(exporter)
        if not address.is_loopback and not any(address in ip_network(one) for one in self.networks):
            return "exporter_outside"
        if self._listening.many >= MOST_EXPORTERS and self._listening.since(exporter) is None:
            return "too_many_exporters"
        return "spool_full" if self._kept > MOST_IN_ALL else None

    def _begin(self, exporter: str, at: datetime) -> _File:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{exporter}@{at:%Y%m%dT%H%M%S%f}{OPEN}"
        known = (frame(TEMPLATES, at.timestamp(), one) for one in self._templates.get(exporter, {}).values())
        start = self.begun(exporter) + _since(at, self._listening.since(exporter) or at) + b"".join(known)
        file = _File(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 0)
        try:
            self._write(file, start)
        except OSError:
            os.close(file.handle)
            path.unlink()
            raise
        sync_folder(self.folder)
        self._files[exporter] = file
        return file

    def _write(self, file: _File, data: bytes) -> None:
        """Write all of it or nothing: half a frame would make what follows unreadable. Raises OSError."""
        written = 0
        try:
            written = os.write(file.handle, data)
        finally:
            if written < len(data):
                os.ftruncate(file.handle, file.size)
        if written < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        file.size += len(data)
        self._kept += len(data)

    def _close(self, exporter: str) -> None:
        file = self._files.pop(exporter)
        os.fsync(file.handle)
        os.close(file.handle)
        file.path.rename(file.path.with_suffix(CLOSED))
        sync_folder(self.folder)


def listen(address: str, port: int) -> socket.socket:
    """A UDP socket for flow datagrams. Raises OSError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_DGRAM)
    with suppress(OSError):
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    try:
        bound.bind((address, port))
    except OSError:
        bound.close()
        raise
    return bound


def receive(bound: socket.socket, keeper: Keeper, clock: Clock, stopping: Callable[[], bool]) -> None:
    """Take datagrams until asked to stop; a full disk loses what comes, and is counted, and does not end this."""
    settled = time.monotonic()
    while not stopping():
        ready, _, _ = select.select([bound], [], [], SETTLE / 2)
        if ready:
            datagram, (sender, *_) = bound.recvfrom(MAX_DATAGRAM)
            at = clock()
            try:
                keeper.take(_plain(sender), datagram, at)
            except OSError:
                keeper.lost(_plain(sender))
                Spool(keeper.folder).refuse("disk_full", at)
        if time.monotonic() - settled >= SETTLE:
            with suppress(OSError):
                keeper.settle()
            settled = time.monotonic()


def _since(at: datetime, since: datetime) -> bytes:
    return frame(SINCE, at.timestamp(), struct.pack("!d", since.timestamp()))


def _plain(sender: str) -> str:
    """The address of a sender, an IPv4 one as such on a socket for both families."""
    address = ip_address(sender.partition("%")[0])
    return str(getattr(address, "ipv4_mapped", None) or address)
