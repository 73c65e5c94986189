"""Alerts: raised once from what detectors saw, handled by people, and told louder as time passes; nothing twice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from negatoscope.flows import calling, notifying, reaching
from negatoscope.flows.console import Console
from negatoscope.flows.notifying import Telling
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.weighing import weighty
from negatoscope.kit.clock import PARIS
from negatoscope.model.alert import Alert, AlertOutcome, AlertState, AlertStep, Part, Priority
from negatoscope.model.continuity import Call
from negatoscope.model.presence import Absence
from negatoscope.prove.telling import Book, Concern, Kind
from negatoscope.store import alerts, channels, notices
from negatoscope.store.notices import MailRow, Notice
from negatoscope.store.queries import alerts as held
from negatoscope.store.roles import Role
from negatoscope.watch import triage
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.triage import Weighty

CONSOLE = "console"
EVERY = timedelta(minutes=1)
MORNING, EVENING = 7, 20
"""Hours of Paris between which what is not urgent may be told."""


class NotHandled(Exception):  # noqa: N818 -- what it is
    """An alert cannot take this step. ``code``: ``unknown``, ``closed``, ``unexplained``."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Handler:
    """Whoever acts: as the ledger names them, and as others call them."""

    operator: str
    name: str


def raise_from(
    console: Console, detections: Iterable[Detection], weigh: Callable[[StoredRegister], Weighty] = weighty
) -> int:
    """Raise alerts, or let those that stand grow; the same detections again change nothing. Returns how many began.

    What is only informational raises none. Each detection is one transaction: after a crash, telling all of them again
    does the rest. Where an alert was closed and its case goes on, a new alert begins, and its clock with it.
    """
    known, weights, begun = StoredRegister(console.practice), None, 0
    for one in detections:
        if one.level is Level.INFORMATIONAL:
            continue
        weights = weights or weigh(known)
        with alone(console):
            begun += _told(console, one, weights)
    return begun


def _told(console: Console, one: Detection, weights: Weighty) -> bool:
    """Keep what one detection adds; whether an alert began."""
    before, number = alerts.counted(console.practice, one.case)
    if one.count <= before:
        return False
    now, mark = console.clock(), triage.mark_of(one)
    number = number or alerts.standing(console.practice, mark)
    begun = number is None
    if number is None:
        began = now if before else one.came
        opening = alerts.Opening(mark, one.kind.value, one.code, one.subject, began, triage.due(began), one.level.value)
        number = alerts.begin(console.practice, opening)
    was = held.alert(console.practice, number)
    level = max(one.level, Level(was.level) if was else one.level, key=lambda each: each.rank)
    because = tuple(dict.fromkeys((*(was.because if was else ()), *weights.reasons(triage.touched(one)))))
    priority = triage.priority(level, because)
    part = Part(one.case, one.reason, one.at, one.came, one.count, one.keys, one.usual, one.seen)
    weight = {"level": level.value, "because": list(because), "priority": priority.value, "last": now}
    alerts.grow(number, part, before, weight)
    if begun:
        enter(console, now, "alert_raised", CONSOLE, {"alert": number, "mark": mark, "keys": list(one.keys)})
        _step(console, number, AlertStep.RAISED, now)
    elif was and priority.rank < was.priority.rank:
        alerts.note(number, AlertStep.GREW, now)
        channels.hurry(number, now)
    return begun


def take(console: Console, number: int, who: Handler) -> None:
    """Somebody takes an alert on. Raises NotHandled."""
    _hand(console, number, who.name, who, AlertStep.TAKEN)


def hand_on(console: Console, number: int, to: str, who: Handler) -> None:
    """Give an alert to somebody else, who is told. Raises NotHandled."""
    _hand(console, number, to, who, AlertStep.HANDED)


def _hand(console: Console, number: int, owner: str, who: Handler, step: AlertStep) -> None:
    with alone(console):
        one, now = _open(console, number), console.clock()
        alerts.change(number, state=AlertState.TAKEN, owner=owner[:200], taken_at=one.taken_at or now)
        alerts.note(number, step, now, who=who.operator, note=owner if step is AlertStep.HANDED else "")
        enter(console, now, f"alert_{step}", who.operator, {"alert": number, "owner": owner})
        if step is AlertStep.HANDED:
            notice = Notice(f"alert/{number}/handed/{now.isoformat()}", "alert_handed", _values(one))
            notifying.tell(console, [Telling(notice, Concern(Kind.ALERT, Role.OPERATOR, (owner,)))])
            book = reaching.book(console, MailRow(), StoredRegister(console.practice), now)
            calling.write_down(console, one, step, _names(book, (owner,)), now.isoformat())


def comment(console: Console, number: int, text: str, who: Handler) -> None:
    """Say something about an alert, closed ones too. Raises NotHandled."""
    with alone(console):
        if held.alert(console.practice, number) is None:
            raise NotHandled("unknown")
        now = console.clock()
        alerts.note(number, AlertStep.COMMENTED, now, who=who.operator, note=text)
        enter(console, now, "alert_commented", who.operator, {"alert": number, "text": text})


def close(console: Console, number: int, outcome: AlertOutcome, conclusion: str, who: Handler) -> None:
    """Say what it was, and end it. Raises NotHandled: also where nobody says why."""
    close_together(console, (number,), outcome, conclusion, who)


