"""Frames of a spool's files: numbered, with a checksum, and found again after a damaged one.

A frame is a mark, the length of what it holds, its number and a checksum of all this and of what it holds. The checksum
begins with a salt that stands in the file's name alone: bytes that a sender chose never pass for a frame.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MARK = b"\xf5NgF"
_HEAD = struct.Struct("!4sIQI")
_SEALED = struct.Struct("!IQ")
HEAD = _HEAD.size
MOST = 512 * 1024
"""Octets that a frame may hold."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, and where in its file it ends."""

    number: int
    body: bytes
    end: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Octets that are no frame, though one follows them."""

    start: int
    end: int


def seed(salt: str) -> int:
    """With what the checksums of a file begin."""
    return zlib.crc32(salt.encode())


def frame(number: int, body: bytes, begin: int) -> bytes:
    """Frame what is to be kept. ``begin``: the file's ``seed``."""
    return _HEAD.pack(MARK, len(body), number, _sum(number, body, begin)) + body


def _sum(number: int, body: bytes, begin: int) -> int:
    return zlib.crc32(body, zlib.crc32(_SEALED.pack(len(body), number), begin))


def frames(data: bytes, begin: int) -> Iterator[Frame | Damage]:
    """Every whole frame, in order; what lies between is told where a frame follows it, a torn end is not."""
    place, sound = 0, 0
    while place >= 0:
        found = _at(data, place, begin)
        if found is None:
            place = data.find(MARK, place + 1)
            continue
        if place > sound:
            yield Damage(sound, place)
        yield found
        place = sound = found.end


def _at(data: bytes, place: int, begin: int) -> Frame | None:
    """The frame that begins here; ``None``: there is none, or it is not whole."""
    if place + HEAD > len(data):
        return None
    mark, length, number, told = _HEAD.unpack_from(data, place)
    end = place + HEAD + length
    if mark != MARK or length > MOST or end > len(data):
        return None
    body = data[place + HEAD : end]
    return Frame(number, body, end) if _sum(number, body, begin) == told else None
