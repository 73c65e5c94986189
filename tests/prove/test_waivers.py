"""A waiver figures in every form of the report, and changes no verdict."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests.conftest import TickingClock
from tests.prove.test_paper import observed, text_of

from negatoscope.flows import acting, proving
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.model.people import Waiver


@pytest.fixture
def waived(console: Console) -> Console:
    observed(console)
    until = console.clock() + timedelta(days=30)
    waiver = Waiver("R10.1", "host/srv-essai", "Marie Durand", "poste isolé du réseau", until)
    declare(console, Said("amelie", "waiver"), [waiver])
    return console


def test_the_paper_shows_who_answers_for_a_waiver_and_until_when(waived: Console) -> None:
    said = text_of(proving.report_pdf(waived, "fr"))
    assert "Une dérogation ne change aucun verdict." in said
    assert "R10.1 srv-essai Marie Durand poste isolé du réseau 02/12/2026" in said
    assert "A waiver changes no verdict." in text_of(proving.report_pdf(waived, "en"))


def test_the_workbook_has_a_sheet_of_waivers(waived: Console) -> None:
    rows = list(load_workbook(BytesIO(proving.report_xlsx(waived, "fr")))["Dérogations"].values)
    assert rows[0] == ("Contrôle", "Sujet", "Qui en répond", "Ce qui compense", "Jusqu’au")
    assert rows[1] == ("R10.1", "srv-essai", "Marie Durand", "poste isolé du réseau", "02/12/2026")
    assert rows[2][0] == "Une dérogation ne change aucun verdict."


def test_the_json_has_the_waivers(waived: Console) -> None:
    (told,) = json.loads(proving.report_json(waived))["waivers"]
    assert told.pop("until").startswith("2026-12-02T")
    assert told == {
        "control": "R10.1",
        "subject": "host/srv-essai",
        "owner": "Marie Durand",
        "compensation": "poste isolé du réseau",
    }


def test_the_json_has_the_repairs_and_their_history(waived: Console) -> None:
    acting.plan(waived, "amelie", "R10.1", ["host/srv-essai"], acting.Promise("Jean Petit", date(2026, 12, 1), cost=80))
    (told,) = json.loads(proving.report_json(waived))["actions"]
    assert (told["owner"], told["due_on"], told["cost"], told["state"]) == ("Jean Petit", "2026-12-01", 80, "open")
    assert [step["who"] for step in told["steps"]] == ["amelie"]


def test_a_waiver_changes_no_verdict(console: Console) -> None:
    observed(console)
    before = [rule.verdict for rule in judge_now(console, "amelie").rules]
    until = console.clock() + timedelta(days=30)
    declare(console, Said("amelie", "waiver"), [Waiver("R10.1", "host/srv-essai", "M", "c", until)])
    assert [rule.verdict for rule in judge_now(console, "amelie").rules] == before


def test_a_waiver_that_has_ended_is_said_overdue(waived: Console, clock: TickingClock) -> None:
    clock.advance(timedelta(days=31))
    assert "02/12/2026 dépassée" in text_of(proving.report_pdf(waived, "fr"))


def test_the_action_plan_stands_in_workbook_and_paper(waived: Console) -> None:
    acting.plan(waived, "amelie", "R10.1", ["host/srv-essai"], acting.Promise("Jean", date(2026, 1, 5), 450))
    book = load_workbook(BytesIO(proving.report_xlsx(waived, "en")))
    rows = [row for row in book["Action plan"].values if row[0] == "R10.1"]
    assert rows[0][1:] == ("srv-essai", "Jean", "to do – overdue", "2026-01-05", 450)
    assert "R10.1 srv-essai Jean à faire 05/01/2026" in text_of(proving.report_pdf(waived, "fr"))
