"""What others told us, kept until it is worked through: durable before it is acknowledged, and kept once.

A folder holds files of frames, each named by the number of its first record and a salt. One process writes, another
reads and says how far it came; a file that was read wholly goes after a while: until then it is the memory of which
records came already.

Bounds: ``MOST_BYTES`` unread, or less than ``SPARE`` left on the disk: nothing more is taken. Of each sender that may
repeat itself, at least its last ``REMEMBERED`` records are known again, as far as the last ``KEPT_READ`` octets and
``KEPT_FOR`` seconds of the spool reach.
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from negatoscope.intake.events.frames import Damage, Frame, frame, frames, seed
from negatoscope.intake.events.raw import Raw
from negatoscope.kit.durable import sync_folder

SEGMENT = 16 * 1024 * 1024
MOST_BYTES = 1024 * 1024 * 1024
SPARE = 128 * 1024 * 1024
"""Octets of the disk that are left to the rest of the console."""
KEPT_READ = 4 * SEGMENT
KEPT_FOR = 24 * 3600.0
REMEMBERED = 16_384
MOST_SENDERS = 32
SUFFIX = ".events"
CURSOR = "cursor"
MEASURED_EVERY = 1.0
_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Raw).decode


class Busy(Exception):  # noqa: N818 -- what it is
    """Another process writes into this folder."""


class Full(Exception):  # noqa: N818 -- what it is
    """There is no room until some of it is read: whoever sends shall wait."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the spool."""

    path: Path
    first: int
    begin: int

    def items(self) -> Iterator[Frame | Damage]:
        """What it holds. Raises OSError."""
        return frames(self.path.read_bytes(), self.begin)


def segments(folder: Path) -> list[Segment]:
    """The files of a spool, the oldest first."""
    found = []
    for path in folder.glob(f"*{SUFFIX}"):
        first, _dash, salt = path.name.removesuffix(SUFFIX).partition("-")
        if first.isdecimal():
            found.append(Segment(path, int(first), seed(salt)))
    return sorted(found, key=lambda one: one.first)


def cursor(folder: Path) -> int:
    """The number of the first record that is not worked through. Raises OSError."""
    try:
        return int((folder / CURSOR).read_text())
    except FileNotFoundError:
        return 1


def decode(one: Frame) -> Raw | None:
    """The record in a frame; ``None``: another edition wrote it otherwise."""
    try:
        return _DECODE(one.body)
    except msgspec.MsgspecError:
        return None


@dataclass
class _Known:
    """Records of one sender that came already: two generations, the older one goes when the newer is full."""

    new: set[int] = field(default_factory=set)
    old: set[int] = field(default_factory=set)

    def __contains__(self, mark: int) -> bool:
        return mark in self.new or mark in self.old

    def add(self, mark: int) -> None:
        if len(self.new) >= REMEMBERED:
            self.old, self.new = self.new, set()
        self.new.add(mark)


@dataclass
class Memory:
    """Which records came already, by sender; who has sent nothing for longest is forgotten first."""

    _senders: dict[str, _Known] = field(default_factory=dict)

    def known(self, raw: Raw) -> bool:
        """Whether this record came already."""
        told = self._senders.get(raw.sender)
        return told is not None and hash(raw.key) in told

    def add(self, raw: Raw) -> None:
        """Remember one, if it can come again at all."""
        if not raw.repeatable:
            return
        told = self._senders.pop(raw.sender, None) or _Known()
        self._senders[raw.sender] = told
        told.add(hash(raw.key))
        if len(self._senders) > MOST_SENDERS:
            del self._senders[next(iter(self._senders))]


