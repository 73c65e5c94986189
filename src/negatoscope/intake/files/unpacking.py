"""Archives opened in bounds: each member a plain file of its own, for as long as it is read."""

import codecs
import gzip
import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from negatoscope.intake.files.piece import Flaw, Piece, flawed
from negatoscope.intake.files.shapes import HEAD, Shape, records, shape_of
from negatoscope.kit.archive import Crowded, opened

MOST_MEMBERS = 1_000
MOST_UNPACKED = 4 << 30
"""Octets of one member."""
RATIO, SMALL = 1000, 64 << 20
"""What unpacks to more than so many times its packed size, and to more than ``SMALL``, is a bomb."""
SPARE = 512 << 20
"""Octets of the disk that unpacking leaves."""
_BLOCK = 1 << 20
_BAD = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, gzip.BadGzipFile)
Begun = Callable[[str], bool]
"""Is told the digest of each plain file before it is read; false: it was read already, and is passed over."""


class NoRoom(OSError):  # noqa: N818 -- what it is
    """Too little is left on the disk to unpack; later there may be more."""


class _TooLarge(Exception):  # noqa: N818 -- what it is
    """A bomb, or what is as large as one."""


def pieces(path: Path, name: str, work: Path, begun: Begun) -> Iterator[Piece]:
    """The records of a file, of each member of an archive in its order. Raises OSError, NoRoom.

    ``work``: a folder for what is unpacked; nothing stays there. The same file gives the same records.
    """
    with path.open("rb") as file:
        shape = shape_of(file.read(HEAD), name)
    if shape is Shape.ZIP:
        yield from _members(path, work, begun)
    else:
        yield from _single(path, name, work, begun)


def _members(path: Path, work: Path, begun: Begun) -> Iterator[Piece]:
    try:
        with opened(path) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            for entry in entries[:MOST_MEMBERS]:
                yield from _member(archive, entry, work, begun)
            yield from (flawed(Flaw.TOO_LARGE) for _ in entries[MOST_MEMBERS : MOST_MEMBERS + 1])
    except Crowded:
        yield flawed(Flaw.TOO_LARGE)
    except _BAD:
        yield flawed(Flaw.DAMAGED)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, work: Path, begun: Begun) -> Iterator[Piece]:
    if entry.flag_bits & 1:
        yield flawed(Flaw.LOCKED)
        return
    with _temporary(work) as out:
        try:
            with archive.open(entry) as packed:
                _unpack(packed, out, entry.compress_size)
        except _TooLarge:
            yield flawed(Flaw.TOO_LARGE)
            return
        yield from _single(Path(out.name), entry.filename, work, begun)


def _single(path: Path, name: str, work: Path, begun: Begun) -> Iterator[Piece]:
    """A plain file, or the one that its compression or its alphabet hides."""
    with path.open("rb") as file:
        shape = shape_of(file.read(HEAD), name)
    if shape is Shape.ZIP:
        yield flawed(Flaw.NESTED)
        return
    if shape not in {Shape.GZIP, Shape.WIDE}:
        if begun(digest_of(path)):
            yield from records(path, name)
        return
    with _temporary(work) as out:
        try:
            _plain(path, shape, out)
        except _TooLarge:
            yield flawed(Flaw.TOO_LARGE)
            return
        except _BAD:  # what came before the damage is read
            out.flush()
            yield flawed(Flaw.DAMAGED)
        inner = name.removesuffix(".gz")
        yield from _inner(Path(out.name), inner, shape, work, begun)


def _inner(path: Path, name: str, outer: Shape, work: Path, begun: Begun) -> Iterator[Piece]:
    """What came out: text in two octets a sign may have been compressed, and nothing twice."""
    with path.open("rb") as file:
        shape = shape_of(file.read(HEAD), name)
    if shape in {Shape.GZIP, Shape.ZIP} or shape is outer:
        yield flawed(Flaw.NESTED)
    else:
        yield from _single(path, name, work, begun)


def _plain(path: Path, shape: Shape, out: IO[bytes]) -> None:
    if shape is Shape.GZIP:
        with gzip.open(path, "rb") as packed:
            _unpack(packed, out, path.stat().st_size)
        return
    decode = codecs.getincrementaldecoder("utf-16")("replace").decode
    with path.open("rb") as wide:
        while data := wide.read(_BLOCK):
            _check_room(out)
            out.write(decode(data).encode())
    out.flush()


def _unpack(packed: IO[bytes] | gzip.GzipFile, out: IO[bytes], size: int) -> None:
    """Raises _TooLarge, NoRoom, and what a damaged archive raises."""
    written = 0
    while data := packed.read(_BLOCK):
        written += len(data)
        if written > MOST_UNPACKED or (written > SMALL and written > RATIO * max(1, size)):
            raise _TooLarge
        _check_room(out)
        out.write(data)
    out.flush()


def _check_room(out: IO[bytes]) -> None:
    if shutil.disk_usage(Path(out.name).parent).free < SPARE:
        raise NoRoom(out.name)


def _temporary(work: Path) -> IO[bytes]:
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    return NamedTemporaryFile(dir=work, prefix=".unpacked-")


def sweep(work: Path) -> None:
    """Take away what a crash left unpacked."""
    for path in work.glob(".unpacked-*"):
        with suppress(OSError):
            path.unlink()


def digest_of(path: Path) -> str:
    """The sha256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class Parts:
    """The plain files of one that is read: each is read unless it is ``known`` from another, and once."""

    known: Collection[str]
    met: list[str] = field(default_factory=list)
    repeated: int = 0

    def begun(self, digest: str) -> bool:
        """Note a plain file; whether it is to be read."""
        if digest in self.known or digest in self.met:
            self.repeated += 1
            return False
        self.met.append(digest)
        return True
