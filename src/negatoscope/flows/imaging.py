"""The image of a disk as it comes: one compressed file, part by part, that goes on where it was cut.

``NAME.img.zst`` is a zstd stream (``zstd -d`` gives the disk back), one frame a part. While it grows it is called
``NAME.img.zst.part``, and ``NAME.img.zst.parts`` tells, a line of JSON each, what it is of, then where each part ends:
what no line tells of is cut off before going on.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard
from msgspec import Struct

from negatoscope.kit.durable import sync_folder

PART = 64 << 20
"""Octets of the disk in a part: what is lost when the line is cut."""
CHUNK = 1 << 20
LEVEL = 3


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """What is copied. ``size``: octets, when it began."""

    host: str
    device: str
    size: int


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A part that is whole on our disk. ``end``: of its frame in the file."""

    size: int
    sha256: str
    frame: str
    """sha256 of its frame."""
    end: int
    at: datetime


class OtherSource(Exception):  # noqa: N818 -- what it is
    """What was begun in this file is of another disk, or of one of another size."""


class Damaged(Exception):  # noqa: N818 -- what it is
    """What was copied before can no longer be read as it was written."""


class Short(Exception):  # noqa: N818 -- what it is
    """A part did not come whole. ``why``: what the other side said."""


@dataclass
class Image:
    """One image under way. ``fetch``: brings ``count`` octets from ``start`` on, piece by piece; raises as it likes."""

    folder: Path
    name: str
    source: Source
    parts: list[Part] = field(default_factory=list)
    whole: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    """sha256 of the disk so far."""

    @property
    def file(self) -> Path:
        """What it is called once it is whole."""
        return self.folder / f"{self.name}.img.zst"

    @property
    def copied(self) -> int:
        """Octets of the disk that are here."""
        return sum(part.size for part in self.parts)

    @property
    def begun(self) -> bool:
        """It is under way, or whole and not told of yet."""
        return self._told.exists()

    @property
    def done(self) -> bool:
        """It is whole, and was told of."""
        return self.file.exists() and not self.begun

    @property
    def _growing(self) -> Path:
        return self.file if self.file.exists() else self.file.with_name(f"{self.file.name}.part")

    @property
    def _told(self) -> Path:
        return self.file.with_name(f"{self.file.name}.parts")

    def open(self) -> None:
        """Begin, or take up what was begun. Raises OtherSource, Damaged, OSError."""
        if not self.begun or b"\n" not in self._told.read_bytes():
            self.forget()
            _append(self._told, self.source)
            sync_folder(self.folder)
            return
        self.parts = self._read()
        self._growing.touch(0o600)
        with self._growing.open("rb+") as file:
            file.truncate(self.parts[-1].end if self.parts else 0)
            for part in self.parts:
                self._again(file, part)

    def _read(self) -> list[Part]:
        data = self._told.read_bytes()
        lines = data[: data.rfind(b"\n") + 1]
        os.truncate(self._told, len(lines))  # a line without its end was cut short
        try:
            first, *rest = lines.splitlines() or [b""]
            if msgspec.json.decode(first, type=Source) != self.source:
                raise OtherSource
            return [msgspec.json.decode(line, type=Part) for line in rest]
        except msgspec.MsgspecError as error:
            raise Damaged from error

    def _again(self, file: BinaryIO, part: Part) -> None:
        """Read a part that is here, and take it into the digest of the whole."""
        told, size = hashlib.sha256(), 0
        packed = file.read(part.end - file.tell())
        if hashlib.sha256(packed).hexdigest() != part.frame:
            raise Damaged
        try:
            with zstandard.ZstdDecompressor().stream_reader(packed) as stream:
                while chunk := stream.read(CHUNK):
                    told.update(chunk)
                    self.whole.update(chunk)
                    size += len(chunk)
        except zstandard.ZstdError as error:
            raise Damaged from error
        if (told.hexdigest(), size) != (part.sha256, part.size):
            raise Damaged

    def take(self, fetch: Callable[[int, int, Callable[[bytes], None]], None], clock: Callable[[], datetime]) -> int:
        """Copy the next part, durably; returns its octets, 0 at the end.

        Raises Short, OSError, and what ``fetch`` raises; what came of the part is asked for again then.
        """
        start = self.copied
        count = min(PART, self.source.size - start)
        if count <= 0:
            return 0
        told, frame, whole = hashlib.sha256(), hashlib.sha256(), self.whole.copy()
        came = over = 0
        with self._growing.open("ab") as file:
            file.truncate(self.parts[-1].end if self.parts else 0)
            packing = zstandard.ZstdCompressor(LEVEL).compressobj()

            def write(packed: bytes) -> None:
                frame.update(packed)
                file.write(packed)

            def keep(chunk: bytes) -> None:
                nonlocal came, over
                over += max(0, came + len(chunk) - count)
                if over > CHUNK:
                    raise Short("too_much")
                chunk = chunk[: count - came]  # a file that grows has more
                came += len(chunk)
                told.update(chunk)
                whole.update(chunk)
                write(packing.compress(chunk))

            fetch(start, count, keep)
            if came != count:
                raise Short(f"{came} ≠ {count}")
            write(packing.flush())
            file.flush()
            os.fsync(file.fileno())
            end = file.tell()
        self._note(Part(count, told.hexdigest(), frame.hexdigest(), end, clock()), whole)
        return count

    def _note(self, part: Part, whole: "hashlib._Hash") -> None:
        """A part is on the disk. Raises OSError."""
        _append(self._told, part)
        self.parts.append(part)
        self.whole = whole

    def close(self) -> None:
        """Give it its name: all of it is here. Raises OSError."""
        self._growing.rename(self.file)
        sync_folder(self.folder)

    def forget(self) -> None:
        """What was noted on the way is told elsewhere now. Raises OSError."""
        self._told.unlink(missing_ok=True)


def _append(path: Path, line: Struct) -> None:
    path.touch(0o600)
    with path.open("ab") as file:
        file.write(msgspec.json.encode(line) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def pauses(parts: list[Part], longest: float) -> Iterator[tuple[datetime, datetime]]:
    """Between which instants no part came for longer than so many seconds: blocks on both sides are not of one time."""
    for before, after in pairwise(parts):
        if (after.at - before.at).total_seconds() > longest:
            yield before.at, after.at
