"""The capture of a scan: a header line, each pass as a line with its size then nmap's XML untouched, an end line."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.observe.collector import Look, Unreadable

FORMAT = "negatoscope-nmap/1"
MAX_LINE = 1024 * 1024
MAX_PASSES = 5_000
CHUNK = 64 * 1024


class Header(Struct, frozen=True):
    """What was asked, within which bounds, by whom. ``root``: raw packets could be sent."""

    format: str
    target: str
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    root: bool = False
    links: tuple[str, ...] | None = None
    """Networks that the machine touched without a router; ``None``: not said."""
    classed: tuple[str, ...] | None = None
    """Addresses known to be no modality, or consented; ``None``: not said."""
    spared_macs: tuple[str, ...] = ()


class Frame(Struct, frozen=True):
    """Announces one pass. ``of``: ``open_ports``, ``versions`` or ``end``. ``size``: bytes of XML that follow."""

    of: str
    size: int = 0


def header(value: Header) -> bytes:
    """The first line."""
    return msgspec.json.encode(value) + b"\n"


def write(look: Look, of: str, xml: BinaryIO) -> None:
    """One pass, copied from the start of a file."""
    size = xml.seek(0, 2)
    xml.seek(0)
    look.write(msgspec.json.encode(Frame(of, size)) + b"\n")
    while chunk := xml.read(CHUNK):
        look.write(chunk)
    look.write(b"\n")


def end(look: Look) -> None:
    """The last line, which proves the capture whole."""
    look.write(msgspec.json.encode(Frame("end")) + b"\n")


def read_header(line: bytes) -> Header:
    """Raises Unreadable."""
    try:
        value = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("not_a_scan", "line 1") from error
    if value.format != FORMAT:
        raise Unreadable("unknown_format", "line 1")
    return value


def passes(stream: BinaryIO) -> Iterator[tuple[str, "Part"]]:
    """The passes after the header, each to be read to its end before the next. Raises Unreadable."""
    for number in range(1, MAX_PASSES + 1):
        try:
            frame = msgspec.json.decode(stream.readline(MAX_LINE), type=Frame)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreadable("malformed", f"pass {number}") from error
        if frame.of == "end":
            if stream.read(1):
                raise Unreadable("too_long", f"pass {number}")
            return
        part = Part(stream, frame.size)
        yield frame.of, part
        if part.left or stream.read(1) != b"\n":
            raise Unreadable("malformed", f"pass {number}")
    raise Unreadable("too_long", f"pass {MAX_PASSES}")


class Part:
    """A stretch of a stream, read like a file."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        """``size``: bytes from here on."""
        self._stream = stream
        self.left = size

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; empty at the end of the stretch. Raises Unreadable where the stream ends sooner."""
        if self.left <= 0:
            return b""
        chunk = self._stream.read(min(size, self.left))
        if not chunk:
            raise Unreadable("truncated", f"{self.left} bytes missing")
        self.left -= len(chunk)
        return chunk


class Whole:
    """A stream to its end, of which some bytes were already taken."""

    def __init__(self, stream: BinaryIO, before: bytes) -> None:
        """``before``: the bytes already taken."""
        self._stream = stream
        self._before = before

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        if self._before:
            taken, self._before = self._before[:size], self._before[size:]
            return taken
        return self._stream.read(size)
