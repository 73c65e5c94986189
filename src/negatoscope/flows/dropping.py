"""Mails that are dropped in a folder become reports: each once, kept as it came, its sender believed by nobody.

A mail program or a script puts files there (``*.eml``); the loop takes them. What is taken is in the vault before the
file goes; what cannot be taken is put aside; what is too much for now waits where it is.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path

from negatoscope.flows import tipping
from negatoscope.flows.alerting import CONSOLE
from negatoscope.flows.console import Console
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.tipping import File, NotTaken, Sending
from negatoscope.kit.canonical import sha256
from negatoscope.model.tip import BY_MAIL, Look
from negatoscope.respond import mailed, tips

EVERY = timedelta(seconds=5)
AT_ONCE, LOOKED_AT, KEPT_ASIDE = 5, 1_000, 200
"""Mails of one round, names of the folder that are looked at, mails that are kept aside."""
LATER = frozenset({"too_many", "too_many_of_all", "no_more_files"})
Stamp = tuple[int, int, int]


def folder(console: Console) -> Path:
    """Where mails are dropped."""
    return console.config.data / "drop" / "mail"


def aside(console: Console) -> Path:
    """Where those are that could not be taken."""
    return console.config.data / "drop" / "refused"


def refused(console: Console) -> int:
    """How many mails lie aside."""
    place = aside(console)
    return sum(1 for _one in islice(place.iterdir(), KEPT_ASIDE)) if place.is_dir() else 0


@dataclass
class Dropped:
    """The loop's own memory: what it saw in the folder. A file still written to changes between two looks."""

    looked: datetime | None = None
    seen: dict[str, Stamp] = field(default_factory=dict)

    def round(self, console: Console) -> None:
        """Take what has come, a few mails at a time."""
        now = console.clock()
        if self.looked is not None and timedelta() <= now - self.looked < EVERY:
            return
        self.looked = now
        place = folder(console)
        with suppress(OSError):  # a disk that fails now is asked again
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = dict(_files(place))
            rested = [name for name, stamp in found.items() if self.seen.get(name) == stamp]
            self.seen = found
            for name in sorted(rested, key=lambda name: found[name][1])[:AT_ONCE]:
                if not take(console, name):
                    break


def _files(place: Path) -> Iterator[tuple[str, Stamp]]:
    """Files of the folder that may be mails; no link is followed."""
    with os.scandir(place) as entries:
        for entry in islice(entries, LOOKED_AT):
            if entry.name.lower().endswith(".eml") and not entry.name.startswith(".") and not entry.is_symlink():
                with suppress(OSError):
                    told = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(told.st_mode):
                        yield entry.name, (told.st_size, told.st_mtime_ns, told.st_ino)


def take(console: Console, name: str) -> bool:
    """Take one mail, or put it aside; ``False``: there is no room for more now, it waits. Raises OSError."""
    file = folder(console) / name
    data = _bytes(file)
    if data is None:
        _put_aside(console, file, "too_large", "")
        return True
    digest = sha256(data)
    told = mailed.read(data)
    sending = Sending(
        f"mail/{digest}"[:60],
        Look.MAIL,
        told.words,
        name=told.sender,
        address=BY_MAIL,
        files=[File(name, BytesIO(data))],
    )
    try:
        tipping.send(console, sending)
    except DiskFull:
        return False
    except NotTaken as error:
        if error.code in LATER:
            return False
        _put_aside(console, file, error.code, digest)
        return True
    file.unlink(missing_ok=True)
    return True


def _bytes(file: Path) -> bytes | None:
    """A whole mail; ``None``: it is larger than a report may be. Raises OSError."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as opened:  # noqa: PTH123 -- of a handle
        data = opened.read(tips.MOST_FILE + 1)
    return data if len(data) <= tips.MOST_FILE else None


def _put_aside(console: Console, file: Path, why: str, digest: str) -> None:
    """Keep it where somebody may look at it, the newest so many; the ledger knows."""
    place = aside(console)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(console):
        enter(console, console.clock(), "tip_mail_refused", CONSOLE, {"why": why, "digest": digest})
    file.replace(place / file.name)
    for old in sorted(place.iterdir(), key=lambda one: one.lstat().st_mtime_ns)[:-KEPT_ASIDE]:
        old.unlink(missing_ok=True)
