"""The header of a syslog line: RFC 5424, RFC 3164 and what devices really send. Pure, and never raises."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType

from negatoscope.kit.clock import PARIS

AHEAD = timedelta(days=7)
"""A date without a year that lies further ahead is of the year before: files are read long after they were written."""
HIGHEST_PRIORITY = 191
LEAP = 59
"""What a sixtieth second is read as."""
NOTHING: Mapping[str, Mapping[str, str]] = MappingProxyType({})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_PRIORITY = re.compile(r"<(\d{1,3})>")
_NEW = re.compile(r"\d{1,2} (\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)")
_ELEMENT = re.compile(r'\[([^\s=\]"]+)((?: +[^\s=\]"]+="(?:[^"\\]|\\.)*")*) *\]', re.DOTALL)
_PARAMETER = re.compile(r' +([^\s=\]"]+)="((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\\]])')
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?:?(?: |$)")
_OLD = re.compile(
    r"(?:\d{1,10}: )?[*.]?([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?"
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: (\d{4}))?:?(?: |$)"
)
_TAG = re.compile(r"([^\s:\[\]]{1,128})(?:\[([^\]\s]{0,64})\])?:(?:\s|$)")
_HOST = re.compile(r"([^\s:\[\]]{1,255}|[0-9A-Fa-f:.]{2,45}) +")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the message, and the message. ``None``: it does not say."""

    message: str
    """Decoded; a byte order mark and what ends the line are gone, control characters are not: pages escape them."""
    priority: int | None = None
    at: datetime | None = None
    """UTC."""
    host: str | None = None
    app: str | None = None
    procid: str | None = None
    msgid: str | None = None
    structured: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NOTHING)
    """RFC 5424: parameters by the name of their element."""

    @property
    def facility(self) -> int | None:
        """0 (kernel) to 23."""
        return None if self.priority is None else self.priority >> 3

    @property
    def severity(self) -> int | None:
        """0 (emergency) to 7 (debug)."""
        return None if self.priority is None else self.priority & 7


def decode(data: bytes) -> str:
    """The text of a line: UTF-8, else what Windows in French writes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.strip("\r\n\0\ufeff")


def read(data: bytes, came: datetime, zone: tzinfo = PARIS) -> Header:
    """Read one line. ``came``: when it was received; a date without a year takes the nearest one not ``AHEAD``.

    ``zone``: of times that name none. In the hour that comes twice, the nearer to ``came`` is meant.
    """
    text = decode(data)
    told = _PRIORITY.match(text)
    priority = int(told[1]) if told and int(told[1]) <= HIGHEST_PRIORITY else None
    rest = text[told.end() :] if told and priority is not None else text
    new = _NEW.match(rest) if priority is not None else None
    if new:
        return _new(rest, new, priority, _Clock(came, zone))
    return _old(rest, priority, _Clock(came, zone))


@dataclass(frozen=True, slots=True)
class _Clock:
    """By which a time that says too little is understood."""

    came: datetime
    zone: tzinfo

    def nearest(self, times: list[datetime]) -> datetime | None:
        """Of these local times, in either sense of an hour that comes twice, the nearest to when it came; UTC."""
        meant = [one.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for one in times for fold in (0, 1)]
        return min(meant, key=lambda one: abs(one - self.came), default=None)


def _new(rest: str, new: re.Match[str], priority: int | None, clock: _Clock) -> Header:
    """RFC 5424."""
    said, host, app, procid, msgid = (None if one == "-" else one for one in new.groups())
    structured, place = _structured(rest, new.end())
    told = _ISO.match(f"{said} ") if said else None
    message = rest[place:].removeprefix(" ").removeprefix("\ufeff")
    return Header(message, priority, _iso(told, clock) if told else None, host, app, procid, msgid, structured)


def _structured(rest: str, place: int) -> tuple[Mapping[str, Mapping[str, str]], int]:
    """Elements from this place on, and where they end; one that is not well formed belongs to the message."""
    if rest[place : place + 1] == "-":
        return NOTHING, place + 1
    found: dict[str, dict[str, str]] = {}
    while element := _ELEMENT.match(rest, place):
        told = {name: _ESCAPED.sub(r"\1", value) for name, value in _PARAMETER.findall(element[2])}
        found.setdefault(element[1], {}).update(told)
        place = element.end()
    return found or NOTHING, place


def _old(rest: str, priority: int | None, clock: _Clock) -> Header:
    """RFC 3164, the lines of log files, and lines that have no header at all."""
    if told := _ISO.match(rest):
        at = _iso(told, clock)
    elif told := _OLD.match(rest):
        at = _yearless(told, clock)
    else:
        at = None
    place = told.end() if told else 0
    host = None
    tag = _TAG.match(rest, place)
    if told and not tag and (named := _HOST.match(rest, place)):
        host, place = named[1], named.end()
        tag = _TAG.match(rest, place)
    if tag:
        place = tag.end()
    message = rest[place:].removeprefix("\ufeff")
    app, procid = (tag[1], tag[2] or None) if tag and (told or priority is not None) else (None, None)
    if tag and app is None:
        message = rest
    return Header(message, priority, at, host, app, procid)


def _iso(told: re.Match[str], clock: _Clock) -> datetime | None:
    """A date with its year, and perhaps its zone."""
    day, hours, minutes, seconds, fraction, zone = told.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{hours}:{minutes}:{min(int(seconds), LEAP):02}").replace(
            microsecond=_micro(fraction)
        )
        if zone:
            return at.replace(tzinfo=datetime.strptime(zone, "%z").tzinfo).astimezone(UTC)
        return clock.nearest([at])
    except (ValueError, OverflowError):
        return None


def _yearless(told: re.Match[str], clock: _Clock) -> datetime | None:
    """A date that mostly names no year."""
    month, day, year, hours, minutes, seconds, fraction, last = told.groups()
    named, around = year or last, clock.came.year
    time = (int(hours), int(minutes), min(int(seconds), LEAP), _micro(fraction))
    times: list[datetime] = []
    try:
        number = MONTHS.index(month.lower()) + 1
        for one in [int(named)] if named else [around, around - 1, around + 1]:
            times += _dated(one, number, int(day), time)
            if times and abs(times[0].replace(tzinfo=UTC) - clock.came) < AHEAD:
                break
        behind = [one for one in times if named or one.replace(tzinfo=UTC) - clock.came < AHEAD]
        return clock.nearest(behind)
    except (ValueError, OverflowError):
        return None


def _dated(year: int, month: int, day: int, time: tuple[int, int, int, int]) -> list[datetime]:
    """This local time, if the year has that day."""
    try:
        return [datetime(year, month, day, *time)]  # noqa: DTZ001 -- its zone follows
    except ValueError:
        return []


def _micro(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0
