"""What other settings of a situation would have told of the past weeks, beside what today's tell: a job, streamed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from negatoscope.flows import tuning
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.observing import Cancelled
from negatoscope.flows.recording import alone
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tuning import Tuner, Wish
from negatoscope.model.event import Told
from negatoscope.model.tuning import Tuning
from negatoscope.store import jobs
from negatoscope.watch import tuning as made_of
from negatoscope.watch.behaviours import five
from negatoscope.watch.detection import Detection
from negatoscope.watch.known import Known

COUNTED = timedelta(days=30)
LEARNED = timedelta(days=60)
"""Days before the counted ones, from which a habit is learned: eight weeks say on which days somebody never comes."""
MOST = 10_000
"""Alerts that are told apart; beyond it there are only more."""
SHOWN = 10
EVENTS = 2_000
"""Between two questions whether to stop."""


@dataclass
class Tally:
    """The alerts of one choice of settings, by their case."""

    cases: dict[str, Detection] = field(default_factory=dict)
    more: bool = False

    def add(self, found: Detection) -> None:
        """Count a detection, if it is of a new case."""
        if found.case in self.cases or len(self.cases) < MOST:
            self.cases[found.case] = found
        else:
            self.more = True

    def but(self, other: "Tally") -> list[dict[str, str]]:
        """The newest alerts that the other choice would not have raised."""
        own = sorted((one for case, one in self.cases.items() if case not in other.cases), key=lambda one: one.at)
        told = reversed(own[-SHOWN:])
        return [{"reason": one.reason, "subject": one.subject, "at": one.at.isoformat()} for one in told]


@dataclass(frozen=True)
class Following:
    """How whoever asked follows a preview: asks it to stop, and sees it advance by days."""

    cancelled: Callable[[], bool]
    progress: Callable[[int, int], object]


def ask(console: Console, wish: Wish, who: Tuner) -> int:
    """Queue a preview; returns the job's number. Raises NotTuned."""
    wish = tuning.checked(console, wish)
    settings = {"behaviour": wish.behaviour, "site": wish.site, "on": wish.on, "changed": dict(wish.changed)}
    with alone(console):
        return jobs.ask_preview(console.practice, console.clock(), who.operator, settings)


def wish_of(settings: dict[str, Any]) -> Wish:
    """The wish that a job was asked with."""
    changed = {name: tuple(value) if isinstance(value, list) else value for name, value in settings["changed"].items()}
    return Wish(settings["behaviour"], settings["site"], settings["on"], changed)


def preview(console: Console, wish: Wish, following: Following) -> dict[str, Any]:
    """Weigh past events with today's settings and with the wished ones; returns what both tell. Raises Cancelled."""
    register, now = StoredRegister(console.practice), console.clock()
    held = register.seen(Tuning).facts
    others = [one for one in held if (one.behaviour, one.site) != (wish.behaviour, wish.site)]
    wished = Tuning(wish.behaviour, "", "", now, wish.site, wish.on, dict(wish.changed))
    each = (made_of.made(held), made_of.made([*others, wished]))
    tallies, spared = (Tally(), Tally()), tuning.spared(register)
    known = Known.of(lambda kind: register.seen(kind).facts)
    past = _past(console, wish.behaviour, now, following)
    for which, found in five.preview(wish.behaviour, past, known, each):
        if found.came >= now - COUNTED and any(spared.rest([found])):
            tallies[which].add(found)
    today, then = tallies
    days = _days(console, now)
    return {
        "today": len(today.cases), "then": len(then.cases), "more": today.more or then.more,
        "gone": today.but(then), "new": then.but(today),
        "days": min(COUNTED.days, (now.date() - days[0]).days + 1) if days else 0,
    }  # fmt: skip


def _days(console: Console, now: datetime) -> list[date]:
    first = (now - COUNTED - LEARNED).astimezone(UTC).date()
    return [day for day in store(console).days() if day >= first]


def _past(console: Console, behaviour: str, now: datetime, following: Following) -> Iterator[Told]:
    """What a behaviour asks for of the past days, in order, and no more in memory than what is being read."""
    days, kept = _days(console, now), store(console)
    actions = five.asked(behaviour)
    for number, day in enumerate(days):
        following.progress(number, len(days))
        yield from _stopped(kept.of_day(day, actions), following)
    following.progress(len(days), len(days))


def _stopped(events: Iterable[Told], following: Following) -> Iterator[Told]:
    for number, told in enumerate(events):
        if number % EVENTS == 0 and following.cancelled():
            raise Cancelled
        yield told
