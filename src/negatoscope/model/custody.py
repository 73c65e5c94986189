"""Evidence of an incident, as its log tells it: what was taken, who holds it, whether it is still the same."""

from enum import StrEnum

from msgspec import Struct

from negatoscope.model.evidence import Ref


class Piece(StrEnum):
    """Kinds of evidence, in the order in which they are taken: what is lost first, first."""

    MEMORY = "memory"
    DISK = "disk"
    LOGS = "logs"
    FILE = "file"
    DEVICE = "device"
    """The equipment itself, sealed."""


class Collected(Struct, frozen=True, tag="collected"):
    """A piece of evidence was taken. It stays where it is held: the log knows its digest, not its content."""

    piece: Piece
    host: Ref
    name: str
    """Of the file, or what it is."""
    held: str
    """By whom, and where."""
    seal: str = ""
    digest: str = ""
    """sha256, in hexadecimal; none of a device."""
    size: int | None = None
    read: bool = False
    """The digest was reckoned here, by reading it; else it is somebody's word."""


class Inquired(Struct, frozen=True, tag="inquired"):
    """Rule 38's questions about a host were asked, and the answers kept, in the vault under their digest."""

    host: Ref
    asked: tuple[str, ...]
    """The questions that could be answered: ``twins``, ``reach``, ``talk`` …"""
    name: str
    digest: str
    size: int


class Passed(Struct, frozen=True, tag="passed"):
    """A piece changed hands. ``place``: of the entry that collected it."""

    place: int
    to: str
    """Who holds it now, and where."""
    seal: str = ""


class Compared(Struct, frozen=True, tag="compared"):
    """A piece was read again, and this is its digest now."""

    place: int
    digest: str
    size: int
