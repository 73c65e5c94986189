"""HTTP/1.1 as far as senders of logs speak it: a head with limits, a body that is counted or chunked, one at a time.

Strict where two readers could disagree: both lengths at once, a folded line or a bare carriage return end the talk.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

MOST_HEAD = 16 * 1024
MOST_FIELDS = 64
MOST_BODY = 24 * 1024 * 1024
"""Octets of a body on the wire."""
_LINE = re.compile(r"([A-Z]{1,20}) (/[\x21-\x7e]*) HTTP/1\.([01])")
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]*)?\r\n")
_MOST_CHUNK_LINE = 256
PHRASES = {
    100: "Continue", 200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 411: "Length Required", 413: "Content Too Large", 415: "Unsupported Media Type",
    429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    501: "Not Implemented", 503: "Service Unavailable",
}  # fmt: skip


class Unspeakable(Exception):  # noqa: N818 -- an answer, not a crash
    """This talk cannot go on. ``status``: what to answer before it ends."""

    def __init__(self, status: int, code: str) -> None:
        """Keep the HTTP status and why."""
        super().__init__(code)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Head:
    """The lines of a request."""

    method: str
    path: str
    query: str
    fields: Mapping[str, str]
    """By lower-case name."""
    keep: bool
    """Whether another request may follow."""

    @property
    def length(self) -> int | None:
        """Octets of the body; ``None``: it is chunked. Raises Unspeakable."""
        coding, told = self.fields.get("transfer-encoding"), self.fields.get("content-length")
        if coding is not None:
            if told is not None or coding.lower() != "chunked":
                raise Unspeakable(501 if told is None else 400, "transfer_encoding")
            return None
        if told is None:
            return 0
        if not (told.isascii() and told.isdecimal()):
            raise Unspeakable(400, "content_length")
        if len(told) > len(str(MOST_BODY)) or int(told) > MOST_BODY:
            raise Unspeakable(413, "too_large")
        return int(told)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    fields: tuple[tuple[str, str], ...] = ()


def answer(status: int, told: object, *fields: tuple[str, str]) -> Answer:
    """An answer in JSON."""
    return Answer(status, msgspec.json.encode(told), fields)


async def head(reader: asyncio.StreamReader) -> Head | None:
    """Read the lines of a request; ``None``: the other side has nothing more to say. Raises Unspeakable, OSError."""
    try:
        data = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise Unspeakable(400, "truncated") from error
        return None
    except asyncio.LimitOverrunError as error:
        raise Unspeakable(431, "head_too_large") from error
    return parse(data)


def parse(data: bytes) -> Head:
    """The lines of a request. Raises Unspeakable."""
    if len(data) > MOST_HEAD:
        raise Unspeakable(431, "head_too_large")
    first, *rest = data.decode("latin-1").lstrip("\r\n").removesuffix("\r\n\r\n").split("\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        raise Unspeakable(400, "request_line")
    if len(rest) > MOST_FIELDS:
        raise Unspeakable(431, "too_many_fields")
    fields: dict[str, str] = {}
    for one in rest:
        told = _FIELD.fullmatch(one)
        if told is None or (told[1].lower() in fields and told[1].lower() in {"content-length", "transfer-encoding"}):
            raise Unspeakable(400, "field")
        fields[told[1].lower()] = told[2].rstrip(" \t")
    path, _mark, query = line[2].partition("?")
    wish = fields.get("connection", "").lower()
    keep = wish != "close" if line[3] == "1" else wish == "keep-alive"
    return Head(line[1], path, query, fields, keep)


async def body(reader: asyncio.StreamReader, length: int | None) -> bytes:
    """Read a body; ``length``: ``None`` for a chunked one. Raises Unspeakable, OSError."""
    try:
        if length is not None:
            return await reader.readexactly(length)
        return await _chunks(reader)
    except asyncio.IncompleteReadError as error:
        raise Unspeakable(400, "truncated") from error
    except asyncio.LimitOverrunError as error:
        raise Unspeakable(400, "chunk") from error


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    data = bytearray()
    while True:
        told = _CHUNK.fullmatch(await _short(reader))
        if told is None:
            raise Unspeakable(400, "chunk")
        size = int(told[1], 16)
        if len(data) + size > MOST_BODY:
            raise Unspeakable(413, "too_large")
        if not size:
            break
        data += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise Unspeakable(400, "chunk")
    for _ in range(MOST_FIELDS):
        if await _short(reader) == b"\r\n":
            return bytes(data)
    raise Unspeakable(400, "trailer")


async def _short(reader: asyncio.StreamReader) -> bytes:
    line = await reader.readuntil(b"\r\n")
    if len(line) > _MOST_CHUNK_LINE:
        raise Unspeakable(400, "chunk")
    return line


def lines(said: Answer, *, keep: bool, without_body: bool) -> bytes:
    """An answer as it goes over the wire."""
    fields = [
        f"HTTP/1.1 {said.status} {PHRASES[said.status]}",
        *(f"{name}: {value}" for name, value in said.fields),
        f"Content-Length: {len(said.body)}",
        f"Connection: {'keep-alive' if keep else 'close'}",
    ]
    return "\r\n".join(fields).encode("latin-1") + b"\r\n\r\n" + (b"" if without_body else said.body)
