"""The journal of systemd as it exports itself: fields by line or by length, an empty line after each entry."""

from collections.abc import Iterator
from typing import IO

import orjson

from negatoscope.intake.files.piece import MOST_RECORD, Flaw, Piece, flawed, piece

BEGINS = b"__CURSOR="
_LENGTH = 8
_BLOCK = 64 * 1024


def entries(file: IO[bytes]) -> Iterator[Piece]:
    """Each entry as an object of its fields, as ``journalctl -o json`` would write it."""
    fields: dict[str, str] = {}
    size = 0
    while line := file.readline(MOST_RECORD):
        if line == b"\n":
            if fields or size > MOST_RECORD:
                yield _told(fields, size)
            fields, size = {}, 0
            continue
        name, value, octets = _field(file, line)
        size += octets
        if value is not None and size <= MOST_RECORD:
            fields[name] = value
    if fields or size:
        yield _told(fields, size)


def _told(fields: dict[str, str], size: int) -> Piece:
    return flawed(Flaw.TOO_LONG) if size > MOST_RECORD else piece(orjson.dumps(fields))


def _field(file: IO[bytes], line: bytes) -> tuple[str, str | None, int]:
    """A field's name, its value unless it is too long, and how many octets it takes."""
    if len(line) == MOST_RECORD and not line.endswith(b"\n"):
        return "", None, len(line) + _passed(file)
    name, equals, value = line.removesuffix(b"\n").partition(b"=")
    size = len(line)
    if not equals:
        length = int.from_bytes(file.read(_LENGTH), "little")
        size += length
        if length > MOST_RECORD:
            _skip(file, length + 1)
            return "", None, size
        value = file.read(length)
        file.read(1)
    return name.decode("ascii", "replace"), value.decode("utf-8", "replace"), size


def _passed(file: IO[bytes]) -> int:
    """Go to the end of a line without end; how many octets that were."""
    many = 0
    while rest := file.readline(_BLOCK):
        many += len(rest)
        if rest.endswith(b"\n"):
            break
    return many


def _skip(file: IO[bytes], octets: int) -> None:
    while octets > 0 and (data := file.read(min(octets, _BLOCK))):
        octets -= len(data)
