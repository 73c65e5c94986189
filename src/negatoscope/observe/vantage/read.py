"""The capture of a look from a place, read: from where, whom, and what answered."""

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.administration import Page, interface
from negatoscope.model.evidence import Gap
from negatoscope.model.traffic import Reach, Vantage
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.vantage.look import FORMAT
from negatoscope.observe.vantage.speak import KEPT_PAGE

MAX_LINE = 128 * 1024
MAX_LINES = 200_000
BEGINS = f'{{"format":"{FORMAT}"'.encode()
FEW_LETTERS, FEW_DRAWN = 20, 120
"""Letters under which a page shows nothing of itself; and one with programs in it."""
_TITLE = re.compile(r"<title[^>]*>(.{0,300}?)</title", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<script.*?(?:</script|\Z)|<style.*?(?:</style|\Z)|<[^>]*>", re.IGNORECASE | re.DOTALL)
_PASSWORD = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)
_REALM = re.compile(r"^www-authenticate:.*?realm=\"?([^\"\r\n]{0,200})", re.IGNORECASE | re.MULTILINE)
_SERVER = re.compile(r"^server:[ \t]*([^\r\n]{0,200})", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(r"^location:[ \t]*([^\r\n]{0,500})", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"HTTP/[\d.]+ (\d{3})")
GREETINGS = (
    (rb"^SSH-", "ssh"), (rb"^RFB \d", "rfb"), (rb"^\xff[\xfb-\xfe]", "telnet"), (rb"^\* OK", "imap"),
    (rb"^\+OK", "pop3"), (rb"^220[ -].*(?:ftp|filezilla)", "ftp"), (rb"^220[ -].*(?:smtp|mail)", "smtp"),
    (rb"^@RSYNCD", "rsync"), (rb"^.\x00\x00\x00\x0a[58]\.", "mysql"),
)  # fmt: skip
_KNOWN = tuple((re.compile(words, re.IGNORECASE | re.DOTALL), name) for words, name in GREETINGS)
UDP_NAMES = {161: "snmp", 623: "asf-rmcp"}


class Header(Struct, frozen=True):
    """First line."""

    format: str
    origin: str
    target: str
    ports: str
    at: datetime | None = None
    """Where nobody else dates the capture."""
    address: str = ""
    spared: tuple[str, ...] = ()
    udp: tuple[int, ...] = ()


class Answer(Struct, frozen=True):
    """A port that answered."""

    address: str
    protocol: str
    port: int
    greeting: bytes = b""
    page: bytes = b""
    tls: bool = False
    shy: bool = False
    """It was not spoken to: a modality may be there."""


class End(Struct, frozen=True):
    """Last line: the look came to its end."""

    end: bool
    at: datetime | None = None
    unsent: int = 0
    """Tries that never left: where nothing was asked, silence proves nothing."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """The look itself, what answered it, and who was left alone. Raises Unreadable."""
    header, answers, end = parsed(stream)
    tried = f"{header.ports},U:{','.join(map(str, header.udp))}" if header.udp else header.ports
    complete = not header.spared and not end.unsent
    yield Vantage(header.origin, header.target, header.address or None, tried, complete)
    if end.unsent:
        yield Gap("Reach", "no_way_there", None, {"target": header.target})
    for address in header.spared:
        yield Gap("Reach", "modality_without_consent", f"host/{address}")
    for answer in answers:
        yield _reach(header.origin, answer)


def parsed(stream: BinaryIO) -> tuple[Header, list[Answer], End]:
    """All lines. Raises Unreadable."""
    lines: list[bytes] = []
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE or len(lines) > MAX_LINES:
            raise Unreadable("too_long", f"line {len(lines) + 1}")
        lines.append(line)
    try:
        header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
        if header.format != FORMAT:
            raise Unreadable("unknown_format", "line 1")
        end = msgspec.json.decode(lines[-1], type=End)
        return header, [msgspec.json.decode(line, type=Answer) for line in lines[1:-1]], end
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", f"line {len(lines)}") from error


def _reach(origin: str, answer: Answer) -> Reach:
    page = page_of(answer.page) if answer.page else None
    name = _name(answer)
    found = interface(answer.protocol, answer.port, name, page=page)
    return Reach(origin, answer.address, answer.protocol, answer.port, name, found.administers)


def _name(answer: Answer) -> str | None:
    if answer.protocol == "udp":
        return UDP_NAMES.get(answer.port)
    if answer.page:
        return "https" if answer.tls else "http"
    return next((name for known, name in _KNOWN if known.search(answer.greeting)), None)


def page_of(data: bytes) -> Page:
    """What the beginning of an answer in HTTP says of itself."""
    text = data.decode("utf-8", "replace")
    head, _, body = text.partition("\r\n\r\n")
    status, title = _STATUS.match(head), _TITLE.search(body)
    words = " ".join(_TAGS.sub(" ", body).split())
    return Page(
        int(status.group(1)) if status else None,
        unescape(" ".join(title.group(1).split())) if title else "",
        _first(_REALM, head),
        _first(_SERVER, head),
        _first(_LOCATION, head),
        asks_password=bool(_PASSWORD.search(body)),
        scripted=len(data) >= KEPT_PAGE or len(words) < (FEW_DRAWN if "<script" in body.casefold() else FEW_LETTERS),
    )


def _first(known: re.Pattern[str], text: str) -> str:
    found = known.search(text)
    return found.group(1).strip() if found else ""
