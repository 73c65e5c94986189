"""Last instants as a calendar that telephones and mail programs subscribe to (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from negatoscope.kit.bilingual import Lang
from negatoscope.model.incident import Incident, State
from negatoscope.respond.duty import Duty, Owed
from negatoscope.respond.wall import REST, Clock, clocks

OCTETS = 75
"""At most in a line, its end apart."""
LONG = timedelta(minutes=30)
WARNED = (timedelta(hours=24), timedelta(hours=2))
"""How long before its end a calendar rings by itself."""
MORE = {"fr": ", suite de la déclaration", "en": ", the rest of the declaration"}
DOUBT = {"fr": "Peut-être obligatoire", "en": "Perhaps due"}
TITLE = {"fr": "Incident n°\N{NO-BREAK SPACE}{number}\N{NO-BREAK SPACE}: {to}", "en": "Incident no. {number}: {to}"}


def calendar(
    incidents: Iterable[Incident], now: datetime, lang: Lang, base: str, known: Sequence[Duty] | None = None
) -> bytes:
    """Last instants of what nobody was told of yet, in incidents that go on; no title, no name: others carry it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Negatoscope//Incidents//FR", "METHOD:PUBLISH"]
    for one in incidents:
        if one.state is not State.CLOSED and not one.exercise:
            for clock in clocks(one, known):
                lines += _event(one, clock, now, (lang, base))
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(one: Incident, clock: Clock, now: datetime, said: tuple[Lang, str]) -> Iterator[str]:
    ends = clock.ends
    if ends is None:
        return
    (lang, base), duty, more = said, clock.duty, "" if clock.sent is None else REST
    url = f"{base}incidents/{one.number}/obligations/"
    doubt = f"{DOUBT[lang]}. " if clock.owed is Owed.DOUBTFUL else ""
    yield "BEGIN:VEVENT"
    yield f"UID:incident-{one.number}-{duty.id}{more and f'-{more}'}@negatoscope.invalid"
    yield f"DTSTAMP:{_stamp(now)}"
    yield f"DTSTART:{_stamp(ends - LONG)}"
    yield f"DTEND:{_stamp(ends)}"
    yield f"SUMMARY:{_text(TITLE[lang].format(number=one.number, to=duty.to[lang]) + (MORE[lang] if more else ''))}"
    yield f"DESCRIPTION:{_text(f'{doubt}{duty.name[lang]}. {duty.channel[lang]} {url}')}"
    yield f"URL:{url}"
    yield f"STATUS:{'TENTATIVE' if clock.owed is Owed.DOUBTFUL else 'CONFIRMED'}"
    for before in WARNED:
        hours = before // timedelta(hours=1)
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER;RELATED=END:-PT{hours}H")
        yield f"DESCRIPTION:{_text(duty.to[lang])}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    """A text as the format writes it."""
    escaped = said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r\n", "\n")
    return escaped.replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A line of any length, cut between signs so that none of it is too long."""
    parts, part = [], b""
    for sign in line:
        octets = sign.encode()
        if len(part) + len(octets) > OCTETS:
            parts.append(part)
            part = b" "
        part += octets
    return b"\r\n".join([*parts, part]) + b"\r\n"
