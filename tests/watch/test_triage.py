"""What comes first, and which steps time takes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.alert import BY_ITSELF, Alert, AlertState, AlertStep, Priority
from negatoscope.model.continuity import Call
from negatoscope.model.presence import Absence
from negatoscope.watch import triage
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.watch.triage import Weighty

AT = datetime(2026, 10, 24, 22, tzinfo=UTC)
"""The evening before clocks go back."""
SEEN = Detection(
    Kind.BEHAVIOUR, "attempts", "host/poste", AT, AT, ("s:1",), Level.MEDIUM, "attempts/1", "brute_force",
    seen={"account": "account/srv/root", "failures": 30},
)  # fmt: skip
ALERT = Alert(
    1, "behaviour", "attempts", "host/poste", "medium", Priority.MEDIUM, (), AT, triage.due(AT), AlertState.NEW, 1, AT
)
CALLS = (
    Call("person/luc", 2, deputy="person/zoe"),
    Call("person/anna", 1, deputy="person/marc"),
    Call("person/paul"),
)


def test_what_the_register_knows_to_matter_comes_first() -> None:
    weights = Weighty(administrators=frozenset({"account/srv/root"}), modalities=frozenset({"host/irm"}))
    because = weights.reasons(triage.touched(SEEN))
    assert because == ("administrator",)
    assert triage.priority(Level.MEDIUM, because) is Priority.HIGH
    assert triage.priority(Level.MEDIUM, ()) is Priority.MEDIUM
    assert triage.priority(Level.LOW, ()) is Priority.LOW
    assert triage.priority(Level.LOW, because) is Priority.MEDIUM
    assert triage.priority(Level.CRITICAL, ()) is Priority.HIGH


def test_one_kind_about_one_subject_is_one_alert() -> None:
    assert triage.mark_of(SEEN) == triage.mark_of(replace(SEEN, case="attempts/2", reason="slow", keys=("s:9",)))
    assert triage.mark_of(SEEN) != triage.mark_of(replace(SEEN, subject="host/autre"))


def test_twenty_four_hours_are_that_on_the_night_that_has_twenty_five() -> None:
    assert triage.due(AT) - AT == timedelta(hours=24)


@given(st.timedeltas(timedelta(), timedelta(days=40)), st.frozensets(st.sampled_from(tuple(BY_ITSELF))))
def test_each_step_is_due_from_its_hour_on_and_never_twice(after: timedelta, taken: frozenset[AlertStep]) -> None:
    due = list(triage.steps_due(ALERT, taken, AT + after))
    assert set(due) == {step for step, hours in BY_ITSELF.items() if hours <= after} - taken
    assert triage.newest(due) == (due[-1] if due else None)


def test_who_took_it_on_is_spared_the_first_step_and_a_closed_one_all() -> None:
    later = AT + timedelta(hours=13)
    mine = replace(ALERT, state=AlertState.TAKEN)
    assert list(triage.steps_due(mine, (), later)) == [AlertStep.AFTER_12]
    assert not list(triage.steps_due(replace(mine, closed_at=AT), (), AT + timedelta(days=9)))


def test_the_chain_grows_longer_as_time_passes_and_a_deputy_stands_in() -> None:
    today = date(2026, 10, 24)
    away = (Absence("person/anna", today, today),)
    assert triage.called(AlertStep.RAISED, CALLS, (), today) == ("person/anna",)
    assert triage.called(AlertStep.RAISED, CALLS, away, today) == ("person/anna", "person/marc")
    assert triage.called(AlertStep.AFTER_4, CALLS, (), today) == ("person/anna", "person/marc")
    assert triage.called(AlertStep.AFTER_12, CALLS, (), today)[2:] == ("person/luc", "person/zoe")
    assert triage.called(AlertStep.OVERDUE, CALLS, (), today)[-1] == "person/paul"
    assert triage.called(AlertStep.RAISED, (), (), today) == ()
