"""Evidence of an incident: read where it lies, compared with the digest that came with it, and told in the log."""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.responding import Line
from negatoscope.model.custody import Collected, Compared, Piece
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.incident import Noted, What
from negatoscope.respond.custody import chains
from negatoscope.respond.incident import Refused

CHUNK = 1 << 20
UNREAD = "0" * 64
"""Stands for a digest until the piece is read: what would be refused is refused before an image is read for hours."""
type_progress = Callable[[int], None]
"""Told how many octets were read."""


def quiet(_octets: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Found:
    """A file that was taken elsewhere. ``expected``: the digest that came with it; empty: none did."""

    file: Path
    piece: Piece
    host: Ref
    held: str
    seal: str = ""
    expected: str = ""
    why: str = ""
    progress: type_progress = quiet


@dataclass(frozen=True)
class Again:
    """A file that is said to be a piece. ``place``: of the line that collected it."""

    place: int
    file: Path
    progress: type_progress = quiet


class Other(Exception):  # noqa: N818 -- what it is
    """The file is not what it should be: ``expected`` and ``found``, sha256. The log says that it was tried."""

    def __init__(self, expected: str, found: str) -> None:
        """Keep both."""
        super().__init__(found)
        self.expected, self.found = expected, found


class Unsettled(Exception):  # noqa: N818 -- what it is
    """The file changed while it was read: somebody still writes it."""


def digest(file: Path, progress: type_progress) -> tuple[str, int]:
    """The sha256 of a file and its length, read once, in pieces. Raises OSError, Unsettled."""
    told, size = hashlib.sha256(), 0
    if not file.is_file():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file))
    with file.open("rb") as stream:
        before = os.fstat(stream.fileno())
        while chunk := stream.read(CHUNK):
            told.update(chunk)
            size += len(chunk)
            progress(size)
        after = os.fstat(stream.fileno())
    if size != after.st_size or before.st_mtime_ns != after.st_mtime_ns:
        raise Unsettled(str(file))
    return told.hexdigest(), size


def collect(console: Console, number: int, found: Found, who: Handler) -> int:
    """Read a piece where it lies and add it to the evidence; returns its place.

    Raises Refused (``host_unknown``: neither the register nor the incident names such equipment), Other, Unsettled,
    OSError.
    """
    if not known(console, number, found.host):
        raise Refused("host_unknown")
    expected = "".join(found.expected.split()).lower()
    word = Collected(found.piece, found.host, found.file.name, found.held, found.seal, expected or UNREAD, read=True)
    responding.weigh(console, number, Line(word, found.why), who)
    told, size = digest(found.file, found.progress)
    if expected and expected != told:
        _tell_other(console, number, found.file.name, (expected, told), who)
    word = structs.replace(word, digest=told, size=size)
    return responding.say(console, number, Line(word, found.why), who)


def compare(console: Console, number: int, again: Again, who: Handler) -> int:
    """Read a piece again and note what it is now. Raises Refused, Other (noted all the same), Unsettled, OSError."""
    pieces = chains(responding.incident(console, number))
    chain = next((one for one in pieces if one.taken.place == again.place), None)
    if chain is None:
        raise Refused("no_piece")
    responding.weigh(console, number, Line(Compared(again.place, UNREAD, 0)), who)
    told, size = digest(again.file, again.progress)
    line = responding.say(console, number, Line(Compared(again.place, told, size)), who)
    if told != chain.word.digest:
        raise Other(chain.word.digest, told)
    return line


def known(console: Console, number: int, host: Ref) -> bool:
    """A name with a mistake in it would be another's evidence."""
    if (What.HOST, host) in responding.incident(console, number).touched:
        return True
    return host in {one.ref for one in StoredRegister(console.practice).seen(Host).facts}


def _tell_other(console: Console, number: int, name: str, digests: tuple[str, str], who: Handler) -> None:
    expected, told = digests
    responding.say(console, number, Line(Noted(), f"sha256 {told} ≠ {expected}", name), who)
    raise Other(expected, told)
