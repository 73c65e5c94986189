"""Reflex sheets: whole, sourced, in two languages, safe for patients."""

import re

import pytest

from negatoscope.respond.reflex import PHASES, REFLEXES, Sheet, shared, sheets

every = pytest.mark.parametrize("sheet", sheets(), ids=lambda sheet: str(sheet.id))


def test_every_kind_of_incident_has_its_sheet_in_order() -> None:
    assert tuple(sheet.id for sheet in sheets()) == REFLEXES


@every
def test_a_sheet_leads_from_the_first_doubt_to_work(sheet: Sheet) -> None:
    assert all(sheet.steps(phase) for phase in PHASES)
    assert 5 <= sheet.minutes <= 30
    assert all(step.fr.endswith("?") or "?" in step.fr for step in sheet.qualify)
    assert [step.id for step in sheet.conclude] == ["real", "size"]


@every
def test_a_step_is_named_once_and_its_source_is_listed(sheet: Sheet) -> None:
    for phase in PHASES:
        names = [step.id for step in sheet.steps(phase)]
        assert len(set(names)) == len(names)
    used = {step.source for phase in PHASES for step in sheet.steps(phase)}
    assert set(sheet.sources()) == used <= set(shared().sources)


def test_no_source_is_listed_for_nothing() -> None:
    assert {name for sheet in sheets() for name in sheet.sources()} == set(shared().sources)


@every
def test_both_languages_are_said_as_they_are_written(sheet: Sheet) -> None:
    for phase in PHASES:
        for step in sheet.steps(phase):
            assert step["fr"] == step.fr != step.en == step["en"]
            assert not re.search(r"[ \w][;?!]|(?<!\u00a0):", step.fr), step.fr


@every
def test_patients_come_before_machines_and_the_power_stays_on_by_default(sheet: Sheet) -> None:
    first = sheet.steps("first")
    assert [step.id for step in first] == ["patient", "modality", "warn", "log", "keep", "off"]
    assert "mémoire" in shared().power.fr
    assert "notez qui, quand et pourquoi" in shared().contrary.fr


def test_what_is_not_from_the_forty_rules_is_not_said_to_be_sure() -> None:
    sure = [step for sheet in sheets() for phase in PHASES for step in sheet.steps(phase) if step.confidence == "sure"]
    assert {step.source for step in sure} == {"seed"}


@pytest.mark.parametrize("name", ["ransomware", "host"])
def test_a_compromised_machine_is_copied_then_reinstalled(name: str) -> None:
    (sheet,) = (one for one in sheets() if one.id == name)
    order = [step.id for step in sheet.recover]
    assert order.index("images") < order.index("reinstall")
