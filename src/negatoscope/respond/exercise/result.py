"""What an exercise showed: each thing that its scenario expects, held against the log. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from negatoscope.model.incident import Entry, Incident, Sent
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.scenario import Expected, Scenario
from negatoscope.respond.exercise.signs import first


class Mark(StrEnum):
    """How one expectation was met."""

    MET = "met"
    LATE = "late"
    """Done, after its time."""
    DISORDERED = "disordered"
    """Done, after something that it should precede."""
    MISSED = "missed"
    WAITED = "waited"
    """There is still time."""
    UNASKED = "unasked"
    """What it answers to never came: it does not count."""


@dataclass(frozen=True, slots=True)
class Line:
    """One expectation, and what became of it. ``entry``: what met it, or what it should have preceded."""

    expected: Expected
    mark: Mark
    entry: Entry | None = None
    due: datetime | None = None
    """Its last instant, by the exercise's clock."""


@dataclass(frozen=True, slots=True)
class Result:
    """All of them, in the scenario's order."""

    lines: tuple[Line, ...]

    def count(self, *marks: Mark) -> int:
        """How many stand so."""
        return sum(line.mark in marks for line in self.lines)

    @property
    def settled(self) -> tuple[Line, ...]:
        """What may be told while it is played: what still waits would tell what is to come."""
        return tuple(line for line in self.lines if line.mark is not Mark.WAITED)

    @property
    def asked(self) -> int:
        """How many count."""
        return len(self.lines) - self.count(Mark.UNASKED)

    @property
    def met(self) -> int:
        """How many were met in time and in order."""
        return self.count(Mark.MET)

    @property
    def vital(self) -> tuple[Line, ...]:
        """Vital ones that were not met."""
        lost = {Mark.LATE, Mark.DISORDERED, Mark.MISSED}
        return tuple(line for line in self.lines if line.expected.vital and line.mark in lost)


def weigh(one: Incident, log: Sequence[Entry], real: datetime) -> Result:
    """Hold an exercise against its scenario, as of now; after its end nothing waits any more."""
    played = stage.scenario(one)
    if played is None:
        return Result(())
    now = stage.showing(one, real)
    return Result(tuple(_line(_Played(one, log, played, now), each) for each in played.expected))


@dataclass(frozen=True, slots=True)
class _Played:
    one: Incident
    log: Sequence[Entry]
    scenario: Scenario
    now: datetime

    @property
    def over(self) -> bool:
        return self.one.finished is not None


def _line(told: _Played, each: Expected) -> Line:
    if each.since and each.since not in told.one.came:
        return Line(each, Mark.UNASKED if told.over else Mark.WAITED)
    due = _due(told, each)
    if each.never:
        return _never(told, each)
    met = first(told.one, told.log, each.any)
    if met is None:
        waits = not told.over and (due is None or told.now <= due)
        return Line(each, Mark.WAITED if waits else Mark.MISSED, None, due)
    sooner = first(told.one, told.log, each.before)
    if sooner is not None and sooner.place < met.place:
        return Line(each, Mark.DISORDERED, sooner, due)
    return Line(each, Mark.LATE if due is not None and _done(met) > due else Mark.MET, met, due)


def _never(told: _Played, each: Expected) -> Line:
    done = first(told.one, told.log, each.never)
    if done is not None:
        return Line(each, Mark.MISSED, done)
    return Line(each, Mark.MET if told.over else Mark.WAITED)


def _done(entry: Entry) -> datetime:
    """When it was done: of a notification, when it left."""
    return entry.word.at if isinstance(entry.word, Sent) else entry.at


def _due(told: _Played, each: Expected) -> datetime | None:
    """Until when. A duty that the incident does not owe has no last instant: it is missed at the end."""
    if each.duty:
        return next((debt.due for debt in told.one.debts if debt.duty == each.duty), None)
    if each.minutes is None:
        return None
    inject = told.scenario.named(each.since)
    begins = stage.comes(told.one, inject) if inject is not None else told.one.opened.at.astimezone(UTC)
    return begins + timedelta(minutes=each.minutes)
