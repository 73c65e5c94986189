"""A calendar (iCalendar, RFC 5545) made a list of days by person, before anything is kept.

What events are called, where and with whom, is nobody's business here (a title may tell of an illness): only names of
people already listed, days, and whether it is leave or training come through. An event that covers no whole day is no
absence by day and is left out; one that repeats, or names nobody known, becomes a row that is refused and told of.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet.cells import plain

BEGINS = b"BEGIN:VCALENDAR"
MAX_LINES, MAX_LINE, MAX_EVENTS = 400_000, 100_000, 5_000
DAY = timedelta(days=1)
MOST_OF_A_DAY = timedelta(hours=7)
"""An event with hours that lasts so long takes a working day."""
_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_LINE = re.compile(rf"([A-Za-z0-9-]{{1,60}})((?:;[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*)*):(.*)", re.DOTALL)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_LENGTH = re.compile(r"P(?:(\d{1,3})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:\d{1,5}S)?)?)")
_KINDS = {
    **dict.fromkeys(("formation", "stage", "training", "course"), "formation"),
    **dict.fromkeys(("conge", "conges", "vacances", "cp", "rtt", "leave", "holiday", "holidays", "vacation"), "congé"),
}
Event = dict[str, tuple[str, str]]
"""Parameters and value of each property, by name; the first of each."""


def is_calendar(data: bytes) -> bool:
    """Whether a file says that it is one."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[: len(BEGINS)].upper() == BEGINS


def as_list(data: bytes, holders: Mapping[str, Ref | None], mails: Mapping[str, Ref]) -> bytes:
    """The list that a calendar amounts to, as a CSV file.

    ``holders``: people by folded name and identifier; ``mails``: by address, in lower case. Raises Unreadable.
    """
    known = [(f" {plain(said)} ", ref) for said, ref in holders.items() if ref and " " in said.strip()]
    out = StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(("Personne", "Du", "Au", "Genre"))
    for event in _events(data):
        days = _days(event)
        if days is not None:
            who = _person(event, known, mails)
            begins = "répétition" if "RRULE" in event else f"{days[0]:%d/%m/%Y}"
            named = who.removeprefix("person/") if who else f"événement du {days[0]:%d/%m/%Y}"
            rows.writerow((named, begins, f"{days[1]:%d/%m/%Y}", _kind(event)))
    return out.getvalue().encode()


def _events(data: bytes) -> Iterator[Event]:
    """Each event that stands, up to a limit."""
    for count, (number, event) in enumerate(_read(data), start=1):
        if count > MAX_EVENTS:
            raise Unreadable("not_a_calendar", str(number))
        if event.get("STATUS", ("", ""))[1].upper() != "CANCELLED":
            yield event


def _read(data: bytes) -> Iterator[tuple[int, Event]]:
    """Every event; what it holds (alarms) and what stands beside it (time zones, tasks) left out."""
    event: Event = {}
    inside: list[str] = []
    for number, name, parameters, value in _properties(data):
        part = value.strip().upper()
        if name == "BEGIN":
            inside.append(part)
            event = {} if part == "VEVENT" else event
        elif name == "END":
            if not inside or inside.pop() != part:
                raise Unreadable("not_a_calendar", str(number))
            if part == "VEVENT":
                yield number, event
        elif inside[-1:] == ["VEVENT"]:
            event.setdefault(name, (parameters, value))
    if inside:
        raise Unreadable("not_a_calendar", "end")


def _properties(data: bytes) -> Iterator[tuple[int, str, str, str]]:
    """Line, name, parameters and value of each property."""
    for number, line in _lines(data):
        found = _LINE.fullmatch(line)
        if found is None:
            raise Unreadable("not_a_calendar", str(number))
        yield number, found[1].upper(), found[2].upper(), found[3]


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Lines as they were before folding, with the number of the first of each."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_a_calendar", f"byte {error.start}") from error
    held, began = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if number > MAX_LINES or len(held) > MAX_LINE:
            raise Unreadable("not_a_calendar", str(number))
        if line[:1] in {" ", "\t"} and held:
            held += line[1:]
            continue
        if held.strip():
            yield began, held
        held, began = line, number
    if held.strip():
        yield began, held


def _days(event: Event) -> tuple[date, date] | None:
    """First and last whole day, Paris time; ``None``: it covers none, or its dates say nothing."""
    begins, whole = _moment(*event.get("DTSTART", ("", "")))
    if begins is None:
        return None
    ends = _moment(*event["DTEND"])[0] if "DTEND" in event else _after(begins, event, whole=whole)
    if ends is None or ends <= begins:
        ends = begins + DAY if whole else begins
    last = (ends - timedelta(seconds=1)).date()
    if whole:
        return begins.date(), last
    if last == begins.date() and ends - begins < MOST_OF_A_DAY:
        return None
    return begins.date(), last


def _after(begins: datetime, event: Event, *, whole: bool) -> datetime | None:
    found = _LENGTH.fullmatch(event["DURATION"][1].strip().lstrip("+")) if "DURATION" in event else None
    if found is None:
        return begins + DAY if whole else None
    weeks, days, hours, minutes = (int(one or 0) for one in found.groups())
    return begins + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def _moment(parameters: str, value: str) -> tuple[datetime | None, bool]:
    """A wall-clock instant in Paris, and whether it is a date alone."""
    found = _MOMENT.fullmatch(value.strip())
    if found is None:
        return None, False
    year, month, day, hour, minute = (int(one or 0) for one in found.groups()[:5])
    try:
        said = datetime.combine(date(year, month, day), time(hour, minute))
    except ValueError:
        return None, False
    if found[4] is None:
        return said, True
    zone = re.search(r';TZID="?([^";:]+)', parameters)
    aware = said.replace(tzinfo=UTC if found[7] else _zone(zone[1] if zone else ""))
    return aware.astimezone(PARIS).replace(tzinfo=None), False


def _zone(said: str) -> ZoneInfo:
    """A zone by its name, whose case is lost; an unknown one is taken for Paris, where the practice is."""
    try:
        return ZoneInfo("/".join(part.title() for part in said.split("/"))) if said else PARIS
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return PARIS


def _person(event: Event, known: list[tuple[str, Ref]], mails: Mapping[str, Ref]) -> Ref | None:
    """The one person that an event names: in its title, else by the address of who is asked or who asks."""
    title = f" {plain(event.get('SUMMARY', ('', ''))[1])} "
    named = {ref for words, ref in known if words in title or _turned(words) in title}
    if not named:
        for name in ("ATTENDEE", "ORGANIZER"):
            address = event.get(name, ("", ""))[1].strip().lower().removeprefix("mailto:")
            named = named or {ref for ref in (mails.get(address),) if ref}
    return named.pop() if len(named) == 1 else None


def _turned(words: str) -> str:
    """« Durand Marie » for « Marie Durand »."""
    first, _, last = words.strip().partition(" ")
    return f" {last} {first} "


def _kind(event: Event) -> str:
    said = plain(f"{event.get('SUMMARY', ('', ''))[1]} {event.get('CATEGORIES', ('', ''))[1]}").split()
    return next((_KINDS[word] for word in said if word in _KINDS), "")
