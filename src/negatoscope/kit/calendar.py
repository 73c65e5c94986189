"""French days: Paris time, public holidays, working days."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from negatoscope.kit.clock import PARIS

SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int, where: str | None = None) -> frozenset[date]:
    """Those of all France, or with those of a region of its own (ISO 3166-2 code, ``6AE`` …)."""
    return frozenset(holidays.country_holidays("FR", subdiv=where, years=year))


def is_working(day: date) -> bool:
    """Whether it is one of Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def after_working_days(at: datetime, many: int) -> datetime:
    """The same time of day in Paris, so many working days later. The day of ``at`` is not counted."""
    local = at.astimezone(PARIS)
    while many:
        local += timedelta(days=1)  # by the wall: a day of 23 or 25 hours is a day
        many -= is_working(local.date())
    return local


def in_paris(text: str) -> datetime:
    """Read an ISO 8601 instant; without an offset it is what a clock in Paris shows.

    Raises ValueError: no instant, or one that the night of a clock change shows twice or never.
    """
    at = datetime.fromisoformat(text.strip())
    if at.tzinfo is not None:
        return at.astimezone(PARIS)
    first, second = at.replace(tzinfo=PARIS), at.replace(tzinfo=PARIS, fold=1)
    if first.utcoffset() != second.utcoffset():
        raise ValueError(text)
    return first
