"""The file to fill in: headings, what each column wants, an example on a sheet of its own so that nobody imports it."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from negatoscope.model.family import Column, Family, Shape
from negatoscope.observe.spreadsheet.families import DELETE, FAMILIES, columns
from negatoscope.observe.spreadsheet.words import book, noted, offered, sheet_title

FILLABLE_ROWS = 2000
_DARK = PatternFill("solid", fgColor="1F2A33")
_BOLD = Font(bold=True)
_HEADING = Font(bold=True, color="FFFFFF")


def template(name: str, lang: str) -> bytes:
    """An empty workbook for one family, in one language."""
    family = FAMILIES[name]
    said = book()["template"]
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = sheet_title(family, lang)
    for place, column in enumerate(columns(family), start=1):
        _column(sheet, place, column, lang)
    sheet.freeze_panes = "A2"
    _notes(workbook.create_sheet(said["sheets"]["notes"][lang]), family, lang)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _column(sheet: Any, place: int, column: Column, lang: str) -> None:  # noqa: ANN401 -- openpyxl's worksheet
    letter = get_column_letter(place)
    head = sheet.cell(1, place, column.heading(lang))
    head.font, head.fill = _HEADING, _DARK
    sheet.column_dimensions[letter].width = column.width
    sheet.column_dimensions[letter].number_format = "DD/MM/YYYY" if column.shape is Shape.DAY else "@"
    cells = f"{letter}2:{letter}{FILLABLE_ROWS}"
    choices = offered(column, lang)[: 1 if column is DELETE else None]
    if choices:
        choice = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        choice.add(cells)
        sheet.add_data_validation(choice)


def _notes(sheet: Any, family: Family, lang: str) -> None:  # noqa: ANN401 -- openpyxl's worksheet
    """One line a column: its heading, what it wants, an example."""
    said = book()["template"]
    sheet.append(["", said["sheets"]["notes"][lang], said["sheets"]["example"][lang]])
    for column in columns(family):
        note, example = noted(family, column, lang)
        sheet.append([column.heading(lang), note, example])
    for row in sheet.iter_rows(max_col=3):
        row[0].font = _BOLD
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = _BOLD
    for letter, width in (("A", 28), ("B", 70), ("C", 28)):
        sheet.column_dimensions[letter].width = width
