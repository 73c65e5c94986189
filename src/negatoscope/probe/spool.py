"""Parcels that wait: each a ciphertext and, once it is whole, a signed header; numbers are never used twice.

A parcel exists from the instant its header is on the disk. A ciphertext without one is what a killed look left.
"""

import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from negatoscope.kit.clock import Clock
from negatoscope.kit.durable import sync_folder, write_durably
from negatoscope.observe.collector import MAX_CAPTURE_BYTES
from negatoscope.probe import parcel
from negatoscope.probe.home import Trouble
from negatoscope.probe.parcel import Header, Sealed
from negatoscope.probe.signed import Refused, Signed

MOST_BYTES = 4 * 1024**3
"""What may wait, at most."""
SPARE_BYTES = MAX_CAPTURE_BYTES + 64 * 1024**2
"""What must be free on the disk before a look begins: the largest capture, and some."""
NEW = ".new-"


class Chain(Struct, frozen=True):
    """The last parcel ever made."""

    number: int = 0
    fingerprint: str = ""


@dataclass(frozen=True)
class Waiting:
    """A parcel on the disk."""

    head: Signed[Header]
    head_file: Path
    body_file: Path

    @property
    def number(self) -> int:
        """Its number."""
        return self.head.content.number

    @property
    def size(self) -> int:
        """Bytes to deliver."""
        return self.head.size + self.head.content.size

    def part(self, offset: int, most: int) -> bytes:
        """The bytes from ``offset`` on, at most so many."""
        start = self.head_file.read_bytes()[offset : offset + most] if offset < self.head.size else b""
        if len(start) < most:
            with self.body_file.open("rb") as file:
                file.seek(max(0, offset - self.head.size))
                start += file.read(most - len(start))
        return start

    def copy(self, sink: BinaryIO) -> None:
        """All of it."""
        sink.write(self.head_file.read_bytes())
        with self.body_file.open("rb") as file:
            shutil.copyfileobj(file, sink, 1 << 20)


def written(folder: Path) -> Chain:
    """The end of the chain as it was last written down. Raises Trouble where the file is damaged."""
    file = folder / "chain.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=Chain) if file.exists() else Chain()
    except msgspec.MsgspecError as error:
        raise Trouble("folder_damaged", file=file) from error


class Spool:
    """The folder of parcels; one process at a time works in it."""

    def __init__(self, folder: Path, probe: str, key: ec.EllipticCurvePrivateKey) -> None:
        """Sweep out what a killed process left, and find the end of the chain."""
        self.folder = folder
        self._probe = probe
        self._key = key
        folder.mkdir(exist_ok=True, mode=0o700)
        kept = {one.body_file for one in self.waiting()}
        for path in folder.iterdir():
            if path.name.startswith(NEW) or (path.suffix == ".age" and path not in kept):
                path.unlink()
        self._chain = self._found()

    def _found(self) -> Chain:
        """The chain as written down, or as the last parcel says: that one is written first."""
        chain = written(self.folder)
        last = max(self.waiting(), key=lambda one: one.number, default=None)
        return Chain(last.number, last.head.fingerprint) if last and last.number > chain.number else chain

    @property
    def last(self) -> int:
        """The number of the last parcel ever made."""
        return self._chain.number

    def waiting(self) -> list[Waiting]:
        """The parcels, oldest first; one may be delivered meanwhile. Raises Trouble for one that is damaged."""
        found = list[Waiting]()
        for path in sorted(self.folder.glob("*.head")):
            with suppress(FileNotFoundError):
                found.append(self._read(path))
        return found

    def _read(self, path: Path) -> Waiting:
        try:
            head = parcel.read_head(io.BytesIO(path.read_bytes()))
        except Refused as error:
            raise Trouble("folder_damaged", file=path) from error
        return Waiting(head, path, path.with_suffix(".age"))

    def bytes(self) -> int:
        """What waits."""
        size = 0
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                size += path.stat().st_size
        return size

    def full(self) -> bool:
        """Whether a look might find no room for what it brings."""
        return self.bytes() > MOST_BYTES or shutil.disk_usage(self.folder).free < SPARE_BYTES

    @contextmanager
    def place(self) -> Iterator[Path]:
        """Where a ciphertext may be written; gone after the block unless it was kept."""
        path = self.folder / f"{NEW}{secrets.token_hex(8)}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, body: Path, sealed: Sealed, now: Clock) -> int:
        """Make a parcel of a ciphertext that is on the disk, durably; returns its number. Raises OSError."""
        number = self._chain.number + 1
        header = Header(self._probe, number, self._chain.fingerprint, sealed.digest, sealed.size, now())
        lines = parcel.head(header, self._key)
        path = self.folder / f"{number:08d}.head"
        body.rename(path.with_suffix(".age"))
        write_durably(path, lines)
        self._chain = Chain(number, self._read(path).head.fingerprint)
        write_durably(self.folder / "chain.json", msgspec.json.encode(self._chain))
        return number

    def forget(self, one: Waiting) -> None:
        """The console has it: the header goes first, so that half a removal is no parcel."""
        one.head_file.unlink(missing_ok=True)
        sync_folder(self.folder)
        one.body_file.unlink(missing_ok=True)

    def export(self, one: Waiting, path: Path) -> None:
        """Copy a parcel to a medium: wholly there or not at all. Raises OSError."""
        temporary = path.with_name(f"{path.name}.partial")
        temporary.unlink(missing_ok=True)
        try:
            with temporary.open("xb") as file:  # a link that somebody laid there leads to another file
                one.copy(file)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
