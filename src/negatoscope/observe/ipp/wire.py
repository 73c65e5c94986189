"""A question of IPP and its answer (RFC 8010), carried by HTTP; two questions alone are ever asked."""

import struct
from collections.abc import Iterator

Value = str | int | bool
Attributes = dict[str, list[Value]]
GET_ATTRIBUTES, LIST_QUEUES = 0x000B, 0x4002
"""``Get-Printer-Attributes`` (RFC 8011 section 4.2.5), ``CUPS-Get-Printers``."""
WANTED = (
    "printer-name", "printer-make-and-model", "job-hold-until-default", "job-hold-until-supported",
    "job-password-supported", "uri-authentication-supported", "uri-security-supported", "device-uri",
)  # fmt: skip
OPERATION, END, PRINTER = 0x01, 0x03, 0x04
LAST_DELIMITER = 0x0F
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
KEYWORD, URI, CHARSET, LANGUAGE = 0x44, 0x45, 0x47, 0x48
TEXTS = frozenset({0x41, 0x42, KEYWORD, URI, 0x46, CHARSET, LANGUAGE, 0x49})
MAX_ATTRIBUTES = 50_000
MAX_TEXT = 500


class NotIpp(ValueError):  # noqa: N818 -- what it is
    """These bytes are no answer of a printer."""


def question(operation: int, uri: str) -> bytes:
    """What is asked of one queue, or of the server about all of its queues."""
    said = struct.pack(">BBHI", 1, 1, operation, 1) + bytes((OPERATION,))
    said += _attribute(CHARSET, "attributes-charset", "utf-8")
    said += _attribute(LANGUAGE, "attributes-natural-language", "en")
    if operation == GET_ATTRIBUTES:
        said += _attribute(URI, "printer-uri", uri)
    for place, name in enumerate(WANTED):
        said += _attribute(KEYWORD, "requested-attributes" if not place else "", name)
    return said + bytes((END,))


def _attribute(tag: int, name: str, value: str) -> bytes:
    return b"".join((bytes((tag,)), _counted(name), _counted(value)))


def _counted(said: str) -> bytes:
    data = said.encode()
    return struct.pack(">H", len(data)) + data


def answered(data: bytes) -> tuple[int, list[Attributes]]:
    """Status, and the attributes of each queue. Raises NotIpp."""
    if len(data) < 9 or data[0] not in {1, 2}:  # noqa: PLR2004 -- version, status, number, one tag
        raise NotIpp
    status = int.from_bytes(data[2:4], "big")
    groups: list[Attributes] = []
    group, last = 0, ""
    for tag, name, value in _parts(data[8:]):
        if tag <= LAST_DELIMITER:
            group = tag
            if tag == PRINTER:
                groups.append({})
        elif group == PRINTER:
            last = name or last
            read = _value(tag, value)
            if last in WANTED and read is not None:
                groups[-1].setdefault(last, []).append(read)
    return status, groups


def _parts(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Tag, name and value; a tag that opens a group has neither."""
    place = 0
    for _ in range(MAX_ATTRIBUTES):
        if place >= len(data):
            raise NotIpp
        tag = data[place]
        place += 1
        if tag == END:
            return
        if tag <= LAST_DELIMITER:
            yield tag, "", b""
            continue
        name, place = _taken(data, place)
        value, place = _taken(data, place)
        yield tag, name.decode("ascii", "replace"), value
    raise NotIpp


def _taken(data: bytes, place: int) -> tuple[bytes, int]:
    size = int.from_bytes(data[place : place + 2], "big")
    if place + 2 + size > len(data):
        raise NotIpp
    return data[place + 2 : place + 2 + size], place + 2 + size


def _value(tag: int, data: bytes) -> Value | None:
    if tag in {INTEGER, ENUM} and len(data) == 4:  # noqa: PLR2004 -- bytes
        return int.from_bytes(data, "big", signed=True)
    if tag == BOOLEAN and len(data) == 1:
        return bool(data[0])
    return data.decode("utf-8", "replace")[:MAX_TEXT] if tag in TEXTS else None


def request(address: str, path: str, body: bytes) -> bytes:
    """The question as HTTP carries it."""
    host = f"[{address}]" if ":" in address else address
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/ipp\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def body_of(said: bytes) -> tuple[int, bytes]:
    """Status and body of an answer of HTTP that is over. Raises NotIpp."""
    head, found, body = said.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(None, 2)
    if not found or len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdecimal():  # noqa: PLR2004
        raise NotIpp
    chunked = any(line.lower().replace(" ", "") == "transfer-encoding:chunked" for line in lines[1:])
    status = int(words[1])
    if status == 100:  # noqa: PLR2004 -- go on: the answer itself follows
        return body_of(body)
    return status, _joined(body) if chunked else body


def _joined(body: bytes) -> bytes:
    whole = bytearray()
    while body:
        size, _, body = body.partition(b"\r\n")
        try:
            count = int(size.split(b";")[0], 16)
        except ValueError as error:
            raise NotIpp from error
        if count <= 0:
            break
        whole += body[:count]
        body = body[count + 2 :]
    return bytes(whole)
