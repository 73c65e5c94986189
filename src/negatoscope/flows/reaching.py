"""Everybody who may be told things: users of the console and persons of the register, one contact each."""

from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.leavers import Leaving
from negatoscope.kit.clock import PARIS
from negatoscope.model import calltree
from negatoscope.model.evidence import Ref
from negatoscope.model.people import Departure, Person
from negatoscope.model.presence import Absence
from negatoscope.prove.telling import Book, Contact, Recipient
from negatoscope.store.notices import MailRow
from negatoscope.store.queries import users
from negatoscope.store.queries.users import Reachable


def book(console: Console, way: MailRow, known: StoredRegister, now: datetime) -> Book:
    """Who may be told what, as of now."""
    away = calltree.away(known.seen(Absence).facts, now.astimezone(PARIS).date())
    gone = Leaving(known.seen(Departure).facts, now).gone()
    people = {
        person.ref: _person(person, away.get(person.ref), gone=person.ref in gone)
        for person in known.seen(Person).facts
    }
    contacts = [_user(one, people) for one in users.reachable(console.practice, console.site)]
    common = [Recipient(line, "", way.language) for line in addresses(way)]
    spoken = [replace(one, language=one.language or way.language) for one in (*contacts, *people.values())]
    return Book(spoken, common)


def addresses(way: MailRow) -> list[str]:
    """The practice's own addresses."""
    return list(dict.fromkeys(line.strip() for line in way.to.splitlines() if line.strip()))


def _address(said: str | None) -> str:
    """What lists say may be no address, or hide lines of a header: such a person has none."""
    try:
        validate_email(said or "")
    except ValidationError:
        return ""
    return said or ""


def _person(person: Person, away: date | None, *, gone: bool) -> Contact:
    names = frozenset(name.casefold() for name in (person.ref, person.ident, person.name))
    manager = person.manager
    return Contact(person.name, names, _address(person.email), manager=manager, away_until=away, gone=gone)


def _user(user: Reachable, people: dict[Ref, Contact]) -> Contact:
    """A user who is also a person of the register is one contact: the same address, or the only one of that name."""
    same = [ref for ref, one in people.items() if user.email and one.address.casefold() == user.email.casefold()]
    same = same or [ref for ref, one in people.items() if one.name.casefold() == user.name.casefold()]
    person = people.pop(same[0]) if len(same) == 1 else Contact(user.name, frozenset())
    names = {name.casefold() for name in (user.name, user.username, f"{user.name} ({user.username})")}
    return replace(
        person,
        names=person.names | names,
        address=user.email or person.address,
        language=user.language,
        roles=user.roles if user.active else frozenset(),
        muted=user.muted,
        gone=person.gone or (not user.active and not person.names),
    )
