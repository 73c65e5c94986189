"""A capture of trials, read: which published log-in works, and which does not. Neither holds a word of them."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.defaults import NO_LOG_IN, UNRECOGNISED, FactoryLogin
from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Item, Unreadable

FORMAT = "negatoscope-defaults/1"
MAX_LINE = 4096
MAX_LINES = 2000
WORKS = {"works": True, "open": True, "refused": False, NO_LOG_IN: False}


class Header(Struct, frozen=True):
    """First line."""

    format: str
    address: str


class Tried(Struct, frozen=True):
    """One attempt, or why there was none. ``outcome``: as ``attempt`` says, or a name in the place of a pair."""

    protocol: str
    port: int
    pair: str
    outcome: str


class End(Struct, frozen=True):
    """Last line: the capture is whole."""

    end: bool


def write(line: Header | Tried | End) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def read(stream: BinaryIO) -> Iterator[Item]:
    """The host and what became of each attempt. Raises Unreadable."""
    lines: list[bytes] = []
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE or len(lines) > MAX_LINES:
            raise Unreadable("too_long", f"line {len(lines) + 1}")
        lines.append(line)
    try:
        header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
        if header.format != FORMAT:
            raise Unreadable("unknown_format", "line 1")
        msgspec.json.decode(lines[-1], type=End)
        tried = [msgspec.json.decode(line, type=Tried) for line in lines[1:-1]]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", f"line {len(lines)}") from error
    host = f"host/{header.address}"
    yield Host(host, addresses=(header.address,))
    for one in tried:
        works = None if one.pair == UNRECOGNISED else WORKS.get(one.outcome)
        yield FactoryLogin(host, one.protocol, one.port, one.pair, works)
    if any(one.outcome == "locked" for one in tried):
        yield Gap("FactoryLogin", "trial_locked", host)
