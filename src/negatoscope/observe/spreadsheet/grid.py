"""The rows of a file, whatever its format: bytes in, cells out, within limits. Nothing is evaluated or fetched."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from negatoscope.observe.collector import Unreadable

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
MAX_CELL = 500
"""Characters."""


_BLANK = frozenset({"Cc", "Zl", "Zp", "Zs"})


class Formula(str):
    """A cell that asks to be computed: shown to the reader, never evaluated."""

    __slots__ = ()


class Cut(str):
    """The cell in which a file ends before its row does."""

    __slots__ = ()


Cell = str | date | None
"""Text without blanks around it, a date, or nothing. A cell too long is cut one character past ``MAX_CELL``."""


class Row(NamedTuple):
    """One row as a person sees it: ``number`` is what Excel or an editor shows at its left."""

    number: int
    cells: tuple[Cell, ...]


def text(said: str) -> Cell:
    """Clean one cell's text. Control characters become blanks: they come from copy and paste, and forge log lines."""
    plain = said[: MAX_CELL + 1]
    if not (plain.isascii() and plain.isprintable()):
        plain = "".join(" " if unicodedata.category(sign) in _BLANK else sign for sign in plain)
        plain = unicodedata.normalize("NFC", plain)
    plain = plain.strip()
    if not plain:
        return None
    return Formula(plain) if plain.startswith("=") else plain


def cell(value: object) -> Cell:
    """Take what a workbook says of one cell."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return text(str(value))


def bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """Pass rows on while they stay within the limits. Raises Unreadable; empty rows are left out."""
    for row in rows:
        if row.number > MAX_ROWS:
            raise Unreadable("too_many_rows", f"row {row.number}")
        if len(row.cells) > MAX_COLUMNS and any(row.cells[MAX_COLUMNS:]):
            raise Unreadable("too_many_columns", f"row {row.number}")
        if any(value is not None for value in row.cells):
            yield row
