"""Who has left and who is here; and what still stands against closing a departure. Pure.

A departure closes only on proof: every account of the person was seen closed, by an instrument, after the last day;
what no instrument sees is signed for by a named person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from negatoscope.kit.clock import PARIS
from negatoscope.model.cases import Case, CaseTask, TaskKind
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Departure, Person

Said = Iterator[Finding | Doubt]
FAR_ARRIVAL, FAR_LAST_DAY = timedelta(days=366), timedelta(days=3660)
"""Days ahead beyond which a date is a slip of the pen, or a way of saying that there is none."""
GRACE = timedelta(days=1)
"""Whole days after the last one within which everything must be closed."""


class Leaving:
    """Who has left at an instant."""

    def __init__(self, departures: Iterable[Departure], now: datetime) -> None:
        """Gather last days; ``undated``: departures without one."""
        self.told = tuple(departures)
        self.today = now.astimezone(PARIS).date()
        self.undated = tuple(one for one in self.told if one.left_on is one.was_on is one.arrived_was is None)
        self.last_days: Mapping[Ref, date] = {one.holder: one.left_on for one in self.told if one.left_on}

    def doubts(self, people: Iterable[Person] = ()) -> Iterator[Doubt]:
        """Doubt days that nobody can know, and days that were told otherwise once they had passed."""
        yield from (Doubt(one.holder, "departure_undated") for one in self.undated)
        for one in self.told:
            if one.left_on is not None and one.left_on - self.today > FAR_LAST_DAY:
                yield Doubt(one.holder, "last_day_far", {"on": f"{one.left_on:%Y-%m-%d}"})
            if one.was_on is not None and (one.left_on is None or one.left_on >= self.today):
                yield Doubt(one.holder, "last_day_moved", {"was": f"{one.was_on:%Y-%m-%d}"})
        yield from self._arrivals(people)

    def _arrivals(self, people: Iterable[Person]) -> Iterator[Doubt]:
        was = {one.holder: one.arrived_was for one in self.told if one.arrived_was is not None}
        for person in people:
            if person.arrived_on is None or person.arrived_on <= self.today:
                continue
            if person.arrived_on - self.today > FAR_ARRIVAL:
                yield Doubt(person.ref, "arrival_far", {"on": f"{person.arrived_on:%Y-%m-%d}"})
            if person.ref in was:
                yield Doubt(person.ref, "arrival_moved", {"was": f"{was[person.ref]:%Y-%m-%d}"})

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
    formerly: bool = False
    """It was the leaver's, or bears their name; it is said to be another's, and does not show it."""
    absent_at: datetime | None = None
    """When an instrument looked at all accounts of its place and did not find it, if none told of it since."""
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
        return Doubt(door.ref, "was_theirs" if door.formerly else "still_open")
    if not door.measurable:
        return None if door.ref in signed else Doubt(door.ref, "closing_unsigned")
    return _unseen(door, since)


def _unseen(door: Door, since: datetime) -> Doubt | None:
    """Why nothing shows it closed, where it is not known to be open."""
    if door.absent_at is not None and door.absent_at >= since:
        return Doubt(door.ref, "listed_though_gone")
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