class Spool:
    """The writer of a folder. Its methods are for one thread."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; what a crash left is cut to its last whole record. Raises Busy, OSError."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._lock = os.open(folder / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise Busy(str(folder)) from error
        self._handle: int | None = None
        self._path = folder
        self._size = 0
        self._begin = 0
        self._memory = Memory()
        self.torn = 0
        """Octets at the end of a file that a crash left half written: they were never acknowledged."""
        self._next = self._recover()
        self._unread = 0
        self._cramped = False
        self._measured: float | None = None

    def close(self) -> None:
        """Let go of the folder."""
        self._leave()
        os.close(self._lock)

    def append(self, raws: Sequence[Raw]) -> frozenset[int]:
        """Keep these records; they are on the disk when this returns. Gives the places of those that came already.

        Raises Full, and OSError: nothing of it counts as kept then, and all of it may be given again.
        """
        self._make_room()
        already: set[int] = set()
        fresh: dict[tuple[str, str], Raw] = {}
        pieces: list[bytes] = []
        if self._handle is None or self._size >= SEGMENT:
            self._start()
        for place, raw in enumerate(raws):
            if raw.repeatable:
                if (raw.sender, raw.key) in fresh or self._memory.known(raw):
                    already.add(place)
                    continue
                fresh[raw.sender, raw.key] = raw
            pieces.append(frame(self._next + len(pieces), _ENCODE(raw), self._begin))
        if pieces:
            self._write(pieces)
        for raw in fresh.values():
            self._memory.add(raw)
        return frozenset(already)

    def _write(self, pieces: list[bytes]) -> None:
        """Write and settle. After a failure its numbers are never given again, and the file is left alone.

        A reader may have seen a part of it; and what a failed fsync leaves behind is nobody's guess.
        """
        data = b"".join(pieces)
        handle, self._next = self._handle or 0, self._next + len(pieces)
        try:
            written = 0
            while written < len(data):
                written += os.write(handle, data[written:] if written else data)
            os.fdatasync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, self._size)
                if not self._size:
                    self._path.unlink()
            self._leave()
            raise
        self._size += len(data)
        self._unread += len(data)

    def _start(self) -> None:
        """Begin a file. Raises OSError."""
        self._leave()
        salt = secrets.token_hex(8)
        self._path = self.folder / f"{self._next:020d}-{salt}{SUFFIX}"
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            sync_folder(self.folder)
        except OSError:
            os.close(handle)
            self._next += 1
            raise
        self._handle, self._size, self._begin = handle, 0, seed(salt)
        self._measured = None

    def _leave(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = None

    def _make_room(self) -> None:
        """Measure now and then what is unread, and remove what was read. Raises Full, OSError."""
        now = time.monotonic()
        if self._measured is None or now - self._measured >= MEASURED_EVERY:
            self._measured = now
            self._unread = self._tidy()
            self._cramped = shutil.disk_usage(self.folder).free < SPARE
        if self._cramped or self._unread >= MOST_BYTES:
            raise Full

    def _tidy(self) -> int:
        """Remove files that were read and are not needed as memory; returns the octets of those unread."""
        reached, found = cursor(self.folder), segments(self.folder)
        unread, kept = 0, 0
        for number in range(len(found) - 1, -1, -1):
            one = found[number]
            told = one.path.stat()
            ends = found[number + 1].first if number + 1 < len(found) else self._next
            if ends > reached:
                unread += told.st_size
                continue
            kept += told.st_size
            old = time.time() - told.st_mtime > KEPT_FOR
            if number + 1 < len(found) and (kept > KEPT_READ or old):
                one.path.unlink()
        return unread

    def _recover(self) -> int:
        """Cut what is torn, remember what came; returns the number of the next record. Raises OSError."""
        found = segments(self.folder)
        for one in found[-1:]:
            self.torn = _cut(one)
        left, recent = KEPT_READ, []
        for one in reversed(found):
            if left < 0:
                break
            left -= one.path.stat().st_size
            recent.append(one)
        last = max([cursor(self.folder) - 1, *(one.first for one in found[-1:])])  # no two files begin alike
        for one in reversed(recent):
            for item in one.items():
                if isinstance(item, Frame):
                    last = max(last, item.number)
                    if raw := decode(item):
                        self._memory.add(raw)
        return last + 1


def _cut(one: Segment) -> int:
    """Cut a file after its last whole frame. Returns how many octets. Raises OSError."""
    size = one.path.stat().st_size
    end = max((item.end for item in one.items()), default=0)
    if end < size:
        with one.path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())
    return size - end
