"""Every family's list as hands and machines spoil it: told by row, column and remedy, in both languages, or taken."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from negatoscope.model import keys
from negatoscope.model.families import FAMILIES
from negatoscope.model.family import Column, Family, Shape
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet import words
from negatoscope.observe.spreadsheet.families import PERSON
from negatoscope.observe.spreadsheet.rows import Listed, listed
from tests.observe.spreadsheets import SHEET, part, rezip, xlsx
from tests.samples import KNOWN, as_csv, headings, row, sample

Rows = list[list[Any]]
EVERY = pytest.mark.parametrize("family", [*FAMILIES, PERSON], ids=lambda family: family.name)


def good(family: Family) -> Rows:
    return [headings(family), row(family, sample(family))]


def said(family: Family, told: Listed) -> list[tuple[int, str]]:
    """Row and code of each problem, once its sentence stands in both languages and names its column."""
    for one in told.problems:
        both = [words.problem(one, family, lang) for lang in ("fr", "en")]
        assert both[0] != both[1], one
        assert not any(mark in sentence for mark in "_{}" for sentence in both), both
        assert one.column is not None
        assert all(words.heading(family, one.column, lang) for lang in ("fr", "en"))
    return [(one.row, one.code) for one in told.problems]


def refused(family: Family, data: bytes) -> str:
    with pytest.raises(Unreadable) as told:
        listed(data, family, KNOWN)
    french, english = (words.file(told.value.why, told.value.position, family, lang) for lang in ("fr", "en"))
    assert french != english
    assert not any(word in french for word in ("row ", "line ", "byte ", "character ")), french
    assert not any(mark in sentence for mark in "{}_" for sentence in (french, english)), french
    return told.value.why


def with_cell(family: Family, column: Column, cell: object) -> Rows:
    rows = good(family)
    rows[1][family.columns.index(column)] = cell
    return rows


def of(family: Family, *shapes: Shape) -> Iterator[Column]:
    return (column for column in family.columns if column.shape in shapes)


@EVERY
def test_it_is_taken_whatever_the_order_the_separator_the_marks_and_the_dates(family: Family) -> None:
    rows, fact = good(family), sample(family)
    iso = [rows[0], [one.isoformat() if isinstance(one, date) else one for one in rows[1]]]
    plain = [[one.replace("–", "-") if isinstance(one, str) else one for one in line] for line in rows]
    files = {
        "semicolons": as_csv(rows),
        "commas": as_csv(rows, ","),
        "tabs": as_csv(rows, "\t"),
        "byte order mark": b"\xef\xbb\xbf" + as_csv(rows),
        "windows": as_csv(plain).decode().encode("cp1252"),
        "utf-16": as_csv(rows).decode().encode("utf-16"),
        "windows line ends": as_csv(rows).replace(b"\n", b"\r\n"),
        "iso dates": as_csv(iso),
        "columns in another order": as_csv([line[::-1] for line in rows]),
        "english": as_csv([headings(family, "en"), row(family, fact, "en")]),
        "a title above and empty rows": b"Ma liste\n\n" + as_csv([rows[0], [""] * len(rows[0]), rows[1]]),
        "workbook": xlsx(*rows),
        "workbook in another order": xlsx(*(line[::-1] for line in rows)),
    }
    for name, data in files.items():
        told = listed(data, family, KNOWN)
        assert ([line.fact for line in told.lines], told.problems) == ([fact], []), name


@EVERY
def test_a_column_that_nobody_knows_is_named_and_left_out(family: Family) -> None:
    rows = [[*line, extra] for line, extra in zip(good(family), ("Couleur préférée", "mauve"), strict=True)]
    for data in (as_csv(rows), xlsx(*rows)):
        told = listed(data, family, KNOWN)
        assert told.ignored == ("Couleur préférée",)
        assert [line.fact for line in told.lines] == [sample(family)]


@EVERY
def test_a_spoilt_file_is_refused_as_a_whole(family: Family) -> None:
    rows = good(family)
    book, table = xlsx(*rows), as_csv(rows)
    needed = next(column for column in family.columns if column.required)
    lacking = [
        [cell for cell, column in zip(line, family.columns, strict=True) if column is not needed] for line in rows
    ]
    files = {
        "empty": (b"", b" \r\n\n"),
        "no_headings": (as_csv([["a", "b"], ["c", "d"]]), xlsx(["a"], ["b"])),
        "heading_twice": (as_csv([[*line, line[0]] for line in rows]), xlsx(*([*line, line[0]] for line in rows))),
        "not_text": (table.replace(b"\n", b"\0\n"),),
        "truncated": (book[: len(book) // 2], table.rstrip() + b';"et la suite'),
    }
    for why, made in files.items():
        assert [refused(family, data) for data in made] == [why] * len(made)
    if len(family.columns) > 1:
        assert refused(family, as_csv(lacking)) in {"column_missing", "no_headings"}


@pytest.mark.parametrize("family", [keys.KEYS, keys.HANDOVERS], ids=lambda family: family.name)
def test_what_is_too_large_is_refused_before_it_costs_anything(family: Family) -> None:
    rows = good(family)
    book, table = xlsx(*rows), as_csv(rows)
    far = part(book, SHEET).replace(b"</sheetData>", b'<row r="1048576"/></sheetData>')
    files = {
        "empty": b"\n" * 1_000_000,
        "too_many_rows": table + b";\n" * 1_000_000,
        "too_large": table + b" " * (10 * 1024 * 1024),
        "zip_bomb": rezip(book, {SHEET: part(book, SHEET) + b" " * (20 * 1024 * 1024)}),
    }
    assert {why: refused(family, data) for why, data in files.items()} == {why: why for why in files}
    assert refused(family, rezip(book, {SHEET: far})) == "too_many_rows"


@EVERY
def test_a_thing_listed_twice_is_refused_the_second_time(family: Family) -> None:
    rows = good(family)
    told = listed(as_csv([*rows, rows[1]]), family, KNOWN)
    assert said(family, told) == [(3, "duplicate")]
    assert len(told.lines) == 1


@EVERY
def test_each_cell_that_cannot_be_is_told_with_its_row(family: Family) -> None:
    cells: dict[str, Callable[[], Iterator[tuple[Column, object]]]] = {
        "not_a_date": lambda: ((one, "31/02/2026") for one in of(family, Shape.DAY)),
        "date_out_of_range": lambda: (
            (one, year) for one in of(family, Shape.DAY) for year in ("01/01/2999", "01/01/1900")
        ),
        "formula": lambda: ((one, "=1+1") for one in family.columns),
        "too_long": lambda: ((one, "x" * 10_000) for one in family.columns),
        "link_unknown": lambda: ((one, "Personne de ce nom") for one in of(family, Shape.LINK)),
        "missing": lambda: ((one, None) for one in family.columns if one.required),
    }
    for code, made in cells.items():
        for nth, (column, cell) in enumerate(made()):
            rows = with_cell(family, column, cell)
            for data in (as_csv(rows), xlsx(*rows))[: 2 if nth == 0 else 1]:
                told = listed(data, family, KNOWN)
                assert said(family, told) == [(2, code)], column.name
                assert (told.problems[0].column, told.lines) == (column.name, [])


@EVERY
def test_merged_cells_say_what_they_hide(family: Family) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for line in (*good(family), row(family, sample(family, 1))):
        sheet.append(line)
    place = next(place for place, column in enumerate(family.columns, start=1) if column.required)
    sheet.merge_cells(start_row=2, end_row=3, start_column=place, end_column=place)
    file = BytesIO()
    book.save(file)
    told = listed(file.getvalue(), family, KNOWN)
    assert said(family, told) == [(3, "missing")]
    assert [line.row for line in told.lines] == [2]
