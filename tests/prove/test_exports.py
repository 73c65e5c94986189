"""The same judgement for a spreadsheet and for a program."""

import json
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from openpyxl import load_workbook
from tests.prove.test_paper import report

from negatoscope.flows import proving
from negatoscope.flows.console import Console
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.prove.exports import json as exported
from negatoscope.prove.exports import xlsx
from negatoscope.prove.ledger import Checkpoint, Entry, key_id, public, verify
from negatoscope.prove.report import content
from negatoscope.store import ledger

CAPTURE = Path(__file__).parent.parent / "captures/local/server-as-root.jsonl"


@pytest.fixture
def looked(console: Console) -> Console:
    deliver(console, Delivery("local", "", "amelie", "observation", CAPTURE.read_bytes()))
    return console


def test_every_digest_in_the_json_is_in_the_vault(looked: Console) -> None:
    told = json.loads(proving.report_json(looked))
    digests = {digest for rule in told["rules"] for control in rule["controls"] for digest in control["evidence"]}
    assert digests
    assert all(looked.vault.holds(digest) for digest in digests)


def test_the_json_is_the_judgement_with_the_ledger_s_seal(looked: Console) -> None:
    judgement = judge_now(looked, "amelie")
    told = json.loads(proving.report_json(looked))
    assert [rule["rule"] for rule in told["rules"]] == [f"R{number}" for number in range(1, 41)]
    assert told["judgement_digest"] == sha256(canonical(judgement))
    assert len(exported.judgement(judgement)) == len(told["rules"])
    assert told["ledger"]["key_id"] == key_id(public(looked.keys.signing()))
    assert told["ledger"]["size"] == told["checkpoint"]["size"]
    entries = [Entry(**row) for row in ledger.entries()]
    seal = msgspec.convert(told["checkpoint"], Checkpoint)
    assert verify(entries, [seal], trusted=told["ledger"]["key_id"]) == []
    assert [flaw.code for flaw in verify(entries[:-1], [seal])] == ["truncated"]


def test_the_workbook_has_its_nine_sheets_in_both_languages(looked: Console) -> None:
    names = {
        "fr": [
            "Synthèse",
            "Règles",
            "Contrôles",
            "Constats",
            "Doutes",
            "Plan d’action",
            "Dérogations",
            "Autres textes",
            "Preuves",
        ],
        "en": [
            "Summary",
            "Rules",
            "Controls",
            "Findings",
            "Doubts",
            "Action plan",
            "Waivers",
            "Other texts",
            "Evidence",
        ],
    }
    judgement = judge_now(looked, "amelie")
    for lang in ("fr", "en"):
        book = load_workbook(BytesIO(proving.report_xlsx(looked, "en" if lang == "en" else "fr")))
        assert book.sheetnames == names[lang]
        _, rules, controls, findings, doubts, _plan, _waivers, elsewhere, proofs = (
            list(sheet.values) for sheet in book.worksheets
        )
        assert [row[0] for row in rules[1:]] == [rule.rule for rule in judgement.rules]
        every = [control for rule in judgement.rules for control in rule.controls]
        assert [row[0] for row in controls[1:]] == [control.id for control in every]
        assert [row[0] for row in elsewhere[1:41]] == [rule.rule for rule in judgement.rules]
        assert len(findings) - 1 == sum(len(control.findings) for control in every) > 0
        assert {row[0] for row in doubts[1:]} == {control.id for control in every if control.doubts}
        assert len(set(doubts)) == len(doubts) <= 1 + sum(len(control.doubts) for control in every)
        assert {row[0] for row in proofs[1:]} == {digest for control in every for digest in control.evidence}


@pytest.mark.parametrize("evil", ['=HYPERLINK("http://x")', "+1+1", "-1", "@SUM(A1)", "\t=1", "\x00=1", "a\x0bb"])
def test_no_name_becomes_a_formula(evil: str) -> None:
    control = content.Control("R1.1", "R1", evil, evil, "failed", "non conforme", "mesuré", 1, (), (evil,), (evil,))
    data = xlsx.workbook(report(practice=evil, controls=(control,)), [("R1.1", evil, evil)])
    book = load_workbook(BytesIO(data))
    cells = [
        cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    ]
    assert all(cell.data_type == "s" for cell in cells)
    said = [cell for cell in cells if cell.value == evil]
    assert all(cell.quotePrefix for cell in said)
    assert said or "\x00" in evil or "\x0b" in evil


def test_a_sheet_too_long_says_how_many_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    data = xlsx.workbook(report(), ((f"R1.{n}", "s", "d") for n in range(10)))
    rows = list(load_workbook(BytesIO(data))["Doutes"].values)
    assert rows[-1][0] == "et 7 autres"
