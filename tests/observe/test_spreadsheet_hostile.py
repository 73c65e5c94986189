"""Files made to harm, or harmed on the way: refused with a position, before they cost anything."""

import time
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Gap, Retraction, Sweep
from negatoscope.model.people import Person
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet import workbook
from negatoscope.observe.spreadsheet.collector import read
from tests.observe.spreadsheets import SHEET, STRINGS, as_excel, items, part, rezip, xlsx

BOOK = as_excel(xlsx(["Identifiant", "Nom"], ["p", "Paul"]))


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as told:
        items(data)
    assert told.value.position
    return told.value.why


def with_doctype(xml: bytes, doctype: bytes, entity: bytes) -> bytes:
    start = xml.index(b"<", xml.index(b"?>") + 2) if xml.startswith(b"<?xml") else 0
    return xml[:start] + doctype + xml[start:].replace(b"Paul", entity)


@pytest.mark.parametrize("name", [SHEET, STRINGS, "xl/workbook.xml", "[Content_Types].xml"])
def test_billion_laughs_are_refused_wherever_they_hide(name: str) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 10)
    )
    evil = with_doctype(part(BOOK, name), laughs + b"]>", b"&j;")
    began = time.monotonic()
    assert refused(rezip(BOOK, {name: evil})) in {"not_a_workbook", "broken_sheet"}
    assert time.monotonic() - began < 20


def test_an_external_entity_is_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
    for name in (STRINGS, SHEET):
        evil = rezip(BOOK, {name: with_doctype(part(BOOK, name), doctype, b"&e;")})
        assert refused(evil) in {"not_a_workbook", "broken_sheet"}


def test_a_zip_bomb_is_refused_before_anything_is_expanded() -> None:
    bomb = rezip(BOOK, {SHEET: b"<worksheet><sheetData>" + b" " * (170 * 1024 * 1024)})
    tracemalloc.start()
    assert refused(bomb) == "zip_bomb"
    assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    tracemalloc.stop()


def test_many_small_parts_are_a_bomb_too() -> None:
    assert refused(rezip(BOOK, {f"xl/media/{n}": b"" for n in range(1001)})) == "zip_bomb"


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/VBAPROJECT.BIN"])
def test_a_workbook_with_macros_is_refused(name: str) -> None:
    assert refused(rezip(BOOK, {name: b"x"})) == "macros"


def test_a_truncated_workbook_is_refused_at_every_length() -> None:
    for length in range(5, len(BOOK), 97):
        assert refused(BOOK[:length]) in {"truncated", "not_a_workbook", "no_headings"}


def test_another_zip_is_no_workbook() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    assert refused(file.getvalue()) == "not_a_workbook"


def test_what_excel_itself_writes_is_read() -> None:
    assert items(BOOK) == [Person("p", "Paul")]


def test_a_far_away_cell_costs_nothing() -> None:
    xml = part(BOOK, SHEET).replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    began = time.monotonic()
    assert refused(rezip(BOOK, {SHEET: xml})) == "too_many_rows"
    assert time.monotonic() - began < 20


def test_a_lying_dimension_changes_nothing() -> None:
    xml = part(BOOK, SHEET).replace(b'ref="A1:B2"', b'ref="A1:A1"')
    assert items(rezip(BOOK, {SHEET: xml})) == [Person("p", "Paul")]


def test_shared_formulas_cannot_be_multiplied_without_end() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><f t="shared" si="0">A1+1</f></c></row>' % (n, n) for n in range(3, 21_000)
    )
    xml = part(BOOK, SHEET).replace(b"</sheetData>", rows + b"</sheetData>")
    assert refused(rezip(BOOK, {SHEET: xml})) == "too_many_formulas"


def test_without_the_safe_parser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "DEFUSEDXML", False)
    assert refused(BOOK) == "no_safe_parser"


def test_a_capture_without_its_line_is_refused() -> None:
    for data in (b"", b"{}\n", b'{"family":"persons","filename":"x","format":"other/9"}\nx', b"\xff\n", BOOK):
        with pytest.raises(Unreadable) as told:
            list(read(BytesIO(data)))
        assert told.value.why == "not_a_list"


def readable_or_refused(data: bytes, family: str = "persons") -> None:
    try:
        found = items(data, family)
    except Unreadable as error:
        said = (error.why, error.position)
        assert all(said)
    else:
        assert all(isinstance(item, (Person, Retraction, Sweep, Gap)) for item in found) or family == "accounts"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    readable_or_refused(data)
    readable_or_refused(b"PK\x03\x04" + data)
    readable_or_refused(b"identifiant;nom;depart;supprimer\n" + data)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    readable_or_refused(f"système;compte;titulaire;nature\n{text}".encode("utf-8", "surrogatepass"), "accounts")


@given(st.integers(0, len(BOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(place: int, noise: bytes) -> None:
    readable_or_refused(BOOK[:place] + noise + BOOK[place + len(noise) :])


@given(st.sampled_from([SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]), st.data())
def test_a_workbook_of_damaged_parts_is_read_or_refused(name: str, data: st.DataObject) -> None:
    xml = part(BOOK, name)
    place = data.draw(st.integers(0, len(xml)))
    noise = data.draw(
        st.binary(max_size=12) | st.sampled_from([b"<", b"&#0;", b"</c>", b't="e"', b'r="ZZZZ9"', b'si="x"'])
    )
    readable_or_refused(rezip(BOOK, {name: xml[:place] + noise + xml[place + data.draw(st.integers(0, 30)) :]}))
