"""A planned repair is closed by a look that no longer finds its subject wrong, and by nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from negatoscope.model.actions import Action, ActionState, ActionStep
from negatoscope.model.judgement import ControlResult, Doubt, Finding, Judgement, RuleResult
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.prove.following import followed

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
FOUND, DOUBTED = Finding("host/a", "open"), Doubt("host/a", "stale")
OTHER = Finding("host/b", "open")


def action(state: ActionState) -> Action:
    return Action("R10.1", "host/a", "Jean", date(2026, 12, 1), state, (ActionStep(AT, "user:j", state),))


def judged(result: ControlResult | None, at: datetime = AT + timedelta(hours=1)) -> Judgement:
    rules = (RuleResult("R10", result.verdict, None, None, (result,)),) if result else ()
    return Judgement(at, rules)


def result(
    verdict: Verdict,
    findings: tuple[Finding, ...] = (),
    doubts: tuple[Doubt, ...] = (),
    evidence: tuple[str, ...] = ("d1",),
) -> ControlResult:
    return ControlResult("R10.1", verdict, Proof.MEASURED, 2, findings, doubts, evidence)


@pytest.mark.parametrize("state", [ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.DONE, ActionState.REOPENED])
@pytest.mark.parametrize("told", [result(Verdict.PASSED), result(Verdict.FAILED, (OTHER,))])
def test_a_finding_that_is_gone_closes_its_action_and_names_the_proof(state: ActionState, told: ControlResult) -> None:
    (after,) = followed([action(state)], judged(told))
    assert (after.state, after.proof) == (ActionState.CLOSED, ("d1",))
    assert (after.steps[-1].code, after.steps[-1].who, len(after.steps)) == ("gone", "console", 2)


@pytest.mark.parametrize(
    "told",
    [
        result(Verdict.FAILED, (FOUND,)),
        result(Verdict.UNPROVEN, (), (DOUBTED,)),
        result(Verdict.UNPROVEN, evidence=()),
        result(Verdict.PASSED, evidence=()),
        None,
    ],
)
def test_nothing_else_closes_an_action_said_to_be_done(told: ControlResult | None) -> None:
    assert list(followed([action(ActionState.DONE)], judged(told))) == []


@pytest.mark.parametrize(
    ("doubt", "closes"),
    [
        (Doubt("host/a", "stale"), False),
        (Doubt("account/a/root", "unread"), False),
        (Doubt("practice", "control_crashed"), False),
        (Doubt("practice", "list_open"), False),
        (Doubt("practice", "list_open", {"kind": "Person"}), False),
        (Doubt("practice", "list_open", {"kind": "Directory"}), True),
        (Doubt("practice", "population_open"), True),
        (Doubt("host/ab", "stale"), True),
        (Doubt("account/a/jean", "unread"), True),
    ],
)
def test_a_subject_that_nobody_could_see_any_more_is_not_repaired(doubt: Doubt, closes: bool) -> None:  # noqa: FBT001 -- a case
    held = replace(action(ActionState.DONE), subject="account/a/root")
    assert bool(list(followed([held], judged(result(Verdict.UNPROVEN, (), (doubt,)))))) is closes


def test_what_was_doubted_of_the_whole_practice_is_not_repaired_while_it_is_doubted() -> None:
    held, doubt = replace(action(ActionState.DONE), subject="practice"), Doubt("practice", "population_open")
    assert list(followed([held], judged(result(Verdict.UNPROVEN, (), (doubt,))))) == []


def test_a_judgement_older_than_the_last_step_says_nothing() -> None:
    assert list(followed([action(ActionState.OPEN)], judged(result(Verdict.PASSED), AT))) == []


def test_a_finding_that_returns_opens_its_action_again() -> None:
    (after,) = followed([action(ActionState.CLOSED)], judged(result(Verdict.FAILED, (FOUND,))))
    assert (after.state, after.steps[-1].code, after.proof) == (ActionState.REOPENED, "returned", ())
    assert list(followed([action(ActionState.CLOSED)], judged(result(Verdict.UNPROVEN, (), (DOUBTED,))))) == []


def test_a_population_that_is_empty_closes_too() -> None:
    (after,) = followed([action(ActionState.OPEN)], judged(result(Verdict.NOT_APPLICABLE, evidence=())))
    assert after.state is ActionState.CLOSED


def test_an_action_is_late_until_it_is_closed() -> None:
    day = date(2026, 12, 2)
    assert action(ActionState.DONE).late(day)
    assert not action(ActionState.DONE).late(date(2026, 12, 1))
    assert not action(ActionState.CLOSED).late(day)
