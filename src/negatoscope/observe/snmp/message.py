"""What is asked of an agent and what it answers (RFC 3416), under versions 1 and 2c (RFC 1901)."""

from dataclasses import dataclass

from negatoscope.observe.snmp.ber import (
    INTEGER,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    Garbled,
    elements,
    first,
    integer,
    octets,
    oid,
    sequence,
    to_integer,
    to_oid,
    wrapped,
)

V1, V2C, V3 = 0, 1, 3
GET, GETNEXT, RESPONSE, GETBULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA5, 0xA8
EXCEPTIONS = frozenset({0x80, 0x81, 0x82})
"""``noSuchObject``, ``noSuchInstance``, ``endOfMibView``."""
NO_SUCH_NAME = 2
BULK = 20
"""Rows asked for at once: an answer stays within one packet."""
MAX_BINDS = 2000

Arcs = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bind:
    """One variable: where it stands, its type's tag, its content as sent."""

    oid: Arcs
    tag: int
    value: bytes


@dataclass(frozen=True, slots=True)
class Pdu:
    """An answer."""

    tag: int
    request: int
    error: int
    binds: tuple[Bind, ...]


def asked(tag: int, request: int, place: str) -> bytes:
    """A question about one place; ``GETBULK`` asks for several rows after it."""
    bulk = tag == GETBULK
    bind = sequence(oid(place), wrapped(NULL, b""))
    return sequence(integer(request), integer(0), integer(BULK if bulk else 0), sequence(bind), tag=tag)


def plain(version: int, community: bytes, pdu: bytes) -> bytes:
    """A message in clear."""
    return sequence(integer(version), octets(community), pdu)


def opened(data: bytes) -> tuple[int, bytes]:
    """Version and PDU of a message in clear. Raises Garbled."""
    parts = list(elements(first(data, SEQUENCE)))
    if len(parts) != 3 or (parts[0][0], parts[1][0]) != (INTEGER, OCTETS):  # noqa: PLR2004 -- version, community, PDU
        raise Garbled
    return to_integer(parts[0][1]), wrapped(*parts[2])


def answered(data: bytes) -> Pdu:
    """An answer or a report. Raises Garbled."""
    parts = list(elements(data))
    if len(parts) != 1 or parts[0][0] not in {RESPONSE, REPORT}:
        raise Garbled
    tag, content = parts[0]
    fields = list(elements(content))
    if [one for one, _ in fields] != [INTEGER, INTEGER, INTEGER, SEQUENCE]:
        raise Garbled
    binds = tuple(_bind(kind, bind) for kind, bind in elements(fields[3][1]))
    if len(binds) > MAX_BINDS:
        raise Garbled
    return Pdu(tag, to_integer(fields[0][1]), to_integer(fields[1][1]), binds)


def _bind(kind: int, content: bytes) -> Bind:
    parts = list(elements(content))
    if kind != SEQUENCE or len(parts) != 2 or parts[0][0] != OID:  # noqa: PLR2004 -- name and value
        raise Garbled
    return Bind(to_oid(parts[0][1]), *parts[1])
