"""Folders, archives and compressed files, one file at a time: what is packed is laid beside, and taken away again.

Zip, tar, gzip and Zstandard, within one another. Links, devices and names lead nowhere: a member is laid under a name
of ours. What is too large, a bomb or damaged is counted and left out; the rest goes on.
"""

import errno
import gzip
import os
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO

import zstandard

from negatoscope.kit import archive

DEEPEST = 4
"""Archives within one another."""
MOST = 4 << 30
"""Octets of one file that was packed."""
IN_ALL = 256 << 30
MANY = 1_000_000
"""Files."""
RATIO = 1000
"""What unpacks to more than so many times its packed size, and to more than ``SMALL``, is a bomb."""
SMALL = 64 << 20
CHUNK = 1 << 20
HEAD = 512
USTAR = slice(257, 262)
BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, zstandard.ZstdError, EOFError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What damaged or locked archives raise."""
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
Members = Iterator[tuple[str, IO[bytes], int]]
"""Name, content and packed size of each."""


class Bomb(Exception):  # noqa: N818 -- what it is
    """It unpacks beyond every bound."""


class Unfolding:
    """``counts``: ``too_large``, ``unreadable_files``, ``too_many``. ``folder``: where packed files are laid."""

    def __init__(self, folder: Path, counts: Counter[str]) -> None:
        """Begin with nothing laid."""
        self.folder, self.counts = folder, counts
        self.number = self.laid = 0

    def files(self, path: Path) -> Iterator[tuple[str, Path]]:
        """Each file with the name by which people find it again. It may be gone once the next is asked for.

        Raises FileNotFoundError, and OSError where the disk is full.
        """
        if not path.is_dir():
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
            yield from self._file(path.name, path, 0)
            return
        for place, folders, names in os.walk(path):
            folders.sort()
            for name in sorted(names):
                file = Path(place, name)
                if file.is_file() and not file.is_symlink():
                    yield from self._file(str(file.relative_to(path)), file, 0)

    def _file(self, name: str, path: Path, depth: int) -> Iterator[tuple[str, Path]]:
        self.number += 1
        if self.number > MANY:
            self.counts["too_many"] += 1
            return
        try:
            members = None if depth == DEEPEST else _kind(path)
            if members is None:
                yield name, path
            else:
                yield from self._members(name, members(path), depth)
        except Bomb:
            self.counts["too_large"] += 1
        except BROKEN:
            self.counts["unreadable_files"] += 1
        except OSError as error:
            if error.errno in FULL:
                raise
            self.counts["unreadable_files"] += 1

    def _members(self, name: str, members: Members, depth: int) -> Iterator[tuple[str, Path]]:
        for member, stream, packed in members:
            laid = self.folder / str(self.number)
            try:
                self._lay(stream, laid, packed)
                yield from self._file(f"{name}!{member}" if member else name, laid, depth + 1)
            finally:
                laid.unlink(missing_ok=True)

    def _lay(self, stream: IO[bytes], laid: Path, packed: int) -> None:
        """Copy what a member holds. Raises Bomb, and what damaged archives raise."""
        size, most = 0, min(MOST, max(SMALL, RATIO * packed), IN_ALL - self.laid)
        with laid.open("wb") as file:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > most:
                    raise Bomb
                file.write(chunk)
        self.laid += size


def _kind(path: Path) -> Callable[[Path], Members] | None:
    """How the members of a file are read; ``None``: it is no archive."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    found = next((members for mark, members in _MARKS.items() if head.startswith(mark)), None)
    return _of_tar if head[USTAR] == b"ustar" else found


def _of_zip(path: Path) -> Members:
    with archive.opened(path) as found:
        for entry in found.infolist():
            if not entry.is_dir():
                with found.open(entry) as stream:
                    yield entry.filename, stream, entry.compress_size


def _of_tar(path: Path) -> Members:
    with tarfile.open(path, "r:") as found:
        for entry in found:
            stream = found.extractfile(entry) if entry.isreg() else None
            if stream is not None:
                yield entry.name, stream, entry.size


def _of_gzip(path: Path) -> Members:
    with gzip.open(path) as stream:
        yield "", stream, path.stat().st_size  # type: ignore[misc]  # it reads as files do


def _of_zstandard(path: Path) -> Members:
    with (
        path.open("rb") as packed,
        zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as stream,
    ):
        yield "", stream, path.stat().st_size


_MARKS: Mapping[bytes, Callable[[Path], Members]] = {
    b"PK\x03\x04": _of_zip, b"\x1f\x8b": _of_gzip, b"\x28\xb5\x2f\xfd": _of_zstandard,
}  # fmt: skip
