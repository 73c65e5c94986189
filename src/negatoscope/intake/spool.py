"""Answers that come one by one, kept durably until they are whole; and what was refused, counted by reason."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import msgspec

from negatoscope.kit.canonical import canonical, sha256
from negatoscope.kit.durable import sync_folder

MOST_BYTES = 4 * 1024 * 1024
"""A device whose answers grow past this has gone wrong: no more are kept, and a job that lacks some is not whole."""


MOST_COUNTED = 1_000_000
"""Refusals past which no more are counted: the page says that there were at least so many."""


class Refusals(msgspec.Struct):
    """How often posts were refused for one reason, at least, and when last."""

    count: int
    last: datetime


@dataclass(frozen=True)
class Spool:
    """A folder beside the vault."""

    folder: Path

    def add(self, device: str, line: dict[str, Any]) -> None:
        """Keep one more answer of a device; it is on the disk when this returns."""
        with self._open(device) as file:
            end = file.seek(0, 2)
            if end > MOST_BYTES:
                return
            try:
                file.write(_begun(file, end) + canonical(line) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                with suppress(OSError):
                    os.truncate(file.fileno(), end)
                raise
        sync_folder(self.folder)

    def lines(self, device: str) -> list[dict[str, Any]]:
        """What is kept of a device; a line cut short by a crash was never acknowledged."""
        with self._open(device) as file:
            file.seek(0)
            return list(_whole(file))

    def clear(self, device: str) -> None:
        """Forget them: they are elsewhere now."""
        self._path(device).unlink(missing_ok=True)
        sync_folder(self.folder)

    def refuse(self, reason: str, at: datetime) -> None:
        """Count a refused post: one byte more in a file of its own, so that a flood of them costs next to nothing."""
        with suppress(OSError):
            (self.folder / "refused").mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self.folder / "refused" / reason
            if not path.exists() or path.stat().st_size < MOST_COUNTED:
                with path.open("ab") as file:
                    file.write(b".")
            os.utime(path, (at.timestamp(), at.timestamp()))

    def refusals(self) -> dict[str, Refusals]:
        """Refused posts by reason."""
        told = {path.name: path.stat() for path in (self.folder / "refused").glob("*")}
        return {name: Refusals(one.st_size, datetime.fromtimestamp(one.st_mtime, UTC)) for name, one in told.items()}

    @contextmanager
    def _open(self, device: str) -> Iterator[IO[bytes]]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path(device).open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file

    def _path(self, device: str) -> Path:
        return self.folder / f"{sha256(device.encode())}.jsonl"


def _begun(file: IO[bytes], end: int) -> bytes:
    """What a new line begins with: a crash may have left half of the one before."""
    if not end:
        return b""
    file.seek(end - 1)
    return b"" if file.read(1) == b"\n" else b"\n"


def _whole(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Lines that were written to their end; half a one was never acknowledged."""
    for line in file:
        if line.endswith(b"\n"):
            with suppress(msgspec.DecodeError):
                yield msgspec.json.decode(line)
