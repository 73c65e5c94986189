"""What the console tells the judge of the logs that it keeps."""

import shutil
from datetime import UTC, datetime, timedelta

from tests.conftest import TickingClock

from negatoscope.flows import exercising, overseeing, responding, tipping
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import Tidy, store
from negatoscope.flows.judging import judge_now
from negatoscope.flows.responding import Beginning, Line
from negatoscope.flows.tipping import Sending
from negatoscope.intake.events.counting import Counts
from negatoscope.model.event import Event, Told
from negatoscope.model.incident import How, Part, Stated
from negatoscope.model.retention import YEAR
from negatoscope.model.tip import Look
from negatoscope.model.verdict import Verdict
from negatoscope.store import sources

DAY = timedelta(days=1)


def came_in(console: Console, at: datetime) -> None:
    """A line comes in, is counted, and is kept."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    sources.add(console.practice, {("192.0.2.1", hour): Counts(at, at, received=1)})
    store(console).keep([Told(f"{at}", "192.0.2.1", at, Event(at, "linux"))])


def verdict(console: Console) -> Verdict:
    overseeing.oversee(console, [], [])
    rule = judge_now(console, "user:apetit").rules[26]
    return next(one.verdict for one in rule.controls if one.id == "R27.5")


def test_a_day_of_which_nothing_is_kept_is_found(console: Console, clock: TickingClock) -> None:
    assert verdict(console) is Verdict.UNPROVEN
    first = clock.at
    for number in range(9):
        came_in(console, first + number * DAY)
    clock.advance(9 * DAY)
    assert verdict(console) is Verdict.PASSED
    lost = (first + 3 * DAY).astimezone(UTC).date()
    shutil.rmtree(store(console).place / f"day={lost}")
    assert verdict(console) is Verdict.FAILED
    told = overseeing.kept(console)
    assert told is not None
    assert (told.since, told.days_lost, told.days_over) == (first.astimezone(UTC).date(), (lost,), 0)


def test_a_day_of_which_a_file_was_damaged_is_found_though_others_are_kept(
    console: Console, clock: TickingClock
) -> None:
    day = clock.at.astimezone(UTC).date()
    for number in range(9):
        came_in(console, clock.at + number * DAY)
    clock.advance(9 * DAY)
    assert verdict(console) is Verdict.PASSED
    came_in(console, clock.at - 9 * DAY + timedelta(seconds=1))
    (one, *others) = [kept for kept in store(console).files() if kept.day == day]
    assert others
    one.path.write_bytes(b"PAR1 damaged")
    assert store(console).mend() == 1
    told = overseeing.kept(console)
    assert told is not None
    assert told.days_lost == (day,)
    assert verdict(console) is Verdict.FAILED


def test_what_was_purged_in_its_time_is_not_missed_and_what_was_not_is_told(
    console: Console, clock: TickingClock
) -> None:
    came_in(console, clock.at)
    clock.advance(YEAR)
    assert overseeing.kept(console) is not None
    clock.advance(3 * DAY)
    assert overseeing.kept(console) is None
    came_in(console, clock.at)
    told = overseeing.kept(console)
    assert told is not None
    assert (told.days_lost, told.days_over) == ((), 1)


def test_a_day_purged_a_moment_ago_is_not_missed(console: Console, clock: TickingClock) -> None:
    came_in(console, clock.at)
    clock.advance(300 * DAY)
    came_in(console, clock.at)
    clock.advance(66 * DAY)
    assert Tidy().round(console) == 1
    told = overseeing.kept(console)
    assert told is not None
    assert (told.days_lost, told.days_over) == ((), 0)


def test_incidents_are_told_with_what_nobody_has_stated_and_exercises_never(
    console: Console, clock: TickingClock
) -> None:
    def said(control: str) -> tuple[Verdict, list[str]]:
        rule = judge_now(console, "user:apetit").rules[37]
        one = next(each for each in rule.controls if each.id == control)
        return one.verdict, [item.reason for item in one.findings] + [item.reason for item in one.doubts]

    who = Handler("user:anna", "Anna Petit (anna)")
    exercising.begin(console, "ransomware", 10, who)
    overseeing.oversee(console, [], [])
    assert said("R38.1") == (Verdict.UNPROVEN, ["no_incident_lived"])
    number = responding.open_incident(console, Beginning("rançon"), who)
    overseeing.oversee(console, [], [])
    assert said("R38.1") == (Verdict.UNPROVEN, ["incident_under_way"])
    responding.say(console, number, Line(Stated(Part.ENTRY, How.UNKNOWN), "rien dans les journaux"), who)
    clock.advance(31 * DAY)
    overseeing.oversee(console, [], [])
    assert said("R38.1") == (Verdict.PASSED, [])
    assert said("R38.2") == (Verdict.FAILED, ["incident_unanswered"])


def test_reports_of_the_staff_are_told_as_soon_as_one_is_overdue(console: Console, clock: TickingClock) -> None:
    def said() -> tuple[Verdict, list[str]]:
        rule = judge_now(console, "user:apetit").rules[38]
        one = next(each for each in rule.controls if each.id == "R39.9")
        return one.verdict, [item.reason for item in one.findings] + [item.reason for item in one.doubts]

    overseeing.oversee(console, [], [])
    assert said() == (Verdict.UNPROVEN, ["nobody_reported"])
    one = tipping.send(console, Sending("a", Look.MAIL, address="10.0.0.9"))
    other = tipping.send(console, Sending("b", Look.LOST, address="10.0.0.9"))
    tipping.harmless(console, other.number, "retrouvé", Handler("user:anna", "Anna Petit (anna)"))
    clock.advance(timedelta(hours=23))
    overseeing.oversee(console, [], [])
    assert said() == (Verdict.PASSED, [])
    assert not overseeing.due(console)
    clock.advance(timedelta(hours=1))
    assert overseeing.due(console)
    overseeing.oversee(console, [], [])
    assert said() == (Verdict.FAILED, ["tip_overdue"])
    tipping.harmless(console, one.number, "publicité", Handler("user:anna", "Anna Petit (anna)"))
    overseeing.oversee(console, [], [])
    assert said() == (Verdict.FAILED, ["tip_late"])
    clock.advance(timedelta(days=91))
    overseeing.oversee(console, [], [])
    assert said() == (Verdict.UNPROVEN, ["nobody_reported"])
