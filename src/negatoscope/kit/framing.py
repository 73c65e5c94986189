"""Messages one after the other in a file: each with a letter, the instant it came, and its length before it."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

HEAD = struct.Struct("!cdI")
MOST = 65_535
"""Octets of one message."""


def frame(kind: bytes, at: float, message: bytes) -> bytes:
    """Frame one message. ``kind``: one octet; ``at``: seconds since 1970."""
    return HEAD.pack(kind, at, len(message)) + message


def frames(stream: BinaryIO, kinds: frozenset[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Give kind and message of each frame; one cut short at the end was never whole.

    Raises ValueError with the place, in octets, of what is no frame.
    """
    place = 0
    while len(head := stream.read(HEAD.size)) == HEAD.size:
        kind, _, length = HEAD.unpack(head)
        if kind not in kinds or length > MOST:
            raise ValueError(place)
        message = stream.read(length)
        if len(message) < length:
            return
        place += HEAD.size + length
        yield kind, message
