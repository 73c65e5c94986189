"""The alert chain: a list of absences that nobody keeps does not prove that somebody answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.continuity import CallDrill, CrisisExercise
from negatoscope.model.presence import Absence
from negatoscope.model.verdict import Verdict
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.lists import ANNA_AWAY, PLAYED, TRIAL
from tests.judge.memory import judged

YEARS = timedelta(days=800)
OLD = replace(ANNA_AWAY, begins_on=ANNA_AWAY.begins_on - YEARS, ends_on=ANNA_AWAY.ends_on - YEARS)


@pytest.mark.parametrize("told", [(), (OLD,)])
def test_a_list_of_absences_of_another_year_proves_nothing(told: tuple[Absence, ...]) -> None:
    others = tuple(fact for fact in HEALTHY.facts if not isinstance(fact, Absence))
    result = judged(HEALTHY.but(facts=(*others, *told)), "R37.6")
    assert result.verdict is Verdict.UNPROVEN
    assert "absences_unsaid" in {doubt.reason for doubt in result.doubts}


@pytest.mark.parametrize(("blank", "reason"), [("vital_missed", "unread"), ("document_digest", "record_missing")])
def test_a_crisis_that_was_played_without_result_or_record_proves_nothing(blank: str, reason: str) -> None:
    others = tuple(fact for fact in HEALTHY.facts if not isinstance(fact, CrisisExercise))
    result = judged(HEALTHY.but(facts=(*others, replace(PLAYED, **{blank: None}))), "R37.10")  # type: ignore[arg-type]
    assert result.verdict is Verdict.UNPROVEN
    assert any(reason in doubt.reason or reason in doubt.values for doubt in result.doubts)


def test_lines_that_a_trial_left_out_prove_nothing() -> None:
    others = tuple(fact for fact in HEALTHY.facts if not isinstance(fact, CallDrill))
    result = judged(HEALTHY.but(facts=(*others, replace(TRIAL, lines=1, reached=1))), "R37.9")
    assert (result.verdict, [doubt.reason for doubt in result.doubts]) == (Verdict.UNPROVEN, ["lines_untried"])


def test_a_later_failure_stands_above_an_earlier_success() -> None:
    later = replace(PLAYED, on=PLAYED.on + timedelta(days=7), vital_missed=1)
    coming = replace(PLAYED, on=PLAYED.on + timedelta(days=700))
    assert judged(HEALTHY.with_(later), "R37.10").verdict is Verdict.FAILED
    assert judged(HEALTHY.with_(coming), "R37.10").verdict is Verdict.PASSED
