"""The alert chain launched: who is called when, by which ways, when it is over, what it showed. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain as joined

from negatoscope.model.calltree import Rung
from negatoscope.model.channel import Channel
from negatoscope.model.continuity import Outcome
from negatoscope.model.evidence import Ref
from negatoscope.model.launch import Launch, LaunchState, Reach, Ring, System

WAIT = timedelta(minutes=10)
"""How long an answer is waited for where the call list says nothing."""
LATER = timedelta(minutes=2)
"""A mail leaves last: so long after other ways."""
VALID = timedelta(hours=24)
"""How long the addresses that people are sent take an answer."""


class Use(StrEnum):
    """What is made of a way."""

    USED = "used"
    UNSURE = "unsure"
    """Used, though nobody said what it depends on."""
    LEFT = "left"
    """Not used: it depends on what may be in other hands."""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel that reaches somebody, and whether it is used."""

    channel: int
    name: str
    use: Use
    needs: tuple[System, ...] = ()
    """Of what is suspect, that which it depends on."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Somebody to be called; ``after``: the launch; ``wait``: for their answer."""

    person: Ref
    lines: tuple[int, ...]
    instead: Ref | None
    after: timedelta
    wait: timedelta


@dataclass(frozen=True, slots=True)
class _Seat:
    """A place on a line, first or deputy."""

    line: int
    person: Ref
    instead: Ref | None
    after: timedelta
    wait: timedelta


def planned(rungs: Sequence[Rung], reach: Reach) -> tuple[Planned, ...]:
    """Who is called when. Who stands on several lines is called once, at the first of them, and answers for all."""
    seats = list(joined.from_iterable(_seats(line, rung) for line, rung in enumerate(rungs, start=1)))
    found: dict[Ref, Planned] = {}
    clock = timedelta()
    for seat in sorted(seats, key=lambda one: one.after) if reach is Reach.ALL else seats:
        before = found.get(seat.person)
        if before is not None:
            found[seat.person] = _besides(before, seat.line)
            continue
        after = seat.after if reach is Reach.ALL else clock
        found[seat.person] = Planned(seat.person, (seat.line,), seat.instead, after, seat.wait)
        clock += seat.wait
    return tuple(found.values())


def _seats(line: int, rung: Rung) -> list[_Seat]:
    call = rung.call
    wait = timedelta(minutes=call.wait) if call.wait else WAIT
    if rung.called is None:
        return []
    if rung.called != call.person:
        return [_Seat(line, rung.called, call.person, timedelta(), wait)]
    first = _Seat(line, call.person, None, timedelta(), wait)
    stands_in = call.deputy if rung.deputy_answers and call.deputy != call.person else None
    return [first, _Seat(line, stands_in, None, wait, wait)] if stands_in else [first]


def _besides(one: Planned, line: int) -> Planned:
    return Planned(one.person, tuple(sorted({*one.lines, line})), one.instead, one.after, one.wait)


def ways(channels: Iterable[Channel], names: Collection[str], suspect: frozenset[System]) -> tuple[Way, ...]:
    """By which channels somebody is told, mail last; ``names``: all that they are called, in lower case."""
    mine = [one for one in channels if one.active and one.of_person(names)]
    return tuple(_way(one, suspect) for one in sorted(mine, key=lambda one: (one.mails, one.name)))


def _way(one: Channel, suspect: frozenset[System]) -> Way:
    depends = one.depends
    needs = tuple(system for system in System if system in suspect and system in one.needs)
    if needs:
        return Way(one.number, one.name, Use.LEFT, needs)
    return Way(one.number, one.name, Use.UNSURE if suspect and depends is None else Use.USED)


def reached(rings: Iterable[Ring]) -> frozenset[int]:
    """Lines for which somebody answered."""
    return frozenset(line for ring in rings if ring.answered_at for line in ring.lines)


def due(one: Launch, now: datetime) -> list[Ring]:
    """Who is to be called now; nobody of a line that answered, nor anybody once one answered where one is enough."""
    if not one.running:
        return []
    there = reached(one.rings)
    waiting = [ring for ring in one.rings if ring.called_at is None and ring.answered_at is None and ring.due <= now]
    return [ring for ring in waiting if not set(ring.lines) <= there]


def late(one: Launch, ring: Ring, now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """After a stop of the console nobody's wait is shorter: the one who is called late, and those after them."""
    gap = max(now - ring.due, timedelta())
    after = [each for each in one.rings if each.place > ring.place and each.called_at is None]
    moved = [ring, *after] if one.reach is Reach.ONE else [ring]
    return {each.number: (each.due + gap, each.until + gap) for each in moved}


def ending(one: Launch, now: datetime) -> LaunchState | None:
    """What a launch has come to; ``None``: it goes on. Who was called has their time, also where another answered."""
    there = reached(one.rings)
    if one.reach is Reach.ONE and there:
        return LaunchState.ANSWERED
    silent = [ring for ring in one.rings if ring.answered_at is None]
    open_still = [ring for ring in silent if ring.called_at is not None or not set(ring.lines) <= there]
    if all(ring.until <= now for ring in open_still):
        return LaunchState.OVER
    return None


def hurried(one: Launch, missed: Ring, now: datetime) -> dict[int, tuple[datetime, datetime]]:
    """When the others are called, now that somebody did not pick up: by their number, from when until when."""
    left = [ring for ring in one.rings if ring.called_at is None and ring.number != missed.number]
    if one.reach is Reach.ONE:
        gained = max(missed.until - now, timedelta())
        return {ring.number: (ring.due - gained, ring.until - gained) for ring in left}
    mine = [ring for ring in left if set(ring.lines) & set(missed.lines) and ring.due > now]
    return {ring.number: (now, now + (ring.until - ring.due)) for ring in mine}


@dataclass(frozen=True, slots=True)
class Result:
    """What a launch showed. Times run from its beginning; ``None``: nobody answered."""

    first: timedelta | None
    last: timedelta | None
    lines: int
    reached: int
    silent: tuple[Ring, ...]
    """Who was called and did not answer."""

    @property
    def outcome(self) -> Outcome:
        """Every line, some, or none."""
        if self.reached == self.lines and self.lines:
            return Outcome.SUCCESS
        return Outcome.PARTIAL if self.reached else Outcome.FAILURE


def result(one: Launch) -> Result:
    """What a launch has shown so far."""
    answers = sorted(ring.answered_at - one.begun_at for ring in one.rings if ring.answered_at)
    silent = tuple(ring for ring in one.rings if ring.called_at and ring.answered_at is None)
    first, last = (answers[0], answers[-1]) if answers else (None, None)
    return Result(first, last, one.total, len(reached(one.rings)), silent)
