"""What a person states: it expires, it may be a confession, it never outranks a measure."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from negatoscope.judge.catalogue import PREAMBLE, RULES, STEMS, census, named, stems
from negatoscope.judge.judge import judge
from negatoscope.judge.rule import Rule
from negatoscope.model.families import FAMILIES
from negatoscope.model.people import Attestation
from negatoscope.model.verdict import Proof, Verdict
from tests.judge.cases import FAILING, HEALTHY
from tests.judge.memory import AT, BY_ID, MEASURED, World, judged, swept

DAY = timedelta(days=1)
ATTESTED = [ident for ident, (_, control) in BY_ID.items() if control.proof is Proof.ATTESTED]
AWAITING = [ident for ident, (_, control) in BY_ID.items() if control.awaiting]


def stated(control: str, *, holds: bool = True, at: datetime = AT - DAY, until: datetime = AT + 30 * DAY) -> World:
    return swept([Attestation(control, holds, "vu et relu", "Dr Petit", at, until, "plan.pdf", "sha256:00")])


@pytest.mark.parametrize("control", ATTESTED)
def test_a_statement_lights_its_control(control: str) -> None:
    result = judged(stated(control), control)
    assert (result.verdict, result.proof, result.oldest) == (Verdict.PASSED, Proof.ATTESTED, AT - DAY)
    assert "sha256:00" in result.evidence


@pytest.mark.parametrize("control", ATTESTED)
def test_what_nobody_stated_is_unproven(control: str) -> None:
    result = judged(stated("R0.0"), control)
    assert (result.verdict, result.doubts[0].reason) == (Verdict.UNPROVEN, "never_attested")


@pytest.mark.parametrize("control", ATTESTED)
def test_a_statement_expires_at_the_latest_when_its_control_says(control: str) -> None:
    lasts = BY_ID[control][1].lasts
    assert lasts is not None
    long_ago = stated(control, at=AT - lasts, until=AT + 3650 * DAY)
    assert judged(long_ago, control).doubts[0].reason == "attestation_expired"


def test_a_statement_expires_on_its_day() -> None:
    result = judged(stated("R4.3", until=AT), "R4.3")
    assert (result.verdict, result.doubts[0].values) == (Verdict.UNPROVEN, {"on": "2026-11-21"})


@pytest.mark.parametrize("lost", ["signed_by", "statement"])
@pytest.mark.parametrize("said", ["", " \n"])
def test_a_statement_that_nobody_signs_or_that_says_nothing_is_not_accepted(lost: str, said: str) -> None:
    (fact,) = stated("R4.3").facts
    result = judged(swept([replace(fact, **{lost: said})]), "R4.3")
    assert (result.verdict, [doubt.reason for doubt in result.doubts]) == (
        Verdict.UNPROVEN,
        ["attestation_unsigned"],
    )


def test_a_statement_that_crashes_the_judge_is_a_doubt() -> None:
    result = judged(stated("R4.3", at=(AT - DAY).replace(tzinfo=None)), "R4.3")
    assert (result.verdict, result.doubts[0].reason) == (Verdict.UNPROVEN, "control_crashed")


def test_a_statement_signed_tomorrow_proves_nothing_today() -> None:
    assert judged(stated("R4.3", at=AT + DAY), "R4.3").verdict is Verdict.UNPROVEN


def test_a_person_may_state_that_a_control_is_not_met() -> None:
    result = judged(stated("R4.3", holds=False, until=AT - DAY), "R4.3")
    assert (result.verdict, result.findings[0].values) == (
        Verdict.FAILED,
        {"by": "Dr Petit", "statement": "vu et relu"},
    )


@pytest.mark.parametrize("control", MEASURED)
def test_no_statement_outranks_a_measured_failure(control: str) -> None:
    flawed = FAILING[control][0]
    assert judged(flawed.with_(*stated(control).facts), control).verdict is Verdict.FAILED


LISTED = {"Directory", *(family.kind for family in FAMILIES)}
"""Lists that may be empty, once somebody declared them complete."""


@pytest.mark.parametrize("control", [*MEASURED, *AWAITING])
def test_no_statement_lights_what_is_measured(control: str) -> None:
    told = stated(control)
    told = told.but(sweeps=tuple(sweep for sweep in told.sweeps if sweep.kind not in LISTED))
    assert judged(told, control).verdict is Verdict.UNPROVEN


def test_a_film_is_attested_only_where_every_control_is_settled() -> None:
    controls = BY_ID["R15.1"][0].controls
    world = HEALTHY.with_(*(fact for control in controls for fact in stated(control).facts))
    (result,) = judge(world, [BY_ID["R15.1"][0]], AT).rules
    assert (result.verdict, result.settled) == (Verdict.UNPROVEN, 3)


def test_forty_rules_in_order_and_every_control_in_order() -> None:
    assert [rule.id for rule in RULES] == [f"R{number}" for number in range(1, 41)]
    for rule in RULES:
        assert list(rule.controls) == [f"{rule.id}.{number}" for number in range(1, len(rule.controls) + 1)]


def test_the_census_counts_every_control_once() -> None:
    counted = census((PREAMBLE, *RULES))
    assert counted == (len(MEASURED), len(ATTESTED), len(AWAITING))
    assert sum(counted) == len(BY_ID)


def test_a_missing_or_extra_rule_is_an_error(tmp_path: Path) -> None:
    for stem in STEMS:
        (tmp_path / f"{stem}.py").touch()
        (tmp_path / f"{stem}.toml").touch()
    assert stems(tmp_path) == STEMS
    (tmp_path / "r41_more.py").touch()
    with pytest.raises(ValueError, match="r41_more"):
        stems(tmp_path)
    (tmp_path / "r41_more.toml").touch()
    with pytest.raises(ValueError, match="r41"):
        stems(tmp_path)


def test_a_rule_bears_the_number_of_its_file() -> None:
    with pytest.raises(ValueError, match="r02_x declares R1"):
        named("r02_x", RULES[0])
    with pytest.raises(ValueError, match="0 controls"):
        named("r02_x", Rule("R2"))
