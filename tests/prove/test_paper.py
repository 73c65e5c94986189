"""The report on paper: opened as an auditor's reader opens it."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from pypdf import PdfReader
from tests.conftest import START

from negatoscope.flows import proving
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.ledgering import checkpoint
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.model.networks import Network
from negatoscope.model.people import Attestation
from negatoscope.prove.exports import xlsx
from negatoscope.prove.report import content, pdf
from negatoscope.prove.report.glyphs import printable
from negatoscope.store import judgements, ledger

CAPTURES = Path(__file__).parent.parent / "captures"
ZERO_WIDTH = "\u200b"


def text_of(paper: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    return " ".join("\n".join(pages).replace(ZERO_WIDTH, "").split())


def observed(console: Console) -> None:
    deliver(
        console, Delivery("local", "", "amelie", "observation", (CAPTURES / "local/server-as-root.jsonl").read_bytes())
    )
    at = console.clock()
    declare(
        console,
        Said("amelie"),
        [
            Network("10.77.0.0/24"),
            Attestation("R40.1", True, "Audit", "Amélie", at, at + timedelta(days=20)),  # noqa: FBT003 -- it holds
        ],
    )


def film(number: int) -> content.Film:
    said = ("Chapitre", "Court", "Un titre", "unproven", "non prouvé", "", "", "")
    return content.Film(f"R{number}", number, *said, settled=0, total=3, findings=0, doubts=1)


def report(**said: object) -> content.Report:
    plain = content.Report(
        lang="fr",
        practice="Cabinet",
        judged="21/11/2026 22:00",
        made="21/11/2026 22:01",
        headline="Rien n’est prouvé.",
        counts={"passed": 0, "failed": 0, "unproven": 40, "not_applicable": 0},
        coverage={"measured": 1, "attested": 1, "awaiting": 1},
        films=tuple(film(number) for number in range(1, 41)),
        controls=(),
        blurs=(),
        acts=(),
        dues=(),
        scope=content.Scope((), (), (), 0, newer=False),
        proofs=(),
        seal=content.Seal("a" * 64, 3, "b" * 64, "c" * 16),
    )
    return structs.replace(plain, **said)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_empty_register_gives_an_honest_report(console: Console, lang: str) -> None:
    said = text_of(proving.report_pdf(console, "en" if lang == "en" else "fr"))
    expected = {
        "fr": ("Rien n’est encore prouvé", "Aucun réseau n’est déclaré", "Aucun constat", "page 1 sur"),
        "en": ("Nothing is proven yet", "No network is declared", "No finding", "page 1 of"),
    }
    for sentence in expected[lang]:
        assert sentence in said


def test_the_report_names_culprits_verdicts_deadlines_and_evidence(console: Console) -> None:
    observed(console)
    judgement = judge_now(console, "amelie")
    said = text_of(proving.report_pdf(console, "fr"))
    assert "À faire d’abord" in said
    assert "L’attestation R40.1 (Audit annuel) arrive à son terme" in said
    assert "10.77.0.0/24" in said
    for rule in judgement.rules:
        assert rule.rule in said
        for control in rule.controls:
            if control.findings:
                assert f"{control.id} – " in said
            for digest in control.evidence:
                assert digest in said


def test_the_seal_printed_is_the_ledger_s_own(console: Console) -> None:
    said = text_of(proving.report_pdf(console, "fr"))
    signed = checkpoint(console)
    kept = judgements.last(console.practice)
    assert kept is not None
    assert signed.head in said
    assert kept.digest in said
    last = ledger.last()
    assert last is not None
    assert (last["kind"], last["sequence"]) == ("report", signed.size)


def test_a_look_that_came_after_the_judgement_is_announced(console: Console) -> None:
    judge_now(console, "amelie")
    assert "arrivés après ce jugement" not in text_of(proving.report_pdf(console, "fr"))
    observed(console)
    assert "arrivés après ce jugement" in text_of(proving.report_pdf(console, "fr"))


def test_fonts_are_embedded_and_come_from_the_package_only(console: Console) -> None:
    reader = PdfReader(BytesIO(proving.report_pdf(console, "fr")))
    pages: list[Any] = list(reader.pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert re.match(r"/[A-Z]{6}\+SourceSansPro", font["/BaseFont"])
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys()


def test_the_paper_is_tagged_for_archives_and_screen_readers(console: Console) -> None:
    reader = PdfReader(BytesIO(proving.report_pdf(console, "fr")))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "pdfaid:part" in metadata
    assert "pdfuaid:part" in metadata
    assert reader.metadata is not None
    assert "Rapport" in str(reader.metadata.title)
    assert "Caisson lumineux" in repr(_alternatives(reader))


def _alternatives(reader: PdfReader) -> list[str]:
    size: Any = reader.trailer["/Size"]
    objects: list[Any] = [reader.get_object(number) for number in range(1, size)]
    return [str(held["/Alt"]) for held in objects if isinstance(held, dict) and "/Alt" in held]


def test_the_first_page_holds_everything_the_manager_needs(console: Console) -> None:
    observed(console)
    judge_now(console, "amelie")
    page = PdfReader(BytesIO(proving.report_pdf(console, "fr"))).pages[0].extract_text()
    for said in ("R1", "R40", "À faire d’abord", "Échéances"):
        assert said in page


def test_nothing_a_host_is_called_becomes_layout() -> None:
    evil = '#panic("x") #import "@preview/x:1.0.0": * $x$ *gras* `code` <label> @ref \\ [ ] { } // note /* = titre'
    control = content.Control("R1.1", "R1", evil, evil, "failed", "non conforme", "mesuré", 1, (), (evil,), (evil,))
    said = text_of(pdf.render(report(practice=evil, controls=(control,), headline=evil), START))
    assert said.count('#panic("x") #import') >= 4
    assert "*gras* `code` <label> @ref" in said


def test_two_hundred_findings_and_endless_words_fit() -> None:
    long = "srv-" + "x" * 180 + ".example"
    controls = tuple(
        content.Control(
            f"R{n}.1", f"R{n}", "Une obligation", "Un remède", "failed", "non conforme", "mesuré", 99, (),
            tuple(f"{long} : constat {number}" for number in range(100)), tuple("s" for _ in range(100)),
        )
        for n in (1, 2)
    )  # fmt: skip
    blurs = (content.Blur(f"Angle mort sur {long}", ("R1",) * 40, ("R1.1",), 40),)
    paper = pdf.render(report(practice="P" * 200, controls=controls, blurs=blurs), START)
    said = text_of(paper)
    assert f"constat {pdf.MAX_SENTENCES - 1}" in said
    assert "et 40 autres" in said
    widths = [float(page.mediabox.width) for page in PdfReader(BytesIO(paper)).pages]
    assert _rightmost(paper) < widths[0] - 40


def _rightmost(paper: bytes) -> float:
    ends: list[float] = []

    def visit(_text: str, _cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        ends.append(tm[4])

    for page in PdfReader(BytesIO(paper)).pages:
        page.extract_text(visitor_text=visit)
    return max(ends)


@given(st.text(max_size=60))
def test_any_name_prints(name: str) -> None:
    assert pdf.render(report(practice=name, headline=name), START).startswith(b"%PDF")


def test_what_no_font_holds_is_a_question_mark() -> None:
    assert {"é", "œ", "’", "«", "✓", "×", "–", "…", "\u00a0", "\u202f"} <= printable()
    assert "日" not in printable()
    assert "Poste ?? é" in text_of(pdf.render(report(practice="Poste 日本 e\u0301"), START))


@pytest.mark.parametrize("make", [proving.report_pdf, proving.report_xlsx])
def test_a_report_that_cannot_be_made_leaves_no_entry(
    console: Console, make: Callable[[Console, str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_now(console, "amelie")
    before = ledger.last()

    def fail(*_arguments: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pdf, "render", fail)
    monkeypatch.setattr(xlsx, "workbook", fail)
    with pytest.raises(OSError, match="No space"):
        make(console, "fr")
    assert ledger.last() == before
