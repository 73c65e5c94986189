"""The file to fill in: headings, what each column wants, an example on a sheet of its own so that nobody imports it."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from negatoscope.observe.spreadsheet.cells import day
from negatoscope.observe.spreadsheet.families import FAMILIES, Column, Family
from negatoscope.observe.spreadsheet.words import book, heading

FILLABLE_ROWS = 2000
_CHOICES = {
    "kind": {"fr": '"personne,service"', "en": '"person,service"'},
    "delete": {"fr": '"oui"', "en": '"yes"'},
}
_DARK = PatternFill("solid", fgColor="1F2A33")
_BOLD = Font(bold=True)
_HEADING = Font(bold=True, color="FFFFFF")


def template(name: str, lang: str) -> bytes:
    """An empty workbook for one family, in one language."""
    family = FAMILIES[name]
    said = book()["template"]
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = said["sheets"][name][lang]
    for place, column in enumerate(family.columns, start=1):
        _column(sheet, place, column, lang)
    sheet.freeze_panes = "A2"
    _notes(workbook.create_sheet(said["sheets"]["notes"][lang]), family, lang)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _column(sheet: Any, place: int, column: Column, lang: str) -> None:  # noqa: ANN401 -- openpyxl's worksheet
    letter = get_column_letter(place)
    head = sheet.cell(1, place, column.en if lang == "en" else column.fr)
    head.font, head.fill = _HEADING, _DARK
    sheet.column_dimensions[letter].width = column.width
    sheet.column_dimensions[letter].number_format = "DD/MM/YYYY" if column.reader is day else "@"
    cells = f"{letter}2:{letter}{FILLABLE_ROWS}"
    if column.name in _CHOICES:
        choice = DataValidation(type="list", formula1=_CHOICES[column.name][lang], allow_blank=True)
        choice.add(cells)
        sheet.add_data_validation(choice)


def _notes(sheet: Any, family: Family, lang: str) -> None:  # noqa: ANN401 -- openpyxl's worksheet
    """One line a column: its heading, what it wants, an example."""
    said = book()["template"]
    sheet.append(["", said["sheets"]["notes"][lang], said["sheets"]["example"][lang]])
    for column in family.columns:
        note = said[family.name][column.name]
        example = note["example"][lang] if isinstance(note["example"], dict) else note["example"]
        sheet.append([heading(family, column.name, lang), note[lang], example])
    for row in sheet.iter_rows(max_col=3):
        row[0].font = _BOLD
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = _BOLD
    for letter, width in (("A", 28), ("B", 70), ("C", 28)):
        sheet.column_dimensions[letter].width = width
