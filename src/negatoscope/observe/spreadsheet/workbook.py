"""Excel workbooks (.xlsx): looked at as a zip before anything opens them, then read as a stream."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from openpyxl import DEFUSEDXML, LXML, load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.exceptions import InvalidFileException

from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet.grid import MAX_CELL, MAX_COLUMNS, Cell, Formula, Row, cell

MAX_ENTRIES = 1000
MAX_EXPANDED = 160 * 1024 * 1024
MAX_RATIO = 200
SMALL = 1024 * 1024
"""An entry that expands to less than this may be as repetitive as it likes."""
MAX_SHEETS = 20
MAX_FORMULAS = 20_000
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, InvalidFileException, LookupError, MemoryError, OSError,
    RuntimeError, SyntaxError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What openpyxl and its parsers raise on files that are not what they claim."""


def check(data: bytes) -> None:
    """Look at the zip's directory before anything is expanded. Raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except _BROKEN as error:
        raise Unreadable("truncated", f"byte {len(data)}") from error
    names = {entry.filename.lower() for entry in entries}
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise Unreadable("zip_bomb", f"{len(entries)} entries")
    for entry in entries:
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Unreadable("zip_bomb", entry.filename)
        if entry.flag_bits & 1:
            raise Unreadable("encrypted", entry.filename)
    if any(name.endswith(("vbaproject.bin", ".xlm")) or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable("macros", "xl/vbaProject.bin")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Unreadable("not_a_workbook", f"{len(entries)} entries")


def sheets(data: bytes) -> Iterator[Iterator[Row]]:
    """The rows of each sheet, in order. Raises Unreadable, also while a sheet is being read."""
    if LXML or not DEFUSEDXML:
        raise Unreadable("no_safe_parser", "openpyxl")
    check(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        worksheets = book.worksheets[:MAX_SHEETS]
    except _BROKEN as error:
        raise Unreadable("not_a_workbook", type(error).__name__) from error
    for sheet in worksheets:
        yield _rows(sheet)


def _rows(sheet: Any) -> Iterator[Row]:  # noqa: ANN401 -- openpyxl's read-only worksheet
    number = formulas = 0
    before: object = None
    values: tuple[Cell, ...] = ()
    try:
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
            if cells is not before:  # one tuple stands for all the empty rows before a far-away one
                before, values = cells, tuple(None if one is EMPTY_CELL else _value(one) for one in cells)
                formulas += sum(type(value) is Formula for value in values)
            if formulas > MAX_FORMULAS:
                raise Unreadable("too_many_formulas", f"row {number}")
            yield Row(number, values)
    except _BROKEN as error:
        raise Unreadable("broken_sheet", f"{str(sheet.title)[:40]}, row {number + 1}") from error


def _value(one: Any) -> Cell:  # noqa: ANN401 -- openpyxl's cell
    if one.data_type == "f":
        return Formula(str(getattr(one.value, "text", one.value))[:MAX_CELL])
    return cell(one.value)
