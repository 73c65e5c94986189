"""Taking somebody off the list of persons makes nobody forget an alarm code."""

from negatoscope.model.cases import Case
from negatoscope.model.people import Departure, Person
from negatoscope.model.verdict import Verdict
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import judged


def test_who_knows_a_code_and_is_listed_no_more_is_doubted() -> None:
    assert judged(HEALTHY, "R33.2").verdict is Verdict.PASSED
    without = HEALTHY.but(
        facts=tuple(
            one
            for one in HEALTHY.facts
            if not (isinstance(one, Departure | Case) or (isinstance(one, Person) and one.left_on is not None))
        ),
    )
    told = judged(without, "R33.2")
    assert told.verdict is Verdict.UNPROVEN
    assert "known_by_unlisted" in {doubt.reason for doubt in told.doubts}
