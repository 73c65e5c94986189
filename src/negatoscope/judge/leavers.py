"""Who has left and who is here; and what still stands against closing a departure. Pure.

A departure closes only on proof: every account of the person was seen closed, by an instrument, after the last day;
what no instrument sees is signed for by a named person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from negatoscope.model.accounts import Account, AccountKind, PasswordState
from negatoscope.model.cases import Case, CaseTask, TaskKind
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Departure, Person

PARIS = ZoneInfo("Europe/Paris")
Said = Iterator[Finding | Doubt]
LOCKED = (None, PasswordState.LOCKED)
LEAST = 3
"""Letters that an account's name must have for a resemblance to mean something."""
GRACE = timedelta(days=1)
"""Whole days after the last one within which everything must be closed."""


class Leaving:
    """Who has left at an instant."""

    def __init__(self, departures: Iterable[Departure], now: datetime) -> None:
        """Gather last days; ``undated``: departures without one."""
        departures = tuple(departures)
        self.today = now.astimezone(PARIS).date()
        self.undated = tuple(one for one in departures if one.left_on is None)
        self.last_days: Mapping[Ref, date] = {one.holder: one.left_on for one in departures if one.left_on}

    def doubts(self) -> Iterator[Doubt]:
        """Doubt each departure without a date: nobody knows whether that person is here."""
        yield from (Doubt(one.holder, "departure_undated") for one in self.undated)

    def gone(self, *, grace: timedelta = GRACE) -> Mapping[Ref, date]:
        """Persons whose last day, and the grace after it, have passed."""
        return {holder: day for holder, day in self.last_days.items() if day + grace < self.today}


def present(people: Iterable[Person], leaving: Leaving) -> tuple[Person, ...]:
    """Persons who have arrived and whose last day has not passed."""
    left = {*leaving.gone(grace=timedelta()), *(one.holder for one in leaving.undated)}
    return tuple(
        person
        for person in people
        if person.ref not in left and (person.arrived_on is None or person.arrived_on <= leaving.today)
    )


def ended(day: date) -> datetime:
    """The instant at which a last day ends, Paris time."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), PARIS)


@dataclass(frozen=True, slots=True)
class Door:
    """An account that is a leaver's, or looks like it."""

    ref: Ref
    enabled: bool | None = None
    """What the newest instrument that could tell said."""
    seen_at: datetime | None = None
    """When that instrument looked."""
    measurable: bool = True
    """An instrument looks where this account lives; else only a person can say."""
    likely: bool = False
    """Nobody is named as its holder, and its name resembles the leaver's."""
    central: bool = False
    """It is an account of a directory, which holds memberships."""


def missing(
    case: Case, tasks: Iterable[CaseTask], doors: Iterable[Door], last_look: datetime | None, now: datetime
) -> tuple[Doubt, ...]:
    """Say what stands against closing a departure; nothing: it may be closed.

    ``last_look``: when an instrument last brought back accounts, from the directory longest without a look.
    """
    since = ended(case.on)
    if now < since:
        return (Doubt(case.person, "not_left_yet", {"on": f"{case.on:%Y-%m-%d}"}),)
    tasks, doors = tuple(tasks), tuple(doors)
    signed = {task.subject for task in tasks if task.subject and task.signed and (task.done_at or since) >= since}
    told = [doubt for door in doors if (doubt := _open(door, signed, since))]
    if last_look is None or last_look < since:
        told.append(Doubt(case.person, "no_look_since", {"on": f"{case.on:%Y-%m-%d}"}))
    return (*told, *unsigned(tasks, proven_by_look(tasks, doors)))


def _open(door: Door, signed: set[Ref], since: datetime) -> Doubt | None:
    if door.likely:
        return Doubt(door.ref, "perhaps_theirs")
    if door.enabled:
        return Doubt(door.ref, "still_open")
    if not door.measurable:
        return None if door.ref in signed else Doubt(door.ref, "closing_unsigned")
    if door.enabled is None or door.seen_at is None:
        return Doubt(door.ref, "state_unknown")
    if door.seen_at < since:
        return Doubt(door.ref, "seen_before_leaving", {"on": f"{door.seen_at:%Y-%m-%d}"})
    return None


def proven_by_look(tasks: Iterable[CaseTask], doors: Iterable[Door]) -> frozenset[Ref]:
    """Tasks of a departure that instruments prove, and nobody signs: accounts in a system where one sees theirs.

    Memberships end with the directory account that holds them; closing that of a computer ends none.
    """
    doors = [door for door in doors if door.measurable and not door.likely]
    places = {door.ref.split("/")[1].casefold() for door in doors}
    central = any(door.central for door in doors)
    return frozenset(
        task.ref
        for task in tasks
        if task.subject is None
        and (
            (task.kind is TaskKind.ACCOUNT and task.what.casefold() in places)
            or (task.kind is TaskKind.GROUP and central)
        )
    )


def unsigned(tasks: Iterable[CaseTask], proven: frozenset[Ref] = frozenset()) -> Iterator[Doubt]:
    """Tasks that a person must still sign for; ``proven``: those that a look proves instead."""
    for task in tasks:
        if task.ref not in proven and not task.signed:
            yield Doubt(task.ref, "task_open", {"task": task.what})


def nobody(people: Sequence[Person]) -> Iterator[Doubt]:
    """Doubt a list of persons that names none: a practice has somebody."""
    if not people:
        yield Doubt("practice", "nobody_present")


def left_open(account: Account | DirectoryAccount, gone: Mapping[Ref, date], staff: frozenset[Ref]) -> Said:
    """Weigh one account that may be open."""
    if account.holder is not None and account.holder in gone:
        known = account.enabled is not None
        values = {"holder": account.holder, "left": f"{gone[account.holder]:%Y-%m-%d}"}
        yield Finding(account.ref, "left_open", values) if known else Doubt(account.ref, "unread", {"what": "enabled"})
    elif account.holder is not None:
        if account.holder not in staff:
            yield Finding(account.ref, "holder_not_listed", {"holder": account.holder})
    elif account.kind is AccountKind.SYSTEM and isinstance(account, DirectoryAccount):
        return
    elif isinstance(account, Account) and account.kind is AccountKind.SYSTEM and account.password in LOCKED:
        if account.password is None:
            yield Doubt(account.ref, "unread", {"what": "password"})
    elif account.kind is not AccountKind.SERVICE:
        yield Doubt(account.ref, "holder_unknown")


def resembles(account: str, person: Person) -> bool:
    """Whether an account is named as people name theirs: identifier, surname, first.last, initial and surname."""
    local = _letters(account.rsplit("\\", 1)[-1].split("@", 1)[0])
    first, *others = [_letters(word) for word in person.name.split()] or [""]
    last = "".join(others)
    usual = {_letters(person.ident), first + last, last + first, first[:1] + last, last + first[:1], last}
    return len(local) >= LEAST and local in usual


def _letters(text: str) -> str:
    """Lower case letters without accents; separators and digits left out."""
    return "".join(sign for sign in normalize("NFKD", text).casefold() if sign.isalpha() and not combining(sign))
