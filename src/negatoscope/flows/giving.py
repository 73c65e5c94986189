"""Files of logs handed over, and folders that are followed: who said so is in the ledger; ``feeding`` reads them."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import IO

from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.intake.events.raw import GIVEN
from negatoscope.intake.files.piece import shown
from negatoscope.intake.files.unpacking import SPARE, NoRoom, digest_of
from negatoscope.kit.durable import sync_folder
from negatoscope.model.files import LogFile, LogFolder
from negatoscope.store import files

RINGS_WITHIN = timedelta(days=7)
"""Of a file that is watched, lines no older than this raise alerts: what is older is searched only."""
MOST_FILE = 8 << 30
MOST_NAME = 80
MOST_FOLDERS = 32
_BLOCK = 1 << 20
_NOT_LOGS = ("/proc", "/sys", "/dev", "/run/secrets")


class NotTaken(Exception):  # noqa: N818 -- what it is
    """A file or a folder is not taken. ``code`` says why.

    ``known`` (the same file was given before), ``empty``, ``too_large``; of folders ``not_absolute``, ``not_logs``,
    ``own_data``, ``pattern``, ``name``, ``name_taken``, ``too_many``.
    """

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Gift:
    """A file that somebody gives. ``watched``: its recent lines raise alerts; else it is searched only."""

    name: str
    watched: bool


def place(console: Console) -> Path:
    """Where given files wait until they are read."""
    return console.config.data / "spool" / "events" / "files"


def asked(data: Path) -> bool:
    """Whether anybody ever gave a file or named a folder in this data directory: then somebody must read them."""
    return (data / "spool" / "events" / "files").exists()


def give(console: Console, operator: str, gift: Gift, source: IO[bytes]) -> LogFile:
    """Keep a file to be read. Raises NotTaken, NoRoom, OSError."""
    within = RINGS_WITHIN.total_seconds() if gift.watched else 0.0

    def told(digest: str, size: int) -> bool:
        now = console.clock()
        with alone(console):
            one = LogFile(0, digest, shown(gift.name), size, now, operator, within, files.WAITING, 0, {})
            if files.give(console.practice, one) is None:
                return False
            enter(console, now, "log_file_given", operator, {"digest": digest, "name": one.name, "within": within})
        return True

    digest = keep(console, source, told)
    if (one := files.given(console.practice, digest)) is None:  # pragma: no cover -- just written
        raise NotTaken("known")
    return one


def keep(console: Console, source: IO[bytes], told: Callable[[str, int], bool]) -> str:
    """Copy a file durably, then tell its digest and size; where nobody wants it, it goes. Returns the digest.

    Raises NotTaken, NoRoom, OSError. A copy that a crash left without its row is swept away later.
    """
    folder = _prepared(console)
    copy = folder / f".new-{token_hex(8)}"
    try:
        size = _copy(source, copy)
        digest = digest_of(copy)
        kept = folder / digest
        if kept.exists() or not size:
            raise NotTaken("known" if size else "empty")
        copy.rename(kept)
        sync_folder(folder)
    finally:
        copy.unlink(missing_ok=True)
    try:
        wanted = told(digest, size)
    except BaseException:
        kept.unlink()
        raise
    if not wanted:
        kept.unlink()
        raise NotTaken("known")
    return digest


def _prepared(console: Console) -> Path:
    folder = place(console)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _copy(source: IO[bytes], to: Path) -> int:
    size = 0
    with to.open("xb") as out:
        to.chmod(0o600)
        while data := source.read(_BLOCK):
            size += len(data)
            if size > MOST_FILE:
                raise NotTaken("too_large")
            if shutil.disk_usage(to.parent).free < SPARE:
                raise NoRoom(str(to))
            out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return size


def sender(one: LogFile) -> str:
    """As which source the lines of a given file are kept."""
    return f"{GIVEN}{one.digest[:12]}/{one.name}"[:250]


def follow(console: Console, operator: str, wanted: LogFolder) -> int:
    """Follow a folder; returns its number. Raises NotTaken."""
    check(console, wanted)
    with alone(console):
        if len(files.folders(console.practice)) >= MOST_FOLDERS:
            raise NotTaken("too_many")
        now = console.clock()
        number = files.add_folder(console.practice, wanted, (operator, now))
        if number is None:
            raise NotTaken("name_taken")
        said = {"name": wanted.name, "folder": wanted.folder, "pattern": wanted.pattern}
        enter(console, now, "log_folder_followed", operator, said)
    _prepared(console)
    return number


def check(console: Console, wanted: LogFolder) -> None:
    """Refuse what is no folder of logs, by its words alone: it may well be made later. Raises NotTaken."""
    folder, own = PurePosixPath(wanted.folder), console.config.data.resolve()
    keys = console.config.key_folder.resolve()
    if not wanted.name.strip() or len(wanted.name) > MOST_NAME or "/" in wanted.name:
        raise NotTaken("name")
    if not folder.is_absolute() or str(folder) != wanted.folder or ".." in folder.parts or "\0" in wanted.folder:
        raise NotTaken("not_absolute")
    if any(folder.is_relative_to(one) for one in _NOT_LOGS) or folder == PurePosixPath("/"):
        raise NotTaken("not_logs")
    if any(folder.is_relative_to(one) or one.is_relative_to(folder) for one in (own, keys)):
        raise NotTaken("own_data")
    if not wanted.pattern or "/" in wanted.pattern or "\0" in wanted.pattern:
        raise NotTaken("pattern")


def unfollow(console: Console, operator: str, number: int) -> str | None:
    """Follow a folder no more; returns its name, ``None`` where it is not followed. What was read of it stays."""
    with alone(console):
        now = console.clock()
        name = files.remove_folder(console.practice, number, now)
        if name is not None:
            enter(console, now, "log_folder_left", operator, {"name": name})
        return name
