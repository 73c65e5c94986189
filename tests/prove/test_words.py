"""What a furnished report says, cell by cell: words of its language, once each, and nothing that was not seen."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.prove.test_paper import text_of
from tests.web.furnished import furnish

from negatoscope.flows import proving
from negatoscope.flows.console import Console
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.judge import texts
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import ControlResult, Doubt, Judgement, RuleResult
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.prove.report.blurs import blurs
from negatoscope.prove.report.words import collector
from negatoscope.web import labels

PARTIAL = Path(__file__).parents[1] / "captures/nmap/healthy.xml"
CODE = re.compile(r"(host|account|person|network|practice)/|^(passed|failed|unproven|not_applicable|practice)$")


@pytest.fixture
def furnished(db: None, tmp_path: Path) -> Console:
    return furnish(tmp_path, utc_now())


def cells(console: Console, lang: Lang) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(BytesIO(proving.report_xlsx(console, lang)))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


def test_every_collector_has_a_name_for_people() -> None:
    assert [name for name in labels.COLLECTORS if collector(name, "fr") == name] == []


def test_the_workbook_says_what_proves_a_control_and_not_that_something_did(furnished: Console) -> None:
    head, *rows = cells(furnished, "fr")["Contrôles"]
    assert head[3] == "Se prouve par"
    assert {row[3] for row in rows} == {"mesure", "attestation"}


def test_no_cell_holds_a_code_or_a_foreign_date(furnished: Console) -> None:
    sheets = cells(furnished, "fr")
    said = [cell for rows in sheets.values() for row in rows for cell in row if isinstance(cell, str)]
    assert [cell for cell in said if CODE.search(cell) or re.search(r"\b20\d\d-\d\d-\d\d", cell)] == []
    assert ("sans objet", 0) in sheets["Synthèse"]
    assert "srv-essai" in {row[1] for row in sheets["Constats"]}


def test_paper_dates_are_french_in_french(furnished: Console) -> None:
    assert not re.search(r"\b20\d\d-\d\d-\d\d", text_of(proving.report_pdf(furnished, "fr")))


def test_the_scope_tells_what_can_be_measured_from_what_is_settled(furnished: Console) -> None:
    assert re.search(r"\d+ mesurables, \d+ établis", text_of(proving.report_pdf(furnished, "fr")))


def test_a_sweep_is_complete_or_partial_or_never_was(furnished: Console) -> None:
    said = text_of(proving.report_pdf(furnished, "fr"))
    assert re.search(r"10\.77\.0\.0/24 \d\d/\d\d/\d{4} \d\d:\d\d \(complet\)", said)
    assert "192.168.50.0/24 jamais" in said
    deliver(furnished, Delivery("nmap", "192.168.50.0/24", "user:mdurand", "observation", PARTIAL.read_bytes()))
    said = text_of(proving.report_pdf(furnished, "fr"))
    assert re.search(r"192\.168\.50\.0/24 \d\d/\d\d/\d{4} \d\d:\d\d \(partiel\)", said)


def test_a_proof_says_its_name_where_it_has_one(furnished: Console) -> None:
    told = {row[1] for row in cells(furnished, "fr")["Preuves"]}
    assert {"document joint · emargement.pdf", "liste importée · personnes", "équipement lui-même"} <= told
    assert not [one for one in told if str(one).rstrip().endswith("·")]


def _in_doubt(rule: str, socket: str) -> ControlResult:
    doubt = Doubt("host/vm", "service_unknown", {"socket": socket})
    return ControlResult(f"{rule}.1", Verdict.UNPROVEN, Proof.MEASURED, 1, doubts=(doubt,))


def test_doubts_that_read_the_same_are_one_line() -> None:
    rules = tuple(
        RuleResult(rule, Verdict.UNPROVEN, None, None, (_in_doubt(rule, socket),))
        for rule, socket in (("R23", "tcp/2024"), ("R18", "tcp/2025"))
    )

    def name(ref: Ref) -> str:
        return texts.subject(ref, "fr")

    (told,) = blurs(Judgement(utc_now(), rules), "fr", name, lambda doubt, _rule, who: f"{who} {doubt.reason}")
    assert (told.rules, told.controls, told.count) == (("R18", "R23"), ("R23.1", "R18.1"), 2)
