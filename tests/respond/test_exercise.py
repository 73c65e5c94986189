"""Exercises: their scenarios, their clock, what comes when, and what their log is held against."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.kit.clock import PARIS
from negatoscope.model.custody import Collected, Piece
from negatoscope.model.exercise import Chosen, Finished, Injected, Kept, Paced
from negatoscope.model.incident import (
    Answered,
    Asked,
    Attached,
    Chained,
    Dated,
    Decided,
    Entry,
    Followed,
    Gesture,
    Hit,
    How,
    Incident,
    Moment,
    Moved,
    Named,
    Noted,
    Opened,
    Origin,
    Owes,
    Part,
    Reckoned,
    Role,
    Sent,
    State,
    Stated,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond import reflex
from negatoscope.respond.agenda import calendar
from negatoscope.respond.duty import QUESTIONS, Answer, duties
from negatoscope.respond.exercise import signs, stage
from negatoscope.respond.exercise.result import Line, Mark, Result, weigh
from negatoscope.respond.exercise.scenario import Scenario, scenarios
from negatoscope.respond.incident import Refused, check, read
from tests.respond.incidents import Log

REAL = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAYED = scenarios()["ransomware"]
BEGINS = PLAYED.begins(REAL)


class Play:
    """An exercise's log; each line is checked before it is added."""

    def __init__(self, scenario: str = "ransomware", rate: int = 60) -> None:
        self.scenario = scenarios().get(scenario, PLAYED)
        begins = self.scenario.begins(REAL)
        opened = Opened("exercice", Origin.EXERCISE, scenario=scenario)
        self.entries = [Entry(1, begins, "user:anna", "Anna", opened, real=REAL)]
        self.say(Paced(REAL, begins, rate), 0)

    @property
    def one(self) -> Incident:
        return read(3, self.entries)

    def say(self, word: Word, minutes: int, text: str = "") -> Entry:
        """Say it so many minutes after the beginning, by the exercise's clock."""
        at = self.entries[0].at + minutes * MINUTE
        entry = Entry(len(self.entries) + 1, at, "user:anna", "Anna", word, text, real=REAL)
        check(self.one, self.entries, entry)
        self.entries.append(entry)
        return entry

    def result(self, real: datetime = REAL) -> Result:
        return weigh(self.one, self.entries, real)

    def line(self, expected: str, real: datetime = REAL) -> Line:
        return next(line for line in self.result(real).lines if line.expected.id == expected)

    def refused(self, word: Word) -> str:
        with pytest.raises(Refused) as caught:
            self.say(word, 1, "mot")
        return caught.value.code


