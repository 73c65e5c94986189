"""The alert chain: a list of absences that nobody keeps does not prove that somebody answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.presence import Absence
from negatoscope.model.verdict import Verdict
from tests.judge.cases import HEALTHY
from tests.judge.cases.healthy.lists import ANNA_AWAY
from tests.judge.memory import judged

YEARS = timedelta(days=800)
OLD = replace(ANNA_AWAY, begins_on=ANNA_AWAY.begins_on - YEARS, ends_on=ANNA_AWAY.ends_on - YEARS)


@pytest.mark.parametrize("told", [(), (OLD,)])
def test_a_list_of_absences_of_another_year_proves_nothing(told: tuple[Absence, ...]) -> None:
    others = tuple(fact for fact in HEALTHY.facts if not isinstance(fact, Absence))
    result = judged(HEALTHY.but(facts=(*others, *told)), "R37.6")
    assert result.verdict is Verdict.UNPROVEN
    assert "absences_unsaid" in {doubt.reason for doubt in result.doubts}
