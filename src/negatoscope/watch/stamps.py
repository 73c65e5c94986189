"""Instants as products write them. A date without a year takes the one nearest to its receipt; without a zone, ours."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

_MONTHS = {
    name: place
    for place, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_CLASSIC = re.compile(r"([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2})")
_DATED = re.compile(r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.\d+)? (\d{4})")
_COMMON = re.compile(r"(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2})(?: ([+-])(\d{2})(\d{2}))?")
_ISO = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})[T ](\d{2}:\d{2}:\d{2})([.,]\d{1,9})?(?: ?(Z|UTC|[+-]\d{2}:?\d{2}))?", re.ASCII
)
_MILLISECONDS, _MICROSECONDS, _NANOSECONDS = 10**11, 10**14, 10**17
"""Beyond these, a count since 1970 is not of seconds: seconds reach the first in the year 5138."""


def read_stamp(text: object, came: datetime, zone: tzinfo) -> datetime | None:
    """An instant in any way that our products write it, in UTC; ``None``: none that we know."""
    try:
        if isinstance(text, int | float) and not isinstance(text, bool):
            return _counted(float(text))
        return _written(text.strip(), came, zone) if isinstance(text, str) else None
    except (ValueError, OverflowError, OSError):
        return None


def _counted(count: float) -> datetime:
    for beyond, unit in ((_NANOSECONDS, 1e9), (_MICROSECONDS, 1e6), (_MILLISECONDS, 1e3)):
        if count >= beyond:
            return datetime.fromtimestamp(count / unit, UTC)
    return datetime.fromtimestamp(count, UTC)


def _written(text: str, came: datetime, zone: tzinfo) -> datetime | None:
    if found := _ISO.fullmatch(text):
        year, month, day, clock, fraction, offset = found.groups()
        shift = {"Z": "+00:00", "UTC": "+00:00", None: ""}.get(offset, offset)
        moment = datetime.fromisoformat(f"{year}-{month}-{day}T{clock}{(fraction or '').replace(',', '.')[:7]}{shift}")
        return moment.astimezone(UTC) if moment.tzinfo else local(moment, came, zone)
    if found := _CLASSIC.fullmatch(text):
        return nearest(found.groups(), came, zone)
    if found := _COMMON.fullmatch(text):
        return _common(found, came, zone)
    if found := _DATED.fullmatch(text):
        name, *clock, year = found.groups()
        return local(_moment(int(year), name, clock), came, zone)
    return _counted(float(text)) if re.fullmatch(r"\d{9,19}(\.\d{1,9})?", text, re.ASCII) else None


def _common(found: "re.Match[str]", came: datetime, zone: tzinfo) -> datetime:
    day, name, year, hour, minute, second, sign, hours, minutes = found.groups()
    moment = _moment(int(year), name, (day, hour, minute, second))
    if sign is None:
        return local(moment, came, zone)
    shift = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    return (moment - shift).replace(tzinfo=UTC)


def _moment(year: int, name: str, clock: Sequence[str]) -> datetime:
    """A wall clock's time: name of the month; day, hour, minute, second. Raises ValueError, OverflowError."""
    day, hour, minute, second = map(int, clock)
    return datetime(year, _MONTHS.get(name.lower(), 0), day, hour, minute, second)  # noqa: DTZ001 -- its zone comes next


def nearest(parts: Iterable[str], came: datetime, zone: tzinfo) -> datetime | None:
    """The instant nearest to ``came`` of a date without a year: name of the month, day, hour, minute, second."""
    name, *rest = parts
    told = []
    for year in (came.year - 1, came.year, came.year + 1):
        try:
            told.append(local(_moment(year, name, rest), came, zone))
        except (ValueError, OverflowError):  # the 29th of February
            continue
    return min(told, key=lambda one: abs(one - came)) if told else None


def local(moment: datetime, came: datetime, zone: tzinfo) -> datetime:
    """A wall clock's time in UTC. Of the hour that comes twice in autumn, the pass nearer to ``came``."""
    passes = [moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return min(passes, key=lambda one: abs(one - came)) if _twice(moment, zone) else passes[0]


def _twice(moment: datetime, zone: tzinfo) -> bool:
    first, second = (zone.utcoffset(moment.replace(fold=fold)) for fold in (0, 1))
    return first is not None and second is not None and first > second


def numbered(text: str, came: datetime, zone: tzinfo) -> datetime | None:
    """``MMDD HH:MM:SS``, a date without a year as glog writes it; ``None``: no such day."""
    name = next((name for name, place in _MONTHS.items() if text[:2].isdecimal() and place == int(text[:2])), None)
    return nearest((name, text[2:4], text[5:7], text[8:10], text[11:13]), came, zone) if name else None