def test_a_scenario_begins_at_its_own_hour_of_paris_whatever_the_hour_of_the_world() -> None:
    assert PLAYED.hour == time(3)
    for real in (REAL, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
        begins = PLAYED.begins(real).astimezone(PARIS)
        assert (begins.date(), begins.time()) == (real.astimezone(PARIS).date(), time(3))


@pytest.mark.parametrize("scenario", scenarios().values(), ids=list(scenarios()))
def test_whatever_a_scenario_names_exists(scenario: Scenario) -> None:
    injects = {inject.id for inject in scenario.inject}
    assert len(injects) == len(scenario.inject)
    assert len({each.id for each in scenario.expected}) == len(scenario.expected)
    assert scenario.sheet in reflex.REFLEXES
    assert min(inject.minutes for inject in scenario.inject) == 0
    assert max(inject.minutes for inject in scenario.inject) * MINUTE < scenario.length
    assert scenario.length > 72 * HOUR
    for each in scenario.expected:
        assert bool(each.any) is not bool(each.never)
        assert each.since in {"", *injects}
        assert each.duty in {"", *(duty.id for duty in duties())}
        for sign in (*each.any, *each.never, *each.before):
            assert possible(scenario, sign), sign
    assert any(each.vital for each in scenario.expected)


def possible(scenario: Scenario, sign: str) -> bool:
    """Whether some line of a log shows it."""
    kind, _dot, rest = sign.partition(".")
    gestures = {
        f"{reflex.name_of(sheet, phase, step).partition('.')[2]}.{gesture}"
        for sheet in reflex.sheets()
        for phase in reflex.PHASES
        for step in sheet.steps(phase)
        for gesture in reflex.takes(reflex.name_of(sheet, phase, step))
    }
    known: dict[str, set[str]] = {
        "gesture": gestures,
        "chosen": {f"{inject.id}.{each.id}" for inject in scenario.inject for each in inject.choice},
        "answered": {*QUESTIONS, *(f"{name}.{answer}" for name in QUESTIONS for answer in Answer)},
        "named": set(Role),
        "sent": {duty.id for duty in duties()},
        "stated": {f"{part}.{how}" for part in Part for how in How},
        "collected": set(Piece),
        "moved": set(State),
        "dated": set(Moment),
        "chained": {"launched"},
        "asked": {"", "lesson"},
    }
    return rest in known[kind]


def test_the_clock_of_an_exercise_runs_stands_and_stops_at_its_end() -> None:
    play = Play(rate=60)
    assert stage.showing(play.one, REAL + MINUTE) == BEGINS + HOUR
    assert stage.showing(play.one, REAL - HOUR) == BEGINS
    play.say(Paced(REAL + MINUTE, BEGINS + HOUR, 0), 60)
    assert stage.showing(play.one, REAL + 9 * HOUR) == BEGINS + HOUR
    play.say(Paced(REAL + 9 * HOUR, BEGINS + HOUR, 10), 60)
    assert stage.showing(play.one, REAL + 9 * HOUR + MINUTE) == BEGINS + HOUR + 10 * MINUTE
    assert stage.showing(play.one, REAL + 900 * HOUR) == BEGINS + PLAYED.length
    play.say(Finished(), 90)
    assert stage.showing(play.one, REAL + 900 * HOUR) == BEGINS + 90 * MINUTE
    assert stage.showing(Log().one, REAL) == REAL


@given(st.lists(st.tuples(st.integers(0, 5000), st.sampled_from([0, 1, 10, 60])), max_size=8), st.integers(0, 9999))
def test_the_clock_of_an_exercise_never_goes_back(settings: list[tuple[int, int]], more: int) -> None:
    play, real = Play(), REAL
    before = stage.showing(play.one, real)
    for seconds, rate in settings:
        real += timedelta(seconds=seconds)
        at = stage.showing(play.one, real)
        assert at >= before
        play.say(Paced(real, at, rate), 0)
        assert stage.showing(play.one, real) == at
        before = at
    assert stage.showing(play.one, real + timedelta(seconds=more)) >= before


def test_things_come_in_order_when_the_clock_says() -> None:
    play = Play()
    assert [each.id for each in stage.due(play.one, REAL)] == ["note"]
    assert [each.id for each in stage.due(play.one, REAL + MINUTE / 2)] == [
        "note",
        "spread",
        "antivirus",
    ]
    play.say(Injected("note"), 0)
    assert stage.waiting(play.one)[0].id == "spread"
    assert stage.comes(play.one, stage.waiting(play.one)[0]) == BEGINS + 12 * MINUTE
    play.say(Finished(), 30)
    assert stage.waiting(play.one) == ()


def test_what_may_be_said_of_an_exercise() -> None:
    play = Play()
    assert play.refused(Paced(REAL, BEGINS, 7)) == "rate"
    assert play.refused(Injected("nothing")) == "inject"
    assert play.refused(Chosen("antivirus", "wait")) == "choice"
    assert play.refused(Kept("a" * 64)) == "finished"
    play.say(Injected("antivirus"), 25)
    assert play.refused(Injected("antivirus")) == "inject"
    assert play.refused(Chosen("antivirus", "maybe")) == "choice"
    play.say(Chosen("antivirus", "wait"), 26)
    assert play.refused(Chosen("antivirus", "run")) == "chosen"
    place = play.entries[-1].place
    for fixed in (1, place):
        assert play.refused(Struck(fixed)) == "not_strikable"
    play.say(Finished(), 40)
    for late in (Noted(), Finished(), Chosen("pay", "no"), Paced(REAL, BEGINS, 1)):
        assert play.refused(late) == "finished"
    play.say(Chained(1, "over"), 41)
    play.say(Kept("a" * 64), 41)
    assert play.refused(Kept("b" * 64)) == "finished"
    assert play.one.kept is not None


def test_the_words_of_an_exercise_are_refused_in_a_real_incident() -> None:
    log = Log()
    for word in (Paced(REAL, REAL, 1), Injected("note"), Chosen("pay", "no"), Finished(), Kept("a" * 64)):
        with pytest.raises(Refused) as caught:
            log.say(word)
        assert caught.value.code == "no_exercise"


def test_a_scenario_that_is_no_longer_shipped_leaves_a_log_that_can_be_read() -> None:
    play = Play("gone")
    assert stage.scenario(play.one) is None
    assert stage.waiting(play.one) == ()
    assert stage.showing(play.one, REAL + HOUR) == play.entries[0].at + 60 * HOUR
    assert play.refused(Injected("note")) == "inject"
    assert play.refused(Chosen("pay", "no")) == "choice"
    assert play.result().lines == ()


def test_each_sort_of_line_shows_its_sign() -> None:
    shown: dict[str, Word] = {
        "named.lead": Named(Role.LEAD, "Anna"),
        "answered.personal_data.yes": Answered("personal_data", "yes"),
        "gesture.first.patient.done": Followed("mailbox.first.patient", Gesture.DONE),
        "touched.host.suspected": Touched(What.HOST, "host/a", Hit.SUSPECTED),
        "collected.memory": Collected(Piece.MEMORY, "host/a", "a.mem", "Luc"),
        "stated.reinstall.cleaned": Stated(Part.REINSTALL, How.CLEANED, "host/a"),
        "sent.CNIL": Sent("CNIL", REAL),
        "chained.launched": Chained(1, "launched"),
        "moved.eradicated": Moved(State.ERADICATED),
        "chosen.pay.no": Chosen("pay", "no"),
        "asked.lesson": Asked("Luc", None, lesson=True),
        "decided": Decided("fermer"),
        "noted": Noted(),
    }
    for sign, word in shown.items():
        assert sign in signs.shown(Entry(2, REAL, "", "", word))
    assert signs.shown(Entry(2, REAL, "", "", Asked("Luc"))) == {"asked"}
    assert signs.shown(Entry(2, REAL, "", "", Attached("a", "b", 1))) == frozenset()
    aware = Entry(2, REAL, "", "", Dated(Moment.AWARE, REAL))
    assert signs.shown(aware) == frozenset()
    assert signs.shown(replace(aware, text="le fournisseur confirme")) == {"dated.aware"}


def test_what_is_done_in_time_is_met_and_what_is_late_is_not() -> None:
    play = Play()
    assert play.line("patient").mark is Mark.WAITED
    assert play.line("patient").due == BEGINS + 15 * MINUTE
    assert play.line("patient", REAL + MINUTE).mark is Mark.MISSED
    play.say(Followed("ransomware.first.patient", Gesture.DONE), 15)
    assert play.line("patient").mark is Mark.MET
    late = Play()
    late.say(Followed("ransomware.first.patient", Gesture.DONE), 16)
    assert late.line("patient").mark is Mark.LATE
    assert late.result().vital == (late.line("patient"),)


def test_what_was_struck_shows_nothing() -> None:
    play = Play()
    entry = play.say(Named(Role.LEAD, "Anna"), 5)
    assert play.line("lead").mark is Mark.MET
    play.say(Struck(entry.place), 6, "erreur")
    assert play.line("lead").mark is Mark.WAITED


def test_what_comes_after_what_it_should_precede_is_out_of_order() -> None:
    play = Play()
    play.say(Injected("antivirus"), 25)
    wrong = play.say(Chosen("antivirus", "run"), 26)
    play.say(Followed("ransomware.contain.isolate", Gesture.DONE), 27)
    line = play.line("isolate")
    assert (line.mark, line.entry) == (Mark.DISORDERED, wrong)
    right = Play()
    right.say(Followed("ransomware.contain.isolate", Gesture.DONE), 20)
    right.say(Injected("antivirus"), 25)
    right.say(Chosen("antivirus", "run"), 26)
    assert right.line("isolate").mark is Mark.MET
    assert right.line("antivirus").mark is Mark.WAITED


def test_what_answers_to_something_that_never_came_does_not_count() -> None:
    play = Play()
    assert play.line("press").mark is Mark.WAITED
    play.say(Finished(), 30)
    assert play.line("press").mark is Mark.UNASKED
    shown = play.result()
    assert shown.asked == len(PLAYED.expected) - shown.count(Mark.UNASKED)
    assert shown.asked < len(PLAYED.expected)


def test_what_should_never_be_done_is_met_at_the_end() -> None:
    play = Play()
    assert play.line("rebuilt").mark is Mark.WAITED
    play.say(Finished(), 30)
    assert play.line("rebuilt").mark is Mark.MET
    wrong = Play()
    entry = wrong.say(Stated(Part.REINSTALL, How.CLEANED, "host/a"), 10, "nettoyé")
    assert (wrong.line("rebuilt").mark, wrong.line("rebuilt").entry) == (Mark.MISSED, entry)


def test_the_72_hours_are_those_of_the_exercise() -> None:
    def declared(minutes: int) -> Line:
        play = Play()
        play.say(Dated(Moment.AWARE, BEGINS), 5, "la rançon le dit")
        due = (BEGINS.astimezone(UTC) + 72 * HOUR).astimezone(PARIS)
        play.say(Reckoned((Owes("CNIL", "yes", BEGINS, due),)), 5)
        play.say(Sent("CNIL", BEGINS + minutes * MINUTE, reasons="nuit"), minutes)
        return play.line("cnil")

    assert declared(72 * 60).mark is Mark.MET
    assert declared(72 * 60 + 1).mark is Mark.LATE
    unowed = Play()
    assert unowed.line("cnil").mark is Mark.WAITED
    unowed.say(Finished(), 79 * 60)
    assert unowed.line("cnil").mark is Mark.MISSED


def test_a_calendar_leaves_exercises_out() -> None:
    play = Play()
    play.say(Reckoned((Owes("CNIL", "yes", BEGINS, BEGINS + 72 * HOUR),)), 5)
    assert b"VEVENT" not in calendar([play.one], REAL, "fr", "https://console.example/")


@pytest.mark.parametrize("scenario", scenarios().values(), ids=list(scenarios()))
def test_a_scenario_speaks_both_languages(scenario: Scenario) -> None:
    for inject in scenario.inject:
        assert inject["fr"] != inject["en"]
        assert all(each["fr"] != each["en"] for each in inject.choice)
    assert all(each["fr"] != each["en"] for each in scenario.expected)


def test_what_was_met_is_counted() -> None:
    play = Play()
    assert play.result().met == 0
    assert play.result().settled == ()
    play.say(Named(Role.LEAD, "Anna"), 5)
    assert play.result().met == 1
    assert [line.expected.id for line in play.result().settled] == ["lead"]