def close_together(
    console: Console, numbers: Iterable[int], outcome: AlertOutcome, conclusion: str, who: Handler
) -> None:
    """End several at the same instant, for one reason: all of them or none. Raises NotHandled."""
    why = conclusion.strip()
    if not why:
        raise NotHandled("unexplained")
    with alone(console):
        now, ended = console.clock(), {"closed_by": who.name[:200], "outcome": outcome, "conclusion": why}
        for number in numbers:
            one = _open(console, number)
            owner = one.owner or who.name[:200]
            alerts.change(number, state=AlertState.CLOSED, owner=owner, closed_at=now, **ended)
            alerts.note(number, AlertStep.CLOSED, now, who=who.operator, note=why)
            said = {"alert": number, "outcome": outcome, "conclusion": conclusion}
            enter(console, now, "alert_closed", who.operator, said)


def reopen(console: Console, numbers: Iterable[int], who: Handler) -> int:
    """Take back that these were closed; their clocks were never stopped. Returns how many are open again.

    One whose like goes on in an open alert stays closed: that alert is the one to handle.
    """
    again = 0
    with alone(console):
        now = console.clock()
        for number in numbers:
            if alerts.open_again(console.practice, number):
                alerts.note(number, AlertStep.REOPENED, now, who=who.operator)
                enter(console, now, "alert_reopened", who.operator, {"alert": number})
                again += 1
    return again


def _open(console: Console, number: int) -> Alert:
    one = held.alert(console.practice, number)
    if one is None:
        raise NotHandled("unknown")
    if not one.open:
        raise NotHandled("closed")
    return one


@dataclass
class Rounds:
    """The loop's own memory of when it last looked at the clocks of alerts."""

    looked: datetime | None = None

    def round(self, console: Console) -> None:
        """Take the steps that time has brought, once a minute at most."""
        now = console.clock()
        if self.looked is None or not timedelta() <= now - self.looked < EVERY:
            self.looked = now
            escalate(console)


def escalate(console: Console) -> int:
    """Take the steps that time has brought; each is taken and told once. Returns how many alerts moved.

    Where a stop of the console made several due at once, all are noted and the last one is told.
    """
    if not any(_waiting(console)):
        return 0
    with alone(console):
        moved = list(_waiting(console))
        for one, steps in moved:
            for step in steps[:-1]:
                alerts.note(one.number, step, console.clock(), once=step)
            _step(console, one.number, steps[-1], console.clock())
    return len(moved)


def _waiting(console: Console) -> Iterator[tuple[Alert, list[AlertStep]]]:
    now, standing = console.clock(), held.standing(console.practice)
    taken = alerts.taken(one.number for one in standing)
    for one in standing:
        steps = list(triage.steps_due(one, taken.get(one.number, frozenset()), now))
        if steps:
            yield one, steps


def _step(console: Console, number: int, step: AlertStep, now: datetime) -> None:
    """Note a step of time and write down who is told of it, in one transaction: neither without the other."""
    one = _open(console, number)
    reached = _tell(console, one, step, now)
    alerts.note(number, step, now, once=step, reached=reached)
    if step is not AlertStep.RAISED:
        enter(console, now, f"alert_{step}", CONSOLE, {"alert": number, "reached": reached})


def _tell(console: Console, one: Alert, step: AlertStep, now: datetime) -> int:
    """Write down who is told, by mail and by channels; returns how many. Without a way out nobody is."""
    way = notices.mail(console.practice)
    mails = way is not None and way.active
    if not mails and not channels.exist():
        return 0
    known = StoredRegister(console.practice)
    chain = triage.called(step, known.seen(Call).facts, known.seen(Absence).facts, now.astimezone(PARIS).date())
    book = reaching.book(console, way or MailRow(), known, now)
    people = tuple(filter(None, (one.owner, *chain)))
    reached = calling.write_down(console, one, step, _names(book, people))
    return reached + (_mail(console, one, step, book, people) if mails else 0)


def _mail(console: Console, one: Alert, step: AlertStep, book: Book, people: tuple[str, ...]) -> int:
    """Write mails down; where no server takes them none is, and those of old alerts never leave later."""
    now, calm = console.clock(), one.priority is Priority.LOW
    kind = Kind.CALM if calm else Kind.ALERT
    notice = Notice(f"alert/{one.number}/{step}", f"alert_{step}", _values(one))
    tellings = [Telling(notice, Concern(kind, Role.OPERATOR, people))] if people else []
    if step is not AlertStep.AFTER_4 or not people:
        role = Role.OPERATOR if step in {AlertStep.RAISED, AlertStep.AFTER_4} else Role.APPROVER
        tellings.append(Telling(notice, Concern(kind, role)))
    return notices.write(console.practice, notifying.addressed(book, tellings).told, waking(now) if calm else now)


def _names(book: Book, people: Iterable[str]) -> frozenset[str]:
    """All that these are called, in lower case."""
    told = [(one.casefold(), book.find(one)) for one in people]
    return frozenset(name for said, found in told for name in (said, *(found.names if found else ())))


def _values(one: Alert) -> dict[str, str | int]:
    return {"subject": one.subject, "alert": one.code, "kind": one.kind, "ident": one.number, "at": one.due.isoformat()}


def waking(now: datetime) -> datetime:
    """When what can wait may be told: now, or the next morning."""
    here = now.astimezone(PARIS)
    if MORNING <= here.hour < EVENING:
        return now
    day = here + timedelta(days=1) if here.hour >= EVENING else here
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
