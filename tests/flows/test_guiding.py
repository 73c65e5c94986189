"""A reflex sheet on paper: two pages, all of it, whoever is to be called."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.conftest import START

from negatoscope.flows import chaining, guiding
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.kit.bilingual import Lang
from negatoscope.model.continuity import Call
from negatoscope.model.people import Person
from negatoscope.prove.reflexes.paper import Caller
from negatoscope.respond.reflex import PHASES, Sheet, sheets

LONG = tuple(
    Caller("Jean-Christophe de la Rochefoucauld-Montmorency", "+33 6 12 34 56 78, +33 5 61 00 00 00") for _ in "abc"
)


def packed(text: str) -> str:
    """A text without its spaces: paper breaks lines where it likes."""
    return "".join(text.split())


def read(data: bytes) -> tuple[int, str]:
    pages = PdfReader(BytesIO(data)).pages
    return len(pages), " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: str(sheet.id))
def test_a_sheet_is_two_pages_with_all_that_it_says(sheet: Sheet, lang: Lang) -> None:
    pages, text = read(guiding.printed(sheet, lang, START, "Cabinet d’imagerie médicale de la Vallée " * 2, LONG))
    assert pages == 2
    told = packed(text)
    for step in (step for phase in PHASES for step in sheet.steps(phase)):
        assert packed(step[lang]) in told
    for source in sheet.sources().values():
        assert packed(source.name[lang]) in told
    assert told.count("Jean-Christophe") == len(LONG)


def test_the_sheet_of_a_practice_says_whom_to_call_today(console: Console) -> None:
    (sheet, *_others) = sheets()
    _pages, before = read(chaining.reflex_sheet(console, sheet, "fr"))
    assert "CERT Santé" in before
    anna = Person("anna", "Anna Petit")
    declare(console, Said("user:essai"), (anna, Call(anna.ref, 1, "06 11 22 33 44")))
    _pages, after = read(chaining.reflex_sheet(console, sheet, "fr"))
    assert "Anna Petit 06 11 22 33 44" in after
    assert "CERT Santé" not in after
