"""Exercises led on by their own clock: nothing of them is seen by what concerns real duties."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.conftest import TickingClock

from negatoscope.config import DATA_VARIABLE
from negatoscope.flows import compiling, debriefing, dossiers, exercising, launching, reminding, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.dossiers import Filling, Leaving
from negatoscope.flows.exercising import Prompter
from negatoscope.flows.judging import judge_now
from negatoscope.flows.launching import NotLaunched, Wish
from negatoscope.flows.responding import Beginning, Line
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import Call, CrisisExercise
from negatoscope.model.evidence import Sweep
from negatoscope.model.exercise import Chosen, Finished, Injected
from negatoscope.model.incident import Answered, Moment, Moved, Named, Noted, Origin, Role, Sent, Stage, State
from negatoscope.model.launch import LaunchState, Purpose
from negatoscope.model.people import Person
from negatoscope.model.verdict import Verdict
from negatoscope.respond import agenda, wall
from negatoscope.respond.duty import QUESTIONS
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.result import Mark
from negatoscope.respond.exercise.scenario import scenarios
from negatoscope.respond.incident import Refused, read
from negatoscope.store.models import DeliveryRow, IncidentEntryRow, NoticeRow, SubjectRow
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries import judgements, register
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


def through(console: Console, scenario: str = "ransomware") -> int:
    """Play one to its end, with nothing done but what is chosen: each first answer is the right one."""
    number = exercising.begin(console, scenario, 10, ANNA)
    for inject in scenarios()[scenario].inject[1:]:
        exercising.leap(console, number, ANNA)
        if inject.choice:
            exercising.choose(console, number, Chosen(inject.id, inject.choice[0].id), ANNA)
    exercising.end(console, number, ANNA)
    return number


def text_of(paper: bytes) -> str:
    words = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    return " ".join(words.replace("\u200b", "").split())


def test_an_exercise_played_to_its_end_is_kept_and_weighed_by_rule_37(console: Console) -> None:
    declare(console, Said("user:m"), (), complete=(Sweep("CrisisExercise"),))
    assert control(console) == (Verdict.FAILED, ["never_played"])
    number = through(console)
    (fact,) = register.declared(console.practice, CrisisExercise)
    assert fact.scenario == "Rançongiciel à l’accueil, à 3 heures du matin"
    assert (fact.vital_missed or 0) >= 1
    assert fact.expected == len(scenarios()["ransomware"].expected)
    assert fact.document_digest is not None
    with console.vault.open(fact.document_digest) as kept:
        paper = text_of(kept.read())
    for said in ("EXERCICE – Bilan", "Le patient d’abord", "pas fait", "tenu", "la secrétaire de garde", "Anna Petit"):
        assert said in paper
    one = exercising.exercise(console, number)
    assert one.kept is not None
    before = IncidentEntryRow.objects.filter(incident_id=number).count()
    Prompter().round(console)
    exercising.end(console, number, ANNA)
    assert IncidentEntryRow.objects.filter(incident_id=number).count() == before
    assert control(console) == (Verdict.FAILED, ["vital_missed"])


def control(console: Console) -> tuple[Verdict, list[str]]:
    judge_now(console, "user:anna")
    told = judgements.film(console.practice, 37)
    assert told is not None
    (one,) = [each for each in told[1] if each.id == "R37.10"]
    return one.verdict, [finding.reason for finding in one.findings]


def test_an_exercise_that_was_cut_short_proves_nothing(console: Console) -> None:
    number = exercising.begin(console, "mailbox", 10, ANNA)
    exercising.end(console, number, ANNA)
    assert register.declared(console.practice, CrisisExercise) == []
    one = exercising.exercise(console, number)
    assert one.kept is not None
    sheet = debriefing.sheet(console, one, held.entries(console.practice, number), "en")
    assert "Ended before the scenario did" in text_of(sheet)


def test_what_a_kill_left_unkept_is_kept_by_the_loop(console: Console) -> None:
    number = exercising.begin(console, "mailbox", 10, ANNA)
    responding.say(console, number, Line(Finished()), ANNA)
    assert exercising.exercise(console, number).kept is None
    assert held.played(console.practice) == [number]
    Prompter().round(console)
    assert exercising.exercise(console, number).kept is not None
    assert held.played(console.practice) == []


def test_kill_9_loses_nothing_that_was_told_and_brings_nothing_twice(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.flows.rehearsing", str(tmp_path)]
    settings = {DATA_VARIABLE: str(tmp_path), "DJANGO_SETTINGS_MODULE": "negatoscope.settings"}
    told = []
    for steps in (9, None):
        with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            lines = child.stdout if steps is None else (child.stdout.readline() for _step in range(steps))
            told += [line.strip() for line in lines]
            if steps is not None:
                child.send_signal(signal.SIGKILL)
    assert told[-1] == "kept"
    with closing(sqlite3.connect(tmp_path / "negatoscope.sqlite3")) as rows:
        words = [json.loads(word) for (word,) in rows.execute(LOG)]
        notes = [text for (text,) in rows.execute("select text from store_incidententryrow where text <> ''")]
        assert rows.execute("select count(distinct incident_id) from store_incidententryrow").fetchone() == (1,)
    injects = [word["inject"] for word in words if word["type"] == "injected"]
    assert injects == [inject.id for inject in scenarios()["ransomware"].inject]
    assert {line.removeprefix("noted ") for line in told if line.startswith("noted ")} <= {*notes}
    assert [word["type"] for word in words][-2:] == ["finished", "kept"]


LOG = "select word from store_incidententryrow order by place"
