"""The bytes of a post: told by their first bytes, whatever the sender says, and inflated no further than a limit."""

import gzip
import zlib
from enum import StrEnum

from negatoscope.intake.refusal import TOO_LARGE, Refused

MAX_POST = 8 * 1024 * 1024
"""Bytes on the wire; the largest inventory of a workstation seen is under 200 kB."""
MAX_INFLATED = 24 * 1024 * 1024


class Packing(StrEnum):
    """How a post is compressed; the answer is packed alike."""

    ZLIB = "application/x-compress-zlib"
    GZIP = "application/x-compress-gzip"
    NONE = ""


def inflate(data: bytes, most: int = MAX_INFLATED) -> tuple[bytes, Packing]:
    """Return what was sent, and how it was packed. Raises Refused: ``empty``, ``too_large``, ``not_inflatable``."""
    if not data:
        raise Refused("empty")
    if data[:2] == b"\x1f\x8b":
        return _bounded(data, zlib.MAX_WBITS | 16, most), Packing.GZIP
    if data[:1] == b"\x78" and not int.from_bytes(data[:2]) % 31:
        return _bounded(data, zlib.MAX_WBITS, most), Packing.ZLIB
    if len(data) > most:
        raise Refused("too_large", TOO_LARGE)
    return data, Packing.NONE


def _bounded(data: bytes, bits: int, most: int) -> bytes:
    """Inflate step by step: what would grow past the limit is never held in memory."""
    stream = zlib.decompressobj(bits)
    try:
        inflated = stream.decompress(data, most + 1)
    except zlib.error as error:
        raise Refused("not_inflatable") from error
    if len(inflated) > most or stream.unconsumed_tail:
        raise Refused("too_large", TOO_LARGE)
    if not stream.eof:
        raise Refused("not_inflatable")
    return inflated


def pack(text: bytes, packing: Packing) -> bytes:
    """Compress an answer as its question was."""
    if packing is Packing.ZLIB:
        return zlib.compress(text)
    return gzip.compress(text, mtime=0) if packing is Packing.GZIP else text
