"""One record of a file, or what stood where one should be."""

from enum import StrEnum
from typing import NamedTuple

from negatoscope.intake.events.raw import MOST_DATA

MOST_RECORD = 4 * 1024 * 1024
"""Octets of a record that is put together from parts (an object, an XML event); a longer one is passed over."""


class Flaw(StrEnum):
    """Why there is no record."""

    UNREADABLE = "unreadable"
    """Torn, or not of its file's kind."""
    TOO_LONG = "too_long"
    DAMAGED = "damaged"
    """A part of a Windows event file, or of an archive."""
    NO_LOG = "no_log"
    """A file of another kind: a picture, a programme."""
    TOO_LARGE = "too_large"
    """It unpacks beyond every bound."""
    NESTED = "nested"
    """An archive within an archive."""
    LOCKED = "locked"
    """A member of an archive that asks for a password."""


class Piece(NamedTuple):
    """``data`` is empty where ``flaw`` says why. ``size``: how long a line was that is cut."""

    data: bytes
    size: int | None = None
    flaw: Flaw | None = None


def shown(name: str) -> str:
    """A file's name as a table can hold it: names of files may be any octets."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)


def flawed(why: Flaw) -> Piece:
    """What stands for a record that cannot be had."""
    return Piece(b"", None, why)


def piece(data: bytes) -> Piece:
    """A record, or what is kept of it."""
    return Piece(data) if len(data) <= MOST_DATA else Piece(data[:MOST_DATA], len(data))
