"""A folder of log files, opened so that nothing leads out of it: regular files only, no symbolic link followed."""

import os
import re
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from fnmatch import fnmatchcase
from io import BufferedReader
from itertools import islice
from typing import NamedTuple

from negatoscope.model.files import Followed, LogFolder

MOST_FILES = 256
"""Of a folder; the newest."""
MOST_ENTRIES = 20_000
"""Names that are looked at."""


class Trouble(StrEnum):
    """Why a folder cannot be read, or not all of it."""

    GONE = "gone"
    DENIED = "denied"
    NO_FOLDER = "no_folder"
    LINK = "link"
    """A symbolic link stands on the way."""
    TOO_MANY = "too_many"
    FILE_DENIED = "file_denied"
    """A file of it cannot be opened."""
    BROKEN = "broken"
    """A file of it could not be read to its end."""
    NO_ROOM = "no_room"
    """The disk has no room for a copy of what must be read whole."""


class Unseen(Exception):  # noqa: N818 -- what it is
    """The folder cannot be read."""

    def __init__(self, trouble: Trouble) -> None:
        """Keep why."""
        super().__init__(trouble)
        self.trouble = trouble


class Found(NamedTuple):
    """A file as it stands. ``wanted``: its name is one of those asked for; else it may be what one of them became."""

    name: str
    device: str
    inode: str
    size: int
    touched: int
    """When it was last written to, in nanoseconds since 1970."""
    wanted: bool


_TAIL = re.compile(r"(?:[-._]\d[\d._T:-]*|\.gz|\.old|\.bak)+$", re.ASCII)
_DATE = re.compile(r"[-._]\d{4}[\d._T:-]*(?=\.[A-Za-z]\w*$)", re.ASCII)


def root(name: str) -> str:
    """What a file was called before it was turned: ``auth.log.2.gz`` and ``auth-20261122.log`` were ``auth.log``."""
    return _DATE.sub("", _TAIL.sub("", name)) or name


class Place:
    """A folder while it is looked at."""

    def __init__(self, handle: int) -> None:
        """Keep the handle; whoever opened it closes it."""
        self._handle = handle

    def files(self, pattern: str, origins: Collection[str]) -> tuple[list[Found], frozenset[Trouble]]:
        """Files of these names, and those that files of these ``origins`` may have become; the oldest first.

        And why some are left out: too many, or not to be opened. Raises OSError.
        """
        found, troubles = list[Found](), set[Trouble]()
        with os.scandir(self._handle) as scanned:
            entries = {entry: _asked_for(entry.name, pattern) for entry in islice(scanned, MOST_ENTRIES)}
        named = {*origins, *(entry.name for entry, wanted in entries.items() if wanted)}
        roots = {*named, *map(root, named)}
        for entry, wanted in entries.items():
            if (wanted or root(entry.name) in roots) and (one := _seen(entry, wanted=wanted)):
                found.append(one)
        found.sort(key=lambda one: (one.touched, one.name))
        if len(found) > MOST_FILES or len(entries) == MOST_ENTRIES:
            troubles.add(Trouble.TOO_MANY)
        readable = [one for one in found[-MOST_FILES:] if self._opens(one)]
        if len(readable) < min(len(found), MOST_FILES):
            troubles.add(Trouble.FILE_DENIED)
        return readable, frozenset(troubles)

    def _opens(self, one: Found) -> bool:
        try:
            with self.opened(one):
                return True
        except OSError:
            return False

    @contextmanager
    def opened(self, one: Found) -> Iterator[BufferedReader]:
        """A file that was found, if it is still the one. Raises OSError, FileNotFoundError."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with open(os.open(one.name, flags, dir_fd=self._handle), "rb") as file:  # noqa: PTH123 -- relative to a handle
            told = os.fstat(file.fileno())
            if not stat.S_ISREG(told.st_mode) or (str(told.st_dev), str(told.st_ino)) != (one.device, one.inode):
                raise FileNotFoundError(one.name)
            yield file


def _asked_for(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) and (pattern[:1] == "." or name[:1] != ".")


def _seen(entry: "os.DirEntry[str]", *, wanted: bool) -> Found | None:
    with suppress(OSError):
        told = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(told.st_mode):
            return Found(entry.name, str(told.st_dev), str(told.st_ino), told.st_size, told.st_mtime_ns, wanted)
    return None


@contextmanager
def place(one: LogFolder) -> Iterator[Place]:
    """A folder, open. Raises Unseen."""
    try:
        if os.path.realpath(one.folder) != one.folder and os.path.lexists(one.folder):
            raise Unseen(Trouble.LINK)
        handle = os.open(one.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise Unseen(_WHY.get(type(error), Trouble.GONE)) from error
    try:
        yield Place(handle)
    finally:
        os.close(handle)


_WHY: dict[type[OSError], Trouble] = {PermissionError: Trouble.DENIED, NotADirectoryError: Trouble.NO_FOLDER}


def is_same(one: Found, known: Followed) -> bool:
    """Whether this is the inode that a file had."""
    return (one.device, one.inode) == (known.device, known.inode)
