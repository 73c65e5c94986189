"""CSV, in whatever encoding and with whatever separator a French or English Excel wrote it."""

import csv
import io
from collections.abc import Iterator

from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet.grid import Cut, Row, text

SEPARATORS = ";,\t"
_SAMPLE = 8192
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def rows(data: bytes) -> Iterator[Row]:
    """Every row. Raises Unreadable with the line or byte where reading stops."""
    said = decode(data)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=_separator(said), strict=True)
    before = width = 0
    ended = said.endswith(("\n", "\r"))
    lines = said.count("\n") + 1
    try:
        for cells in reader:
            row = tuple(text(_unguarded(value)) for value in cells)
            if cells and not ended and reader.line_num == lines and len(cells) < width:
                row = (*row[:-1], Cut(cells[-1]))
            yield Row(before + 1, row)
            before, width = reader.line_num, max(width, len(cells))
    except csv.Error as error:
        why = "truncated" if "unexpected end" in str(error) else "not_csv"
        raise Unreadable(why, f"line {before + 1}") from error


def _unguarded(said: str) -> str:
    """Take away the apostrophe by which an export keeps a spreadsheet from computing what follows it."""
    return said[1:] if said.startswith("'") and said.lstrip("'").startswith(_ACTIVE) else said


def decode(data: bytes) -> str:
    """Text by its mark, else UTF-16 by its zeros, else UTF-8, else what French Windows writes. Raises Unreadable."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None) or _unmarked(data)
    try:
        said = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", f"byte {error.start}") from error
    if "\0" in said:
        raise Unreadable("not_text", f"character {said.index(chr(0))}")
    return said


def _unmarked(data: bytes) -> str:
    sample = data[:_SAMPLE]
    if sample[1::2].count(0) > len(sample) // 4:
        return "utf-16-le"
    if sample[::2].count(0) > len(sample) // 4:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(said: str) -> str:
    """The separator that the first filled line uses most, outside quotes."""
    line = next((line for line in said[:_SAMPLE].splitlines() if line.strip(" ;,\t")), "")
    outside = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=outside.count)
