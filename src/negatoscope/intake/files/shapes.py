"""What kind of log a file is, by how it begins, and its records."""

import codecs
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import orjson
from evtx import PyEvtxParser

from negatoscope.intake.files import journal
from negatoscope.intake.files.lines import FIELDS, TYPE, lines, rows
from negatoscope.intake.files.objects import objects, xml_events
from negatoscope.intake.files.piece import Flaw, Piece, flawed, piece

HEAD = 64 * 1024
"""Octets by which a file is known."""
ERRORS = 10_000
"""Damaged records one after the other after which an event file is given up."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENVELOPE = re.compile(rb'\s*(?:\{[^\[{}]{0,2000}"(?:value|Records|records)"\s*:\s*)?\[\s*(?=\{)')
"""How an array of objects begins, alone or within an answer of Microsoft Graph or a cloud's export."""
_XML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?<Events?[\s>]")


class Shape(StrEnum):
    """Kinds of files. ``lines`` grow at their end and can be followed; the others are taken whole."""

    EVTX = "evtx"
    XML = "xml"
    OBJECTS = "objects"
    JOURNAL = "journal"
    TABLE = "table"
    LINES = "lines"
    GZIP = "gzip"
    ZIP = "zip"
    WIDE = "utf-16"
    NO_LOG = "no_log"


_MAGIC = ((b"ElfFile\x00", Shape.EVTX), (b"\x1f\x8b", Shape.GZIP), (b"PK\x03\x04", Shape.ZIP),
          (b"PK\x05\x06", Shape.ZIP), *((bom, Shape.WIDE) for bom in UTF_16),
          (journal.BEGINS, Shape.JOURNAL))  # fmt: skip


def shape_of(head: bytes, name: str) -> Shape:
    """The kind of a file, by its first ``HEAD`` octets; of tables without a mark, by its name."""
    for magic, shape in _MAGIC:
        if head.startswith(magic):
            return shape
    start = head.removeprefix(codecs.BOM_UTF8)
    if b"\0" in start.rstrip(b"\0"):
        return Shape.NO_LOG
    if _XML.match(start):
        return Shape.XML
    if _ENVELOPE.match(start) or (start.lstrip().startswith(b"{") and not _one_a_line(start)):
        return Shape.OBJECTS
    return Shape.TABLE if _is_table(start, name) else Shape.LINES


def _one_a_line(start: bytes) -> bool:
    """Whether the first line is an object of its own. Of a line longer than the head, it is believed."""
    line, ended, _rest = start.lstrip().partition(b"\n")
    if not ended:
        return not line.endswith(b"{")
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _is_table(start: bytes, name: str) -> bool:
    marked = next((line for line in start.splitlines()[:20] if line.startswith(FIELDS)), b"")
    return b"," in marked or start.startswith(TYPE) or name.lower().removesuffix(".gz").endswith((".csv", ".tsv"))


def records(path: Path, name: str) -> Iterator[Piece]:
    """The records of a plain file, in order; the same file gives the same ones. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        shape = shape_of(head, name)
        if shape is Shape.EVTX:
            yield from _event_file(path)
            return
        file.seek(len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0)
        if shape is Shape.OBJECTS and (envelope := _ENVELOPE.match(head, file.tell())):
            file.seek(envelope.end())
        reader = _READERS.get(shape)
        yield from reader(file) if reader else (flawed(Flaw.NO_LOG),)


_READERS: dict[Shape, Callable[[IO[bytes]], Iterator[Piece]]] = {
    Shape.XML: xml_events,
    Shape.OBJECTS: objects,
    Shape.JOURNAL: journal.entries,
    Shape.TABLE: rows,
    Shape.LINES: lines,
}


def _event_file(path: Path) -> Iterator[Piece]:
    """Records of a Windows event file; what is torn is told, and what follows is read."""
    try:
        told = PyEvtxParser(str(path), number_of_threads=1).records_json()
    except (RuntimeError, OSError, ValueError):
        yield flawed(Flaw.DAMAGED)
        return
    errors = 0
    while errors < ERRORS:
        try:
            record: Any = next(told)
            data: str = record["data"]
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError, KeyError):
            errors += 1
            yield flawed(Flaw.DAMAGED)
            continue
        errors = 0
        yield piece(data.encode())
