"""Whether a source speaks as it always does: its own rhythm is learned, hour by hour of the week. Pure.

A silence is judged by when it began: one that begins at six in the evening may last until the next morning, one that
begins at ten in the morning may not.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from negatoscope.kit.clock import PARIS
from negatoscope.model.hearing import SourceHour, SourceState

LEARNED_FROM = timedelta(weeks=8)
SAME_HOURS = 3
"""Hours of the same day of the week that are enough to know what is usual then."""
ANY_DAYS = 5
"""Hours of the same time of the day, where there are fewer of the same day."""
SHARE = 0.95
SLACK = 1.5
LEAST = timedelta(minutes=10)
"""No silence is reported before it has lasted for this, and half as long again as is usual."""
DAY = timedelta(days=1)
SUNDAY = 6
SKEWED = timedelta(minutes=1)
"""From here on a clock is wrong enough to be told: sign-ins of two machines would change their order."""


def state(
    hours: Sequence[SourceHour], now: datetime, listening: datetime | None, off: Collection[date] = ()
) -> SourceState:
    """How a sender is doing. ``hours``: what is known of it, the oldest first.

    ``listening``: since when we have listened without a break; ``None``: we do not. ``off``: public holidays.
    """
    told = [one for one in hours if one.received and one.hour <= now]
    lately = [one for one in hours if now - DAY < one.hour + timedelta(hours=1)]
    lost: Counter[str] = Counter()
    for one in lately:
        lost.update(one.lost)
    last = max((one.last for one in told), default=None)
    usual = usual_silence(told, last, off) if last else None
    return SourceState(
        last=last,
        received=sum(one.received for one in lately),
        lost=dict(lost),
        usual=usual,
        silent_since=_silent(last, usual, listening, now),
        skew=skew(lately),
    )


def usual_silence(
    hours: Sequence[SourceHour], began: datetime, off: Collection[date] = (), zone: tzinfo = PARIS
) -> timedelta | None:
    """How long a silence that began at this instant may last; ``None``: too little is known."""
    day, hour = _class(began, off, zone)
    known = [
        (_class(one.hour, off, zone), one.longest)
        for one in hours
        if one.longest and one.last < began and began - one.hour <= LEARNED_FROM
    ]
    same = [longest for told, longest in known if told == (day, hour)]
    if len(same) >= SAME_HOURS:
        return _high(same)
    any_day = [longest for (_, told), longest in known if told == hour]
    return _high(any_day) if len(any_day) >= ANY_DAYS else None


def silences(
    hours: Sequence[SourceHour], since: datetime, until: datetime, off: Collection[date] = ()
) -> list[tuple[datetime, timedelta]]:
    """Silences that were over before ``until``, longer than usual: about when each began, and how long it lasted."""
    found = []
    for one in hours:
        usual = usual_silence(hours, one.last, off) if since <= one.hour < until else None
        if usual is not None and one.longest > usual * SLACK + LEAST:
            found.append((one.last, one.longest))
    return found


def skew(hours: Sequence[SourceHour]) -> timedelta | None:
    """By how much a clock is behind ours: the median of the hours in which somebody read what came."""
    told = [one.skew.total_seconds() for one in hours if one.skew is not None]
    return timedelta(seconds=median(told)) if told else None


def _silent(
    last: datetime | None, usual: timedelta | None, listening: datetime | None, now: datetime
) -> datetime | None:
    """Since when it is silent. While nobody listened, silence says nothing."""
    if last is None or usual is None or listening is None:
        return None
    return last if now - max(last, listening) > usual * SLACK + LEAST else None


def _class(at: datetime, off: Collection[date], zone: tzinfo) -> tuple[int, int]:
    """The day of the week and the hour, as people there count them; a public holiday is a Sunday."""
    local = at.astimezone(zone)
    return SUNDAY if local.date() in off else local.weekday(), local.hour


def _high(told: Sequence[timedelta]) -> timedelta:
    """A high quantile: of few, the highest."""
    return sorted(told)[min(len(told) - 1, int(len(told) * SHARE))]
