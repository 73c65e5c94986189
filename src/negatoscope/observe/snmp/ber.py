"""Basic encoding rules (ITU-T X.690), as little of them as SNMP needs (RFC 3417 section 8); never trusts a length."""

from collections.abc import Iterator

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
LONG = 0x80
MAX_ARCS = 128
"""Sub-identifiers of an object identifier (RFC 2578 section 3.5)."""
MAX_ARC = (1 << 32) - 1
MAX_INTEGER_BYTES = 9


class Garbled(ValueError):  # noqa: N818 -- what it is
    """These bytes are no encoding that an honest agent sends."""


def wrapped(tag: int, content: bytes) -> bytes:
    """One element: its tag, its length, its content."""
    size = len(content)
    if size < LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, LONG | len(length))) + length + content


def sequence(*parts: bytes, tag: int = SEQUENCE) -> bytes:
    """Elements in a row."""
    return wrapped(tag, b"".join(parts))


def integer(value: int) -> bytes:
    """A whole number, signed."""
    return wrapped(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octets(value: bytes) -> bytes:
    """Bytes."""
    return wrapped(OCTETS, value)


def oid(dotted: str) -> bytes:
    """An object identifier, ``1.3.6.1.2.1.1.1.0``."""
    arcs = [int(arc) for arc in dotted.split(".")]
    content = _arc(arcs[0] * 40 + arcs[1]) + b"".join(_arc(arc) for arc in arcs[2:])
    return wrapped(OID, content)


def _arc(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | LONG)
    return bytes(reversed(groups))


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and content of each element in a row. Raises Garbled."""
    position = 0
    while position < len(data):
        tag, content, position = _element(data, position)
        yield tag, content


def first(data: bytes, expected: int) -> bytes:
    """The content of the one element that these bytes start with. Raises Garbled."""
    tag, content, _ = _element(data, 0)
    if tag != expected:
        raise Garbled
    return content


def _element(data: bytes, position: int) -> tuple[int, bytes, int]:
    if position + 2 > len(data):
        raise Garbled
    tag, size = data[position], data[position + 1]
    position += 2
    if size >= LONG:
        count = size & 0x7F
        if not 1 <= count <= 4 or position + count > len(data):  # noqa: PLR2004 -- no datagram needs more
            raise Garbled
        size = int.from_bytes(data[position : position + count], "big")
        position += count
    if position + size > len(data):
        raise Garbled
    return tag, data[position : position + size], position + size


def to_integer(content: bytes) -> int:
    """Raises Garbled."""
    if not 1 <= len(content) <= MAX_INTEGER_BYTES:
        raise Garbled
    return int.from_bytes(content, "big", signed=True)


def to_oid(content: bytes) -> tuple[int, ...]:
    """Raises Garbled."""
    if not content or content[-1] & LONG:
        raise Garbled
    arcs: list[int] = []
    value = 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if value > MAX_ARC:
            raise Garbled
        if not byte & LONG:
            arcs.append(value)
            value = 0
    if len(arcs) > MAX_ARCS:
        raise Garbled
    head = min(arcs[0] // 40, 2)
    return (head, arcs[0] - head * 40, *arcs[1:])
