"""The capture of a look by SNMP: lines of JSON, each a list that begins with its kind; no line ever holds a secret."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.observe.collector import Unreadable

FORMAT = "negatoscope-snmp/1"
MAX_LINE = 64 * 1024
MAX_LINES = 2_000_000


class Header(Struct, frozen=True, array_like=True, tag="look"):
    """What was asked, and whom it spared."""

    format: str
    target: str
    spared: tuple[str, ...] = ()


class Knock(Struct, frozen=True, array_like=True, tag="knock"):
    """One question to one address. ``asks``: ``snmp1``, ``snmp2c``, ``snmp3``, ``tftp``.

    ``outcome``: ``answered``, ``closed`` (the host itself says that nothing listens), ``filtered`` (somebody on the
    way says so). Silence leaves no line.
    """

    address: str
    port: int
    asks: str
    outcome: str


class Agent(Struct, frozen=True, array_like=True, tag="agent"):
    """An agent that is being read, from here to the next. ``outcome``: ``read``, or why it was not."""

    address: str
    version: str
    digest: str = ""
    cipher: str = ""


class Row(Struct, frozen=True, array_like=True, tag="row"):
    """One variable, as sent: its name, its type's tag, its content."""

    oid: str
    tag: int
    value: bytes


class Part(Struct, frozen=True, array_like=True, tag="part"):
    """One column walked to its end, or why not: ``whole``, ``silent``, ``looping``, ``endless``, ``huge``."""

    of: str
    outcome: str


class End(Struct, frozen=True, array_like=True, tag="end"):
    """The last line, which proves the capture whole. ``left``: addresses that time did not allow to ask."""

    left: int = 0


Line = Header | Knock | Agent | Row | Part | End
_DECODER = msgspec.json.Decoder(Line)


def write(line: Line) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line, the header first and the end last. Raises Unreadable."""
    last: Line | None = None
    for number in range(1, MAX_LINES + 2):
        line = stream.readline(MAX_LINE + 1)
        if not line:
            break
        if len(line) > MAX_LINE or number > MAX_LINES or isinstance(last, End):
            raise Unreadable("too_long", f"line {number}")
        last = _decoded(line, number)
        if (number == 1) is not isinstance(last, Header):
            raise Unreadable("malformed", f"line {number}")
        yield last
    if not isinstance(last, End):
        raise Unreadable("truncated")


def _decoded(line: bytes, number: int) -> Line:
    try:
        told: Line = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", f"line {number}") from error
    if isinstance(told, Header) and told.format != FORMAT:
        raise Unreadable("unknown_format", "line 1")
    return told
