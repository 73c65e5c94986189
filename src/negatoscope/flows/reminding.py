"""Somebody is reminded as the clocks of an incident run: each mark is a line of its log, written with what tells it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from negatoscope.flows import calling, correcting, lettering, notifying, reaching
from negatoscope.flows.alerting import CONSOLE, Handler
from negatoscope.flows.console import Console
from negatoscope.flows.notifying import Telling
from negatoscope.flows.recording import alone
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.responding import Line, incident, say
from negatoscope.model.incident import Incident, Named, Reminded, Role
from negatoscope.prove.telling import Book, Concern, Kind
from negatoscope.respond import wall
from negatoscope.respond.wall import Clock
from negatoscope.store import channels, notices
from negatoscope.store.notices import MailRow, Notice
from negatoscope.store.queries import incidents as held
from negatoscope.store.roles import Role as Right

EVERY = timedelta(minutes=1)
ITSELF = Handler(CONSOLE, "")


@dataclass
class Reminders:
    """The loop's own memory of when it last looked at the clocks of incidents."""

    looked: datetime | None = None

    def round(self, console: Console) -> None:
        """Remind of what time has brought, once a minute at most."""
        now = console.clock()
        if self.looked is None or not timedelta() <= now - self.looked < EVERY:
            self.looked = now
            remind(console)


def remind(console: Console) -> int:
    """Take the marks that time has brought; each is noted once, with what tells it, or not at all. Returns how many.

    Where a stop of the console made several of a clock due at once, all are noted and the last one is told.
    """
    if not any(_waiting(console)):
        return 0
    noted = 0
    with alone(console):
        for one, clock, marks in list(_waiting(console)):
            for mark in marks:
                reached = _tell(console, one, clock, mark) if mark == marks[-1] else 0
                word = Reminded(clock.duty.id, mark, clock.ends, reached)
                say(console, one.number, Line(word, once=f"mark/{clock.duty.id}/{mark}"), ITSELF)
                noted += 1
    return noted


def _waiting(console: Console) -> Iterator[tuple[Incident, Clock, tuple[str, ...]]]:
    now, known = console.clock(), correcting.duties(console.practice)
    for listed in held.standing(console.practice):
        one = incident(console, listed.number)
        for clock, marks in wall.ringing(one, now, known):
            yield one, clock, marks


def _tell(console: Console, one: Incident, clock: Clock, mark: str) -> int:
    """Write down who is told, by mail and by channels; returns how many addresses. Without a way out nobody is."""
    way, now = notices.mail(console.practice), console.clock()
    mails = way is not None and way.active
    if not mails and not channels.exist():
        return 0
    people = _people(one)
    book = reaching.book(console, way or MailRow(), StoredRegister(console.practice), now)
    reached = calling.remind(console, calling.Duty(one.number, clock.duty.id, mark), _names(book, people))
    return reached + (_mail(console, one, clock, mark) if mails else 0)


def _mail(console: Console, one: Incident, clock: Clock, mark: str) -> int:
    code = f"incident_{lettering.sentence(clock, mark)}"
    due = clock.ends.isoformat() if clock.ends else ""
    values = {"duty": clock.duty.id, "ident": one.number, "at": due}
    notice = Notice(f"incident/{one.number}/{clock.duty.id}/{mark}", code, values)
    tellings = [Telling(notice, Concern(Kind.ALERT, Right.APPROVER))]
    people = _people(one)
    if people:
        tellings.append(Telling(notice, Concern(Kind.ALERT, Right.APPROVER, people)))
    return notifying.tell(console, tellings)


def _people(one: Incident) -> tuple[str, ...]:
    """Who leads and who declares, with their deputies."""
    words = (one.roles[role].word for role in (Role.LEAD, Role.DECLARATIONS) if role in one.roles)
    named = [name for word in words if isinstance(word, Named) for name in (word.person, word.deputy)]
    return tuple(dict.fromkeys(filter(None, named)))


def _names(book: Book, people: tuple[str, ...]) -> frozenset[str]:
    """All that these are called, in lower case."""
    told = [(one.casefold(), book.find(one)) for one in people]
    return frozenset(name for said, found in told for name in (said, *(found.names if found else ())))
