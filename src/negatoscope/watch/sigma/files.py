"""Files named on a command line: folders walked, archives opened, every size bounded."""

import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from negatoscope.kit import archive

RULE_NAMES = (".yml", ".yaml")
RULE_BYTES = 1 << 20
RULE_FILES = 100_000
RULES_BYTES = 256 << 20
"""Of all rules together."""
MEMBER_BYTES = 4 << 30
"""Of one log in an archive."""
RATIO = 1000
"""A member that unpacks to more than so many times its packed size, and to more than ``SMALL``, is a bomb."""
SMALL = 64 << 20
BUFFER = 64 << 10
"""Bytes read from a log in one go."""
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"


class Place(NamedTuple):
    """One file, or one member of an archive."""

    path: Path
    member: str = ""
    told: str = ""
    """How it is told, where its path says nothing to anybody."""

    @property
    def name(self) -> str:
        """How it is told to people."""
        return self.told or (f"{self.path}!{self.member}" if self.member else str(self.path))


def walked(paths: Sequence[Path]) -> Iterator[Path]:
    """``named_files``, as paths."""
    return map(Path, named_files(paths))


def named_files(paths: Sequence[Path]) -> Iterator[str]:
    """Regular files, those of folders in the order of their names. Raises FileNotFoundError for a path that is none."""
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        elif path.exists():
            yield str(path)
        else:
            raise FileNotFoundError(str(path))


def _below(folder: Path) -> Iterator[str]:
    """Regular files of a folder and of those in it. No link is followed."""
    waiting = _listed(folder)
    while waiting:
        entry = waiting.pop()
        if entry.is_dir(follow_symlinks=False):
            waiting += _listed(entry)
        elif entry.is_file(follow_symlinks=False):
            yield entry.path


def _listed(folder: os.PathLike[str]) -> list[os.DirEntry[str]]:
    """What is in a folder, last names first; one that cannot be listed is empty."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name, reverse=True)
    except OSError:
        return []


def is_archive(path: Path) -> bool:
    """Whether a file begins as an archive does."""
    with path.open("rb") as file:
        return file.read(4) in (ZIP, EMPTY_ZIP)


def rule_files(paths: Sequence[Path]) -> Iterator[tuple[str, bytes | None]]:
    """Every file of rules: its name and content; ``None`` for one that is too large, or past all bounds."""
    number = total = 0
    for path in walked(paths):
        for name, data in _archived(path) if is_archive(path) else _loose(path, named=path in paths):
            number += 1
            total += len(data or b"")
            yield name, data if number <= RULE_FILES and total <= RULES_BYTES else None


def content(name: str) -> bytes | None:
    """What stands under a name that ``rule_files`` gave; ``None``: it is there no more, or too large."""
    path, _mark, member = name.partition("!")
    try:
        if not member:
            return dict(_loose(Path(path), named=True))[name]
        with archive.opened(Path(path)) as found:
            return _read(found, found.getinfo(member))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError):
        return None


def _loose(path: Path, *, named: bool) -> Iterator[tuple[str, bytes | None]]:
    """A file that is called as rules are, or was named outright."""
    if named or path.suffix.lower() in RULE_NAMES:
        with path.open("rb") as file:
            data = file.read(RULE_BYTES + 1)
        yield str(path), data if len(data) <= RULE_BYTES else None


def _archived(path: Path) -> Iterator[tuple[str, bytes | None]]:
    """The rules of an archive. Nothing is written anywhere, so that names lead nowhere."""
    try:
        with archive.opened(path) as found:
            for entry in found.infolist():
                if entry.filename.lower().endswith(RULE_NAMES):
                    yield f"{path}!{entry.filename}", _read(found, entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        yield str(path), None


def _read(found: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """A member, as far as it may reach whatever its header says."""
    with found.open(entry) as file:
        data = file.read(RULE_BYTES + 1)
    return data if len(data) <= RULE_BYTES else None


def log_places(paths: Sequence[Path]) -> Iterator[Place]:
    """Every file that may be a log, members of archives one by one."""
    for path in walked(paths):
        if not is_archive(path):
            yield Place(path)
            continue
        try:
            with archive.opened(path) as found:
                names = [entry.filename for entry in found.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, OSError):
            names = []
        yield from (Place(path, name) for name in names) if names else (Place(path),)


class TooLarge(Exception):  # noqa: N818 -- what it is
    """A member of an archive that unpacks beyond every bound."""


@contextmanager
def opened(place: Place) -> Iterator[IO[bytes]]:
    """The bytes of a place, to be read from any position. Raises OSError, BadZipFile, RuntimeError, TooLarge."""
    if not place.member:
        with place.path.open("rb", BUFFER) as file:
            yield file
        return
    with archive.opened(place.path) as found, TemporaryFile() as unpacked:
        entry = found.getinfo(place.member)
        if entry.file_size > MEMBER_BYTES or (
            entry.file_size > SMALL and entry.file_size > RATIO * max(1, entry.compress_size)
        ):
            raise TooLarge(place.name)
        with found.open(entry) as packed:
            copyfileobj(packed, unpacked, 1 << 20)
        unpacked.seek(0)
        yield unpacked
