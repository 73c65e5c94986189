"""What the console tells the judge of the logs that it keeps."""

import shutil
from datetime import UTC, datetime, timedelta

from tests.conftest import TickingClock

from negatoscope.flows import overseeing
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import Tidy, store
from negatoscope.flows.judging import judge_now
from negatoscope.intake.events.counting import Counts
from negatoscope.model.event import Event, Told
from negatoscope.model.retention import YEAR
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
