"""Alerts go out by channels: written down with the step that they tell, sent once, tried again, given up in sight.

A message is carried by a process of its own whose answer is a file: the loop waits for nobody, and finds after a crash
what became of what was on its way. Only where that process too was killed before it could answer is a message sent a
second time, under the same key.
"""

import subprocess
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.views.decorators.debug import sensitive_variables

from negatoscope.flows import channels, correcting, lettering
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.canonical import sha256
from negatoscope.model.alert import Alert, AlertStep, Priority
from negatoscope.model.incident import State
from negatoscope.model.launch import Purpose
from negatoscope.respond.channels import courier
from negatoscope.respond.channels.message import Errand, Outcome
from negatoscope.respond.channels.ways import MAIL
from negatoscope.respond.incident import read
from negatoscope.respond.wall import LATE, REST, Clock, clocks
from negatoscope.store import channels as rows
from negatoscope.store import launches as rings
from negatoscope.store.channels import ChannelRow, DeliveryRow
from negatoscope.store.queries import alerts as held
from negatoscope.store.queries import channels as known
from negatoscope.store.queries import incidents, launches

AT_ONCE = 4
MOST = 50
"""Alerts that one message bears."""
TOLD = 8
"""Of which it tells so many, the most urgent first."""
TRIES = 9
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
NO_ANSWER = timedelta(seconds=courier.LONGEST)
KEPT = timedelta(days=400)
EVERY = timedelta(days=1)
KINDS = {Priority.HIGH: "failure", Priority.MEDIUM: "warning", Priority.LOW: "info"}


def write_down(console: Console, one: Alert, step: AlertStep, people: Collection[str], mark: str = "") -> int:
    """Write down by which channels a step of an alert is told, in the transaction of the step; returns how many.

    ``people``: to whom it falls, by reference or name; ``mark``: what tells this step from another of its kind.
    """
    hearing = [each for each in known.channels(console.practice) if each.hears(one.priority, step, people)]
    key = "/".join(filter(None, ("alert", str(one.number), step, mark)))
    return rows.write(hearing, one, step, key, console.clock()) if hearing else 0


@dataclass(frozen=True)
class Duty:
    """A mark on the clock of a duty in an incident."""

    incident: int
    duty: str
    mark: str


def remind(console: Console, told: Duty, people: Collection[str]) -> int:
    """Write down by which channels a mark is told, in the transaction of the mark; returns how many."""
    step = AlertStep.OVERDUE if told.mark == LATE else AlertStep.RAISED
    hearing = [one for one in known.channels(console.practice) if one.hears(Priority.HIGH, step, people)]
    fields = {"incident": told.incident, "duty": told.duty, "step": told.mark}
    key = f"incident/{told.incident}/{told.duty}/{told.mark}"
    return rows.write_duty(hearing, fields, key, console.clock()) if hearing else 0


@dataclass(frozen=True)
class Spoken:
    """What one delivery says, and how urgent it is."""

    rank: int
    due: datetime
    kind: str
    say: Callable[[str, str], str]
    """In a language, with the address of the console."""
    title: Callable[[str], str] | None = None
    """Its own title in a language, where it has one: it goes alone then."""


def _spoken(console: Console, row: DeliveryRow) -> Spoken | None:
    """What a delivery says now; ``None``: nothing any more, it was settled meanwhile."""
    if row.ring is not None:
        return _of_ring(console, row.ring, row.due_at)
    if row.incident is not None:
        return _of_duty(console, Duty(row.incident, row.duty, row.step), row.due_at)
    alert = held.alert(console.practice, row.alert or 0)
    if alert is None or not alert.open:
        return None
    return Spoken(alert.priority.rank, alert.due, KINDS[alert.priority], partial(lettering.called, alert, row.step))


def _of_ring(console: Console, ring: int, at: datetime) -> Spoken | None:
    """A call of the alert chain, while it goes on and they have not answered."""
    number = launches.of_ring(console.practice, ring)
    one = launches.launch(console.practice, number) if number is not None else None
    waits = one is not None and any(each.number == ring and each.answered_at is None for each in one.rings)
    if one is None or not one.running or not waits:
        return None
    url = lettering.answered_at(console.config.address, rings.ring(ring).token)
    kind = KINDS[Priority.HIGH if one.purpose is Purpose.REAL else Priority.LOW]

    def say(language: str, _base: str) -> str:
        return lettering.rung(one.purpose, url, language)

    return Spoken(0, at, kind, say, partial(lettering.headed, one.purpose))


def _of_duty(console: Console, told: Duty, at: datetime) -> Spoken | None:
    log = incidents.entries(console.practice, told.incident)
    one = read(told.incident, log) if log else None
    if one is None or one.state is State.CLOSED:
        return None
    running = clocks(one, correcting.duties(console.practice))
    clock = next((each for each in running if each.duty.id == told.duty and _waits(each, told.mark)), None)
    if clock is None:
        return None
    say = partial(lettering.reminded, told.incident, clock, told.mark)
    return Spoken(0, clock.ends or at, KINDS[Priority.HIGH], say)


