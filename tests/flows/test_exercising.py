"""Exercises led on by their own clock: nothing of them is seen by what concerns real duties."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import TickingClock

from negatoscope.flows import compiling, dossiers, exercising, launching, reminding, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.dossiers import Filling, Leaving
from negatoscope.flows.exercising import Prompter
from negatoscope.flows.judging import judge_now
from negatoscope.flows.launching import NotLaunched, Wish
from negatoscope.flows.responding import Beginning, Line
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import Call
from negatoscope.model.exercise import Chosen, Injected
from negatoscope.model.incident import Answered, Moment, Moved, Named, Noted, Origin, Role, Sent, Stage, State
from negatoscope.model.launch import LaunchState, Purpose
from negatoscope.model.people import Person
from negatoscope.respond import agenda, wall
from negatoscope.respond.duty import QUESTIONS
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.result import Mark
from negatoscope.respond.incident import Refused, read
from negatoscope.store.models import DeliveryRow, IncidentEntryRow, NoticeRow, SubjectRow
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries import judgements
from negatoscope.store.queries.paging import Ask

ANNA = Handler("user:anna", "Anna Petit (anna)")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def came(console: Console, number: int) -> list[str]:
    words = (entry.word for entry in held.entries(console.practice, number))
    return [word.inject for word in words if isinstance(word, Injected)]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_things_come_by_the_exercises_clock_once_each(console: Console, clock: TickingClock) -> None:
    number = exercising.begin(console, "ransomware", 60, ANNA)
    assert came(console, number) == ["note"]
    clock.advance(timedelta(seconds=13))
    prompter = Prompter()
    prompter.round(console)
    prompter.round(console)
    assert came(console, number) == ["note", "spread"]
    entry = next(one for one in held.entries(console.practice, number) if one.word == Injected("spread"))
    begins = responding.incident(console, number).opened.at
    assert entry.at == begins + 12 * MINUTE
    assert begins.astimezone(PARIS).hour == 3
    assert entry.real is not None
    assert entry.real <= clock()


def test_a_stopped_console_finds_its_exercise_as_far_as_its_clock_went(console: Console, clock: TickingClock) -> None:
    number = exercising.begin(console, "ransomware", 60, ANNA)
    clock.advance(HOUR)
    Prompter().round(console)
    assert came(console, number) == ["note", "spread", "antivirus", "backups", "pay", "press", "wipe", "leak", "reopen"]
    places = [entry.at for entry in held.entries(console.practice, number) if isinstance(entry.word, Injected)]
    assert places == sorted(places)


def test_an_exercise_pauses_and_leaps(console: Console, clock: TickingClock) -> None:
    number = exercising.begin(console, "ransomware", 1, ANNA)
    exercising.pace(console, number, 0, ANNA)
    at = stage.showing(exercising.exercise(console, number), clock())
    clock.advance(5 * HOUR)
    assert stage.showing(exercising.exercise(console, number), clock()) == at
    assert exercising.leap(console, number, ANNA) == "spread"
    one = exercising.exercise(console, number)
    assert stage.showing(one, clock()) == one.opened.at.astimezone(UTC) + 12 * MINUTE
    while stage.waiting(exercising.exercise(console, number)):
        exercising.leap(console, number, ANNA)
    assert refused(lambda: exercising.leap(console, number, ANNA)) == "no_more"
    assert len(came(console, number)) == 9


def test_what_cannot_be_done_is_refused(console: Console) -> None:
    assert refused(lambda: exercising.begin(console, "fire", 10, ANNA)) == "scenario"
    assert refused(lambda: exercising.begin(console, "ransomware", 7, ANNA)) == "rate"
    real = responding.open_incident(console, Beginning("vrai"), ANNA)
    assert refused(lambda: exercising.leap(console, real, ANNA)) == "unknown"
    assert refused(lambda: exercising.pace(console, real, 10, ANNA)) == "unknown"
    assert refused(lambda: exercising.choose(console, real, Chosen("pay", "no"), ANNA)) == "unknown"
    number = exercising.begin(console, "ransomware", 10, ANNA)
    exercising.end(console, number, ANNA)
    exercising.end(console, number, ANNA)
    assert refused(lambda: exercising.leap(console, number, ANNA)) == "finished"
    assert refused(lambda: responding.say(console, number, Line(Noted(), "trop tard"), ANNA)) == "finished"


def test_a_choice_is_made_once(console: Console) -> None:
    number = exercising.begin(console, "mailbox", 1, ANNA)
    assert refused(lambda: exercising.choose(console, number, Chosen("announce", "phone"), ANNA)) == "choice"
    exercising.leap(console, number, ANNA)
    exercising.leap(console, number, ANNA)
    exercising.choose(console, number, Chosen("announce", "phone"), ANNA)
    assert refused(lambda: exercising.choose(console, number, Chosen("announce", "send"), ANNA)) == "chosen"
    marks = {line.expected.id: line.mark for line in exercising.result(console, number).lines}
    assert marks["announce"] is Mark.MET


def test_the_ledger_bears_the_hour_of_the_world(console: Console, clock: TickingClock) -> None:
    number = exercising.begin(console, "ransomware", 60, ANNA)
    entries = IncidentEntryRow.objects.filter(incident_id=number)
    assert all(row.real_at is not None and row.real_at <= clock() for row in entries)
    real = responding.open_incident(console, Beginning("vrai"), ANNA)
    assert not IncidentEntryRow.objects.filter(incident_id=real).exclude(real_at=None).exists()


def real_readers(console: Console, now: datetime) -> dict[str, object]:
    """All that reads incidents for real duties, as it reads at one instant."""
    practice = console.practice
    standing = held.standing(practice)
    logs = [held.entries(practice, one.number) for one in standing]
    told = [read(one.number, log) for one, log in zip(standing, logs, strict=True)]
    reminding.remind(console)
    judge_now(console, "user:anna")
    return {
        "list": held.page(practice, Ask(stop=50)),
        "standing": standing,
        "logs": logs,
        "wall": [wall.clocks(each) for each in told],
        "calendar": agenda.calendar(told, now, "fr", "https://console.example/"),
        "filled": held.filled(practice, 0),
        "lasting": [compiling.facts(console, one, log).lasting for one, log in zip(told, logs, strict=True)],
        "notices": list(NoticeRow.objects.values_list("key", flat=True)),
        "deliveries": DeliveryRow.objects.count(),
        "films": [
            (film.rule, film.verdict, [(each.id, each.verdict) for each in results])
            for film, results in judgements.films(practice)
        ],
        "rebuilt": sorted(
            (ref, kind) for kind, ref in SubjectRow.objects.filter(practice_id=practice).values_list("kind", "ref")
        ),
    }


def play(console: Console, clock: TickingClock) -> int:
    """Play an exercise as a team would, with declarations, until long after its 72 hours."""
    number = exercising.begin(console, "ransomware", 60, ANNA)
    responding.say(console, number, Line(Named(Role.LEAD, "Anna")), ANNA)
    for name in QUESTIONS:
        responding.say(console, number, Line(Answered(name, "yes")), ANNA)
    dossiers.save(console, number, Filling("CNIL", {"siren": ["123456789"], "dpo": ["Anna"]}), ANNA)
    at = stage.showing(exercising.exercise(console, number), clock())
    dossiers.send(console, number, "CNIL", Leaving(at, Stage.INITIAL, receipt="EX-1"), ANNA)
    clock.advance(80 * MINUTE)
    Prompter().round(console)
    return number


def test_an_exercise_leaves_no_trace_in_what_concerns_real_duties(console: Console, clock: TickingClock) -> None:
    number = responding.open_incident(console, Beginning("vrai rançon"), ANNA)
    responding.say(console, number, Line(Answered("personal_data", "yes")), ANNA)
    then = clock.at
    before = real_readers(console, then)
    exercise = play(console, clock)
    clock.at = then
    assert real_readers(console, then) == before
    told = exercising.exercise(console, exercise)
    assert told.frozen
    assert [word.duty for word in (entry.word for entry in told.sent) if isinstance(word, Sent)] == ["CNIL"]
    assert [row.number for row in held.exercises(console.practice)] == [exercise]


def test_the_clocks_of_an_exercise_ring_for_nobody(console: Console, clock: TickingClock) -> None:
    number = exercising.begin(console, "ransomware", 60, ANNA)
    responding.say(console, number, Line(Answered("personal_data", "yes")), ANNA)
    clock.advance(100 * HOUR)
    assert reminding.remind(console) == 0
    (cnil,) = [each for each in wall.clocks(exercising.exercise(console, number)) if each.duty.id == "CNIL"]
    aware = exercising.exercise(console, number).moment(Moment.AWARE)
    assert aware is not None
    assert cnil.due == aware.astimezone(UTC) + 72 * HOUR


def test_an_exercise_stays_one_whatever_is_said_in_it(console: Console) -> None:
    number = exercising.begin(console, "mailbox", 10, ANNA)
    for state in (State.RECOVERED, State.OPEN):
        responding.say(console, number, Line(Moved(state), "essai"), ANNA)
    one = exercising.exercise(console, number)
    assert (one.origin, one.exercise) == (Origin.EXERCISE, "mailbox")
    assert held.standing(console.practice) == []


def test_the_alert_chain_of_an_exercise_is_a_drill_and_nothing_else(console: Console) -> None:
    declare(console, Said("user:m"), (Person("anna", "Anna"), Call("person/anna", 1, "06 00 00 00 00")))
    number = exercising.begin(console, "ransomware", 1, ANNA)
    with pytest.raises(NotLaunched) as caught:
        launching.launch(console, Wish(Purpose.REAL, incident=number), ANNA)
    assert caught.value.code == "exercise"
    launched = launching.launch(console, Wish(Purpose.DRILL, incident=number), ANNA)
    marks = {line.expected.id: line.mark for line in exercising.result(console, number).lines}
    assert marks["warn"] is Mark.MET
    exercising.end(console, number, ANNA)
    launching.stop(console, launched, LaunchState.STOPPED, "", ANNA)
    real = responding.open_incident(console, Beginning("vrai"), ANNA)
    with pytest.raises(NotLaunched) as caught:
        launching.launch(console, Wish(Purpose.DRILL, incident=real), ANNA)
    assert caught.value.code == "incident"
    with pytest.raises(NotLaunched) as caught:
        launching.launch(console, Wish(Purpose.DRILL, incident=number), ANNA)
    assert caught.value.code == "exercise"
