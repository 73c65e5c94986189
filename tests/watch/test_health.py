"""A source's own rhythm: nights, week-ends and holidays are no silence; a morning without a word is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from negatoscope.kit.clock import PARIS
from negatoscope.model.hearing import SourceHour
from negatoscope.watch.health import state, usual_silence

MONDAY = datetime(2026, 9, 7, tzinfo=PARIS)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def open_hours(weeks: int, skew: timedelta | None = None) -> Iterator[SourceHour]:
    """Every minute from 8 to 19 h, Monday to Friday."""
    for day in range(7 * weeks):
        for hour in range(8, 19):
            at = (MONDAY + timedelta(days=day)).replace(hour=hour)
            if at.weekday() < 5:
                last = at + timedelta(minutes=59)
                until_next = timedelta(hours=61 if at.weekday() == 4 else 13) if hour == 18 else MINUTE
                yield SourceHour(at.astimezone(UTC), at, last, 60, until_next, skew=skew)


HOURS = tuple(open_hours(4))
BEGAN = MONDAY


def at(weeks: int = 3, **clock: int) -> datetime:
    return (MONDAY + timedelta(weeks=weeks, days=clock.pop("day", 0))).replace(**clock)  # type: ignore[arg-type]


def known(now: datetime) -> list[SourceHour]:
    """What was heard up to now."""
    return [one for one in HOURS if one.last <= now]


def test_a_night_and_a_week_end_are_no_silence_and_a_morning_is() -> None:
    assert state(known(at(hour=23)), at(hour=23), BEGAN).silent_since is None
    assert state(known(at(day=6, hour=12)), at(day=6, hour=12), BEGAN).silent_since is None
    heard = known(at(hour=11))
    told = state(heard, at(hour=11, minute=30), BEGAN)
    assert told.silent_since == at(hour=10, minute=59)
    assert told.usual == MINUTE
    assert state(heard, at(hour=11, minute=8), BEGAN).silent_since is None


def test_the_day_after_the_week_end_is_missed_when_it_stays_silent() -> None:
    friday = known(at(day=5, hour=0))
    assert state(friday, at(day=7, hour=8), BEGAN).silent_since is None
    assert state(friday, at(day=9, hour=8), BEGAN).silent_since == at(day=4, hour=18, minute=59)


def test_a_public_holiday_is_a_sunday() -> None:
    told = known(at(hour=11))
    off = frozenset({at(hour=11).date()})
    assert state(told, at(hour=20), BEGAN, off).usual == MINUTE
    sundays = usual_silence(HOURS, at(hour=18, minute=59), off)
    assert sundays == timedelta(hours=61)  # of any day: no Sunday at that hour was ever heard


def test_while_nobody_listened_silence_says_nothing() -> None:
    heard = known(at(hour=11))
    assert state(heard, at(hour=15), None).silent_since is None
    assert state(heard, at(hour=15), at(hour=14, minute=55)).silent_since is None
    assert state(heard, at(hour=15), at(hour=12)).silent_since == at(hour=10, minute=59)


def test_too_little_is_known_at_first() -> None:
    few = [one for one in HOURS if one.last < MONDAY + timedelta(days=3)]
    told = state(few, MONDAY + timedelta(days=3), BEGAN)
    assert (told.usual, told.silent_since) == (None, None)
    nothing = state([], MONDAY, BEGAN)
    assert (nothing.last, nothing.received, nothing.usual, nothing.skew) == (None, 0, None, None)


def test_what_was_lost_of_a_day_is_added_up_and_older_losses_are_not() -> None:
    hours = [
        SourceHour(MONDAY + number * HOUR, MONDAY + number * HOUR, MONDAY + number * HOUR, 1, lost={"cut": 1})
        for number in range(30)
    ]
    told = state(hours, MONDAY + 29 * HOUR, None)
    assert (told.received, dict(told.lost)) == (25, {"cut": 25})


@pytest.mark.parametrize("skew", [timedelta(hours=1), -timedelta(seconds=90)])
def test_a_clock_that_is_wrong_is_told(skew: timedelta) -> None:
    hours = [one for one in open_hours(1, skew) if one.last <= MONDAY + timedelta(hours=14)]
    odd = SourceHour(hours[-1].hour, hours[-1].first, hours[-1].last, 1, skew=timedelta(days=9))
    assert state([*hours, odd], MONDAY + timedelta(hours=14), BEGAN).skew == skew


def test_the_night_when_clocks_change_is_a_night() -> None:
    """25 October 2026: that night has an hour more."""
    before = datetime(2026, 10, 24, 18, 59, tzinfo=PARIS)
    assert before.date() == date(2026, 10, 24)
    hours = tuple(open_hours(7))
    friday = [one for one in hours if one.last <= before]
    assert state(friday, datetime(2026, 10, 26, 8, 5, tzinfo=PARIS), BEGAN).silent_since is None
