"""The call tree on a day: whom to call, in which order, who answers in whose place, and where nobody would. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from negatoscope.model.continuity import Call
from negatoscope.model.evidence import Ref
from negatoscope.model.presence import Absence

DAY = timedelta(days=1)


def away(absences: Iterable[Absence], on: date) -> dict[Ref, date]:
    """Until when those who are away on a day are."""
    until: dict[Ref, date] = {}
    for one in absences:
        if one.begins_on <= on <= one.ends_on:
            until[one.person] = max(one.ends_on, until.get(one.person, one.ends_on))
    return until


def ordered(calls: Iterable[Call]) -> list[Call]:
    """The lines of the call list as they are called; those without a rank last."""
    return sorted(calls, key=lambda call: (call.order is None, call.order or 0, call.person))


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the tree on a day."""

    call: Call
    away_until: date | None
    """Last day of the absence of the person; ``None``: they are expected."""
    person_left: bool
    deputy_answers: bool
    """A deputy is named, belongs to the practice, and is not away."""

    @property
    def called(self) -> Ref | None:
        """Who is called first on this line; ``None``: nobody would answer."""
        if self.away_until is None and not self.person_left:
            return self.call.person
        return self.call.deputy if self.deputy_answers else None


def tree(calls: Iterable[Call], absences: Iterable[Absence], gone: Collection[Ref], on: date) -> tuple[Rung, ...]:
    """Lay the call list out for one day; ``gone``: those who left the practice."""
    until = away(absences, on)
    return tuple(
        Rung(
            call,
            until.get(call.person),
            call.person in gone,
            call.deputy is not None and call.deputy not in gone and call.deputy not in until,
        )
        for call in ordered(calls)
    )


def uncovered(call: Call, absences: Collection[Absence], first: date, days: int) -> date | None:
    """First of so many days on which neither the person nor a deputy of theirs is expected."""
    asked = [one for one in absences if one.person in {call.person, call.deputy}]
    every = (first + n * DAY for n in range(days))
    return next((day for day in every if tree((call,), asked, (), day)[0].called is None), None)


def numbers(call: Call) -> tuple[str, ...]:
    """The different telephone numbers of a line, in the order in which they are tried."""
    told = {"".join(filter(str.isdecimal, said)): said for said in (call.other_phone, call.phone) if said}
    return tuple(reversed(told.values()))
