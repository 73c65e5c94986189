"""Logs read for detection: Windows event files, JSON lines, CSV and text, with what could not be read counted."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple

import orjson
from evtx import PyEvtxParser

from negatoscope.watch.sigma.flat import flattened, head_of
from negatoscope.watch.sigma.lines import from_line, looks_like_a_log
from negatoscope.watch.sigma.tree import Source

LINE = 4 << 20
"""Bytes of a line; a longer one is counted and left out."""
WHOLE = 256 << 20
"""Bytes of a JSON array, which is read at once."""
HEAD = 4096
ERRORS = 10_000
"""Errors one after the other after which an event file is given up."""
EVTX = b"ElfFile\x00"

type_wanted = Callable[[object, object], bool]


class Record(NamedTuple):
    """One record of a log."""

    fields: dict[str, Any]
    source: Source
    number: int
    """``EventRecordID`` in a Windows event file, which a file cut out of a log keeps; else the line, from 1."""
    time: str | None
    """As the log writes it."""
    size: int = 0
    """Bytes or characters that it was read from, where it was read alone."""


class Asked(NamedTuple):
    """What a reader needs to know."""

    wanted: type_wanted
    """Whether any rule is about a channel and event id; others are counted and not laid out."""
    counts: Counter[str]
    """``records``; ``unreadable`` lines, ``too_long`` ones, ``damaged`` parts of event files."""
    source: Source | None = None
    """Where records come from, if somebody said so."""
    named: bool = True
    """Somebody named this file: text is taken for a log."""


def read_log(file: IO[bytes], name: str, asked: Asked) -> Iterator[Record] | None:
    """The records of a file; ``None`` if it is no log."""
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(EVTX):
        return _event_file(file, asked)
    text, head = _as_utf8(file, head)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start or b"\0" in start:
        return None
    return _of_text(text, start, name, asked)


def _of_text(text: IO[bytes], start: bytes, name: str, asked: Asked) -> Iterator[Record] | None:
    """Records of a file that is no event file, by how it begins and is called."""
    if start.startswith(b"{"):
        return _objects(_json_lines(text, asked.counts), asked)
    if start.startswith(b"[") and start[1:].lstrip().startswith(b"{"):
        return _objects(_json_array(text, asked.counts), asked)
    if name.lower().endswith(".csv"):
        return _table(text, asked)
    return _text(text, asked) if asked.named or looks_like_a_log(start.decode(errors="replace")) else None


def _as_utf8(file: IO[bytes], head: bytes) -> tuple[IO[bytes], bytes]:
    """The same file in UTF-8, where it says that it is in UTF-16."""
    if not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return file, head
    other: Any = codecs.EncodedFile(file, "utf-8", "utf-16", errors="replace")
    found = io.BufferedReader(_Raw(other))
    return found, found.peek(HEAD)[:HEAD]


class _Raw(io.RawIOBase):
    """Bytes of a stream that is no file."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 -- codecs' own type
        super().__init__()
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:  # noqa: ANN401 -- any buffer
        data = self.stream.read(max(1, len(room) // 4))[: len(room)]
        room[: len(data)] = data
        return len(data)


def _event_file(file: IO[bytes], asked: Asked) -> Iterator[Record] | None:
    try:
        name = getattr(file, "name", None)  # a path, where it has one: read without passing through Python
        records = PyEvtxParser(name if isinstance(name, str) else file, number_of_threads=1).records_json()
    except (RuntimeError, OSError, ValueError):
        return None
    return _events(records, asked)


def _events(records: Any, asked: Asked) -> Iterator[Record]:  # noqa: ANN401 -- the parser's iterator
    """Records of an event file; what is torn is counted, and what follows is read."""
    errors = 0
    while errors < ERRORS:
        try:
            record = next(records)
            event = orjson.loads(record["data"])["Event"]
        except StopIteration:
            return
        except (RuntimeError, OSError, ValueError, TypeError, KeyError):
            event = None
        if not isinstance(event, dict):
            asked.counts["damaged"] += 1
            errors += 1
            continue
        errors = 0
        asked.counts["records"] += 1
        if asked.wanted(*head_of(event)):
            fields, _ = flattened({"Event": event})
            number = fields.get("EventRecordID")
            if type(number) is not int:
                number = record["event_record_id"]
            yield Record(fields, WINDOWS, number, record["timestamp"], len(record["data"]))


WINDOWS = Source("windows")
SOMEWHERE = Source()


def lines_of(file: IO[bytes], counts: Counter[str]) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers, from 1; those longer than ``LINE`` are counted and passed over in bounded memory."""
    number = 0
    while line := file.readline(LINE):
        number += 1
        if len(line) == LINE and not line.endswith(b"\n"):
            counts["too_long"] += 1
            while (rest := file.readline(LINE)) and not rest.endswith(b"\n"):
                pass
            continue
        yield number, line


def _json_lines(file: IO[bytes], counts: Counter[str]) -> Iterator[tuple[int, Any, int]]:
    """What lines say, with their numbers and sizes."""
    for number, line in lines_of(file, counts):
        if line.isspace():
            continue
        try:
            yield number, orjson.loads(line.removeprefix(codecs.BOM_UTF8)), len(line)
        except ValueError:
            counts["unreadable"] += 1


def _json_array(file: IO[bytes], counts: Counter[str]) -> Iterator[tuple[int, Any, int]]:
    data = file.read(WHOLE + 1)
    try:
        found = orjson.loads(data.removeprefix(codecs.BOM_UTF8)) if len(data) <= WHOLE else None
    except ValueError:
        found = None
    if isinstance(found, list):
        yield from ((number, value, 0) for number, value in enumerate(found, start=1))
    else:
        counts["unreadable"] += 1


def _objects(found: Iterable[tuple[int, Any, int]], asked: Asked) -> Iterator[Record]:
    for number, value, size in found:
        if not isinstance(value, dict):
            asked.counts["unreadable"] += 1
            continue
        asked.counts["records"] += 1
        event = value.get("Event")
        if isinstance(event, dict) and not asked.wanted(*head_of(event)):
            continue
        fields, time = flattened(value)
        yield Record(fields, asked.source or (WINDOWS if "Channel" in fields else SOMEWHERE), number, time, size)


def _table(file: IO[bytes], asked: Asked) -> Iterator[Record]:
    """CSV with a line of headings; comma, semicolon or tab."""
    lines = (line.decode("utf-8-sig", "replace") for _, line in lines_of(file, asked.counts))
    first = next(lines, "")
    between = max(",;\t", key=first.count)
    headings = next(csv.reader([first], delimiter=between), [])
    rows = csv.reader((line.replace("\0", "") for line in lines), delimiter=between)
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            asked.counts["unreadable"] += 1
            continue
        asked.counts["records"] += 1
        fields, time = flattened({name: cell for name, cell in zip(headings, cells, strict=False) if name and cell})
        yield Record(fields, asked.source or SOMEWHERE, rows.line_num + 1, time)


def _text(file: IO[bytes], asked: Asked) -> Iterator[Record]:
    for number, data in lines_of(file, asked.counts):
        line = data.decode("utf-8", "replace").rstrip("\r\n")
        if line.strip():
            asked.counts["records"] += 1
            fields, source, time = from_line(line)
            yield Record(fields, asked.source or source, number, time, len(data))
