"""The call tree on a day: deputies, absences, departures, numbers; against a plain reading of each day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.calltree import away, numbers, ordered, tree, uncovered
from negatoscope.model.continuity import Call
from negatoscope.model.presence import Absence

DAY = date(2026, 11, 23)
ANNA, MARC, LUC = "person/anna", "person/marc", "person/luc"
PEOPLE = st.sampled_from([ANNA, MARC, LUC])
SPANS = st.builds(
    lambda who, first, long: Absence(who, DAY + timedelta(first), DAY + timedelta(first + long)),
    PEOPLE, st.integers(-5, 35), st.integers(0, 12),
)  # fmt: skip


def test_lines_are_called_by_rank_and_those_without_last() -> None:
    calls = (Call(LUC), Call(MARC, 2), Call(ANNA, 1))
    assert [one.person for one in ordered(calls)] == [ANNA, MARC, LUC]


def test_the_deputy_is_called_where_the_person_is_away_or_left() -> None:
    calls = Call(ANNA, 1, deputy=MARC), Call(MARC, 2, deputy=LUC), Call(LUC, 3)
    first, second, third = tree(calls, [Absence(ANNA, DAY, DAY)], {LUC}, DAY)
    assert (first.called, first.away_until) == (MARC, DAY)
    assert (second.called, second.deputy_answers) == (MARC, False)
    assert (third.called, third.person_left) == (None, True)
    assert tree(calls, [Absence(ANNA, DAY, DAY)], {LUC}, DAY + timedelta(1))[0].called == ANNA


def test_nobody_answers_where_the_deputy_is_away_too() -> None:
    (rung,) = tree([Call(ANNA, deputy=MARC)], [Absence(ANNA, DAY, DAY), Absence(MARC, DAY, DAY)], (), DAY)
    assert rung.called is None


def test_of_absences_that_overlap_the_later_end_counts() -> None:
    long, short = Absence(ANNA, DAY, DAY + timedelta(9)), Absence(ANNA, DAY, DAY + timedelta(2))
    assert away((long, short), DAY) == away((short, long), DAY) == {ANNA: DAY + timedelta(9)}


@given(st.lists(SPANS, max_size=6), st.none() | PEOPLE)
def test_the_first_day_without_anybody_is_found(absences: list[Absence], deputy: str | None) -> None:
    call = Call(ANNA, deputy=deputy)
    days = [DAY + timedelta(n) for n in range(30)]
    out = {(a.person, a.begins_on + timedelta(n)) for a in absences for n in range((a.ends_on - a.begins_on).days + 1)}
    empty = [day for day in days if all((who, day) in out for who in (ANNA, deputy) if who)]
    assert uncovered(call, absences, DAY, 30) == (empty[0] if empty else None)


def test_two_spellings_of_a_number_are_one() -> None:
    assert numbers(Call(ANNA, phone="06 00 00 00 00", other_phone="06.00.00.00.00")) == ("06 00 00 00 00",)
    assert numbers(Call(ANNA, phone="06 00 00 00 00", other_phone="05 00")) == ("06 00 00 00 00", "05 00")
    assert numbers(Call(ANNA, other_phone="05 00")) == ("05 00",)
    assert numbers(Call(ANNA)) == ()
