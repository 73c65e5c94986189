"""A table as a file that a spreadsheet opens, and that can run nothing there."""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Rows = Sequence[Sequence[Any]]
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_SHEET_TITLE = 31


def _flat(value: Any) -> str | int | float:  # noqa: ANN401 -- whatever a column shows
    match value:
        case None:
            return ""
        case bool():
            return _("oui") if value else _("non")
        case int() | float():
            return value
        case datetime():
            return localtime(value).isoformat(timespec="seconds")
        case tuple() | list():
            return ", ".join(str(_flat(one)) for one in value)
        case _:
            return str(value)


def _active(text: str) -> bool:
    """Whether a spreadsheet would compute this text, or our own reader take its apostrophe for the guard."""
    return text.lstrip("'").startswith(_ACTIVE)


def as_csv(_title: str, titles: Sequence[str], rows: Rows) -> tuple[bytes, str]:
    """Semicolons and a byte order mark, as French spreadsheets expect; text that looks like a formula is quoted."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(titles)
    for row in rows:
        flat = (_flat(value) for value in row)
        writer.writerow([f"'{text}" if isinstance(text, str) and _active(text) else text for text in flat])
    return b"\xef\xbb\xbf" + out.getvalue().encode(), "text/csv; charset=utf-8"


def as_xlsx(title: str, titles: Sequence[str], rows: Rows) -> tuple[bytes, str]:
    """One sheet; every text is text, whatever sign it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\")[:_SHEET_TITLE] or "1")
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    heading = [WriteOnlyCell(sheet, value=text) for text in titles]
    for cell in heading:
        cell.font = bold
    sheet.append(heading)
    for row in rows:
        sheet.append([_cell(sheet, _flat(value)) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _cell(sheet: Any, value: str | float) -> Any:  # noqa: ANN401 -- openpyxl's own classes
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    clean = "".join(sign for sign in value if sign.isprintable() or sign in "\n\t")
    cell = WriteOnlyCell(sheet, value=clean)
    cell.data_type = "s"
    return cell


FORMATS: dict[str, Callable[[str, Sequence[str], Rows], tuple[bytes, str]]] = {"csv": as_csv, "xlsx": as_xlsx}