def _waits(clock: Clock, mark: str) -> bool:
    """Whether what a mark reminds of is still to be done."""
    return clock.awaited is not None if mark == REST else clock.sent is None


def folder(console: Console) -> Path:
    """Where answers of messages on their way are."""
    return console.config.data / "spool" / "channels"


@dataclass
class Crier:
    """The loop's own memory: of processes that it started, by message. All else is in tables."""

    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    tidied: datetime | None = None

    def round(self, console: Console) -> None:
        """Note what became of messages on their way, and send what waits; nobody is waited for."""
        for letter, told in rows.going(console.practice).items():
            child = self.children.get(letter)
            _follow(console, letter, told, child.poll() is None if child else None)
        self.children = {letter: child for letter, child in self.children.items() if child.poll() is None}
        now = console.clock()
        for row in rows.ready(console.practice, now)[: max(0, AT_ONCE - len(self.children))]:
            self.children |= _send(console, row, now)
        if self.tidied is None or not timedelta() <= now - self.tidied < EVERY:
            self.tidied = now
            _forget(console, now)


def _forget(console: Console, now: datetime) -> None:
    """Let go of what was told long ago, and of answers that nobody waits for."""
    rows.forget(console.practice, now, KEPT)
    awaited = {_answer(console, letter, told[0].tries).name for letter, told in rows.going(console.practice).items()}
    for answer in folder(console).glob("*.json"):
        if answer.name not in awaited:
            answer.unlink(missing_ok=True)


def _follow(console: Console, letter: str, told: Sequence[DeliveryRow], lives: bool | None) -> None:  # noqa: FBT001 -- an observation
    """Settle a message that was answered, or that nobody answers for any more.

    ``lives``: whether the process that carries it is still at it, whatever clocks say; ``None``: another loop began it.
    """
    answer, now, began = _answer(console, letter, told[0].tries), console.clock(), told[0].began_at
    lost = not lives if lives is not None else began is None or not timedelta() <= now - began < NO_ANSWER
    outcome = courier.read(answer) or (courier.NO_ANSWER if lost else None)
    if outcome is not None:
        _settle(console, told, outcome)
        answer.unlink(missing_ok=True)


@sensitive_variables()
def _send(console: Console, row: ChannelRow, now: datetime) -> dict[str, "subprocess.Popen[bytes]"]:
    """Send one message by a channel, once it is written down; the process that carries it, if one does."""
    told = _worth_telling(console, rows.waiting(row.pk, now, MOST))
    if not told:
        return {}
    letter = told[0][0].letter or sha256(f"{row.practice_id}/{row.pk}/{told[0][0].pk}".encode())[:40]
    deliveries = [delivery for delivery, _alert in told]
    errand = _errand(row, told, letter, console.config.address)
    with alone(console):
        rows.begin(deliveries, letter, now)
    if row.service == MAIL:
        _settle(console, deliveries, channels.sent(console, row, errand))
        return {}
    url = channels.opened(console, row)
    if url is None:
        _settle(console, deliveries, channels.NOT_OPENED)
        return {}
    answer = _answer(console, letter, deliveries[0].tries)
    try:
        return {letter: courier.start(Errand(url, errand.title, errand.body, errand.kind, letter), answer)}
    except OSError:
        _settle(console, deliveries, courier.NO_ANSWER)
        return {}


def _worth_telling(console: Console, told: Sequence[DeliveryRow]) -> list[tuple[DeliveryRow, Spoken]]:
    """With what they say; what was settled meanwhile is told no more."""
    paired = [(one, _spoken(console, one)) for one in told]
    open_still = [(one, spoken) for one, spoken in paired if spoken is not None]
    if len(open_still) < len(paired):
        with alone(console):
            rows.spare([one for one, spoken in paired if spoken is None])
    return open_still


def _settle(console: Console, told: Sequence[DeliveryRow], outcome: Outcome) -> None:
    first, now = told[0], console.clock()
    said = {"channel": first.channel_id, "letter": first.letter, "keys": [one.key for one in told]}
    with alone(console):
        if not outcome.why:
            rows.sent(told, now)
            enter(console, now, "channel_sent", "console", said)
            return
        last = first.tries >= TRIES or not outcome.again
        wait = min(FIRST_WAIT * 2 ** (first.tries - 1), LONGEST_WAIT)
        rows.missed(told, outcome.why, None if last else now + wait)
        if last:
            enter(console, now, "channel_given_up", "console", {**said, "why": outcome.why})


def _errand(row: ChannelRow, told: Sequence[tuple[DeliveryRow, Spoken]], letter: str, base: str) -> Errand:
    """What is said: what, how urgent, until when, where to read on; nobody's name, and nothing of the logs."""
    ranked = sorted((spoken for _one, spoken in told), key=lambda one: (one.rank, one.due))
    lines = [one.say(row.language, base) for one in ranked[:TOLD]]
    title, body = lettering.call(lines, len(told), row.language, base)
    if ranked[0].title is not None:
        title = ranked[0].title(row.language)
    return Errand("", title, body, ranked[0].kind, letter)


def _answer(console: Console, letter: str, tries: int) -> Path:
    return folder(console) / f"{letter}-{tries}.json"
