"""Days and hours as people live them: Paris time, French public holidays, those of a site's region included."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from negatoscope.kit.calendar import SATURDAY
from negatoscope.kit.calendar import public_holidays as _holidays
from negatoscope.kit.clock import PARIS
from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref

AHEAD = timedelta(minutes=10)
"""How far a sender's clock may run before ours until it is not believed."""
HOUR = 3600
LOOPBACK = ("127.", "::1", "localhost")
SUNDAY = 6
_POSTCODE = re.compile(r"\b(\d{2})(\d)\d{2}\b")
_ALSACE = {"57": "57", "67": "6AE", "68": "6AE"}
_OVERSEAS = frozenset({"971", "972", "973", "974", "976"})


@lru_cache(maxsize=4096)
def _hour(number: int) -> tuple[date, int]:
    local = datetime.fromtimestamp(number * HOUR, UTC).astimezone(PARIS)
    return local.date(), local.hour


def hour_of(number: int) -> tuple[date, int]:
    """The day and hour in Paris of an hour counted from 1970: its offset from UTC is whole hours."""
    return _hour(number)


def local(at: datetime) -> tuple[date, int, int]:
    """The day, hour and minute in Paris."""
    seconds = int(at.timestamp())
    day, hour = _hour(seconds // HOUR)
    return day, hour, seconds % HOUR // 60


def region(address: str | None) -> str | None:
    """The region whose own holidays hold at an address, by its postcode; ``None``: those of all France alone."""
    found = _POSTCODE.search(address or "")
    if found is None:
        return None
    department, third = found.groups()
    return _ALSACE.get(department, department + third if department + third in _OVERSEAS else None)


def public_holidays(day: date) -> frozenset[date]:
    """Those of all France, in the year of a day and the one before."""
    return _holidays(day.year) | _holidays(day.year - 1)


def is_holiday(day: date, where: str | None = None) -> bool:
    """Whether it is a public holiday in all France, or in this region (``region``)."""
    return day in _holidays(day.year, where)


@lru_cache(maxsize=4096)
def day_class(day: date, where: str | None = None) -> int:
    """0: a working day; 1: Saturday; 2: Sunday or a public holiday."""
    if day.weekday() == SUNDAY or is_holiday(day, where):
        return 2
    return int(day.weekday() == SATURDAY)


def instant(told: Told) -> datetime:
    """When something happened: as its sender says, unless that lies ahead of when we received it."""
    at = told.event.at
    return at if at <= told.came or at <= told.came + AHEAD else told.came


def named(text: str, most: int = 64) -> str:
    """A name that others wrote, fit to be a part of a reference: one line, no case, no path, bounded."""
    return (
        "".join(sign for sign in text[: most * 4] if sign.isprintable() and sign not in "/ ")[:most].casefold() or "?"
    )


def bare(user: str) -> str:
    r"""An account's name without the domain around it: ``jdupont`` of ``CABINET\jdupont`` or of an address."""
    return named(user.rpartition("\\")[2].partition("@")[0])


def subject(ref: Ref | None, head: str, text: str | None) -> Ref:
    """The reference, or one made of what was written where the register knows none."""
    return ref or f"{head}/{named(text or '?')}"


def seat(told: Told) -> Ref:
    """Where somebody tries to log in from: the source, or the host itself for who sits at it."""
    source = told.event.source
    if told.source is None and (not source or source.startswith(LOOPBACK)):
        return subject(told.host, "host", told.event.host or told.sender)
    return subject(told.source, "address", source)


def unlisted(told: Told) -> Ref:
    """The reference of an account that the register does not know: where it was used, and how it is written."""
    return f"account/{named(told.event.host or told.sender)}/{bare(told.event.user or '?')}"
