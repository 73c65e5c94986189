"""Files that grow, are renamed, copied and emptied, packed and removed: which is which, and what is new in each.

A file is known by device and inode, and by what stands right before the octet up to which it was read: whatever
rotation did with it, its lines are read once. An inode that another file got, or one that was emptied, fails this
proof; a copy or a packed copy of what was read passes it.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, NamedTuple

from negatoscope.intake.events.raw import MOST_DATA
from negatoscope.intake.files.folder import Found, Place, is_same, root
from negatoscope.intake.files.piece import Piece, piece
from negatoscope.model.files import Followed

PROOF = 1024
"""Octets before the place reached that must stand there still."""
CHUNK = 1024 * 1024
"""Octets that are read at a time."""
GZIP = b"\x1f\x8b"
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
"""What a packed file raises that is not whole."""
MOST_REMEMBERED = 10_000
Proves = Callable[[Found, Followed], bool]


@dataclass
class Plan:
    """What is to be done with the files of a folder."""

    read: list[tuple[Found, Followed]] = field(default_factory=list)
    """Files and how far each was read."""
    fresh: list[Found] = field(default_factory=list)
    """Files that nobody has seen."""
    lost: list[Followed] = field(default_factory=list)
    """Those that are nowhere; what becomes of them may be found later."""


def plan(found: Sequence[Found], known: Iterable[Followed], proves: Proves, since: int | None = None) -> Plan:
    """Tell which file is which. ``since``: when one last looked, as in ``touched``; ``None``: never.

    A file that is not asked for by its name, but is called as one that was turned and was written to since, was turned
    more than once in the meantime: it is read like those asked for.
    """
    standing, told, unclaimed = list(known), Plan(), list[Found]()
    origins = {each.origin for each in standing} | {one.name for one in found if one.wanted}
    for one in found:
        mine = next((each for each in standing if is_same(one, each) and proves(one, each)), None)
        if mine is None:
            unclaimed.append(one)
        else:
            standing.remove(mine)
            told.read.append((one, mine))
    for one in unclaimed:
        copied = _copied(one, standing, proves)
        if copied is not None:
            standing.remove(copied)
            told.read.append((one, replace(copied, device=one.device, inode=one.inode)))
            continue
        turned = since is not None and one.touched > since and root(one.name) in origins
        if (one.wanted or turned) and _copied(one, [mine for _one, mine in told.read], proves) is None:
            told.fresh.append(one)
    told.lost = [replace(one, inode="") for one in standing]
    return told


def _copied(one: Found, known: Iterable[Followed], proves: Proves) -> Followed | None:
    """Of which of these files this is a copy; of several, the one that was read furthest."""
    kin = (each for each in known if each.offset and root(one.name) == root(each.origin))
    return max((each for each in kin if proves(one, each)), key=lambda each: each.offset, default=None)


@dataclass
class Prover:
    """Compares what stands before a place with what stood there; what has not changed is compared once."""

    place: Place
    told: dict[tuple[object, ...], bool] = field(default_factory=dict)

    def proves(self, one: Found, known: Followed) -> bool:
        """Whether what was read of a file stands in this one, at the same place. Raises OSError."""
        mark = (one.device, one.inode, one.size, one.touched, known.offset, known.proof)
        if mark not in self.told:
            if len(self.told) >= MOST_REMEMBERED:
                self.told.clear()
            self.told[mark] = self._compare(one, known)
        return self.told[mark]

    def _compare(self, one: Found, known: Followed) -> bool:
        if not known.offset:
            return True
        with self.place.opened(one) as file:
            try:
                return proof_of(plain(file), known.offset) == known.proof
            except DAMAGED:  # somebody is packing it
                return False


def plain(file: IO[bytes]) -> IO[bytes]:
    """What a file holds, unpacked where it is packed."""
    packed = file.read(len(GZIP)) == GZIP
    file.seek(0)
    return gzip.GzipFile(fileobj=file, mode="rb") if packed else file  # type: ignore[return-value]  # reads as one


def proof_of(file: IO[bytes], offset: int) -> str:
    """The digest of what stands right before a place; empty where the file is shorter. Raises OSError."""
    since = max(0, offset - PROOF)
    file.seek(since)
    data = file.read(offset - since)
    return hashlib.sha256(data).hexdigest() if len(data) == offset - since else ""


class Chunk(NamedTuple):
    """Lines with the octets at which they begin, and how far the file is read with them."""

    pieces: tuple[tuple[int, Piece], ...]
    reached: Followed
    more: bool
    """Whether there is more to read now."""


def chunk(file: IO[bytes], known: Followed, *, rests: bool) -> Chunk:
    """The next lines of a file. ``rests``: nobody writes any more, what has no end is a line.

    Raises OSError, and what is in ``DAMAGED``.
    """
    told = plain(file)
    told.seek(known.offset)
    data = told.read(CHUNK)
    pieces, used, within = _cut(data, known.within, rests=rests)
    if not used:
        return Chunk((), known, more=False)
    offset = known.offset + used
    reached = replace(known, offset=offset, proof=proof_of(told, offset), within=within)
    return Chunk(tuple((known.offset + place, one) for place, one in pieces), reached, more=len(data) == CHUNK)


def _cut(data: bytes, within: bool, *, rests: bool) -> tuple[list[tuple[int, Piece]], int, bool]:  # noqa: FBT001 -- a state
    """The lines of what was read, how much of it they are, and whether it ends within a line that is too long."""
    end = data.rfind(b"\n") + 1
    if not end and len(data) == CHUNK:
        return [] if within else [(0, Piece(data[:MOST_DATA], CHUNK))], CHUNK, True
    if rests and len(data) < CHUNK:
        end = len(data)
    pieces, place = list[tuple[int, Piece]](), 0
    for number, line in enumerate(data[:end].split(b"\n")):
        bare = line.strip(b"\r\0")
        if bare and not (within and number == 0):
            pieces.append((place, piece(bare)))
        place += len(line) + 1
    return pieces, end, within and not end
