"""Security identifiers and descriptors, as Windows writes them (MS-DTYP 2.4.2, 2.4.6). Every length is checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct, error
from uuid import UUID

from negatoscope.observe.collector import Unreadable

_HEADER = Struct("<BBHIIII")
_LIST = Struct("<BBHHH")
_ENTRY = Struct("<BBH")
_MASK = Struct("<I")
ALLOWED, ALLOWED_OBJECT = 0x00, 0x05
ALLOWED_CALLBACK, ALLOWED_CALLBACK_OBJECT = 0x09, 0x0B
INHERIT_ONLY = 0x08
OF_OBJECT = frozenset({ALLOWED_OBJECT, ALLOWED_CALLBACK_OBJECT})
PLAIN = frozenset({ALLOWED, ALLOWED_CALLBACK})
MOST_PARTS = 15
HAS_OBJECT, HAS_INHERITED = 0x1, 0x2


@dataclass(frozen=True, slots=True)
class Ace:
    """One right given. ``about``: the attribute, property set or extended right it is limited to."""

    to: str
    mask: int
    about: UUID | None
    inherit_only: bool


@dataclass(frozen=True, slots=True)
class Descriptor:
    """Who owns an object and who may do what to it. ``aces`` is ``None`` for a NULL list: everybody may do anything."""

    owner: str | None
    aces: tuple[Ace, ...] | None


def sid(data: bytes, at: int = 0) -> str:
    """``S-1-5-…``. Raises Unreadable."""
    try:
        revision, parts = data[at], data[at + 1]
        if revision != 1 or parts > MOST_PARTS or len(data) < at + 8 + 4 * parts:
            raise Unreadable("sid_malformed", f"byte {at}")
    except IndexError as cause:
        raise Unreadable("sid_malformed", f"byte {at}") from cause
    authority = int.from_bytes(data[at + 2 : at + 8], "big")
    rest = (int.from_bytes(data[at + 8 + 4 * n : at + 12 + 4 * n], "little") for n in range(parts))
    return "-".join(["S-1", str(authority), *map(str, rest)])


def descriptor(data: bytes) -> Descriptor:
    """Read a self-relative descriptor. Raises Unreadable."""
    try:
        revision, _, _control, owner, _group, _audit, rights = _HEADER.unpack_from(data)
        if revision != 1:
            raise Unreadable("descriptor_malformed", "byte 0")
        return Descriptor(sid(data, owner) if owner else None, tuple(_aces(data, rights)) if rights else None)
    except error as cause:
        raise Unreadable("descriptor_malformed", str(cause)) from cause


def _aces(data: bytes, at: int) -> Iterator[Ace]:
    _, _, size, count, _ = _LIST.unpack_from(data, at)
    end = at + size
    at += _LIST.size
    for _ in range(count):
        kind, flags, length = _ENTRY.unpack_from(data, at)
        if length < _ENTRY.size + _MASK.size or at + length > min(end, len(data)):
            raise Unreadable("descriptor_malformed", f"byte {at}")
        if kind in PLAIN | OF_OBJECT:
            yield _ace(data[at : at + length], kind, flags)
        at += length


def _ace(data: bytes, kind: int, flags: int) -> Ace:
    at = _ENTRY.size
    (mask,) = _MASK.unpack_from(data, at)
    at += _MASK.size
    about: UUID | None = None
    if kind in OF_OBJECT:
        (present,) = _MASK.unpack_from(data, at)
        at += _MASK.size
        if present & HAS_OBJECT:
            about = _uuid(data, at)
            at += 16
        if present & HAS_INHERITED:
            at += 16
    return Ace(sid(data, at), mask, about, bool(flags & INHERIT_ONLY))


def _uuid(data: bytes, at: int) -> UUID:
    piece = data[at : at + 16]
    if len(piece) != 16:  # noqa: PLR2004 -- a UUID's length
        raise Unreadable("descriptor_malformed", f"byte {at}")
    return UUID(bytes_le=piece)
