"""Incidents: opened, told line by line, closed. Each line is written with its entry in the ledger, or not at all.

Several people write at once: nobody's words are lost, and who settles what another has just settled is told so.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from io import BufferedIOBase
from typing import Any

import msgspec

from negatoscope.flows import correcting
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.model.alert import Alert
from negatoscope.model.evidence import Ref
from negatoscope.model.exercise import Paced
from negatoscope.model.incident import (
    Answered,
    Attached,
    Clue,
    Dated,
    Entry,
    Frozen,
    Hit,
    Incident,
    Marked,
    Moment,
    Opened,
    Origin,
    Reckoned,
    Sent,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond import clues, corrected, wall
from negatoscope.respond.exercise.stage import showing
from negatoscope.respond.incident import Refused, check, read, since
from negatoscope.store import incidents
from negatoscope.store.queries import alerts
from negatoscope.store.queries import incidents as held

MOST_BYTES = 25 * 1024 * 1024
CHUNK = 1 << 20
HEADS = {"host": What.HOST, "account": What.ACCOUNT, "person": What.ACCOUNT}
"""What subjects of alerts are in an incident, by the head of their reference."""


class Taken(Exception):  # noqa: N818 -- what it is
    """Somebody settled the same after the form was shown. ``entry``: what they said."""

    def __init__(self, entry: Entry) -> None:
        """Keep who was first."""
        super().__init__(entry.place)
        self.entry = entry


@dataclass(frozen=True)
class Beginning:
    """What an incident is opened with. ``detected``: when it was first seen; ``None``: now."""

    title: str
    words: str = ""
    origin: Origin = Origin.HAND
    detected: datetime | None = None
    occurred: datetime | None = None
    alert: int | None = None
    cases: tuple[str, ...] = ()
    subjects: tuple[Ref, ...] = ()
    scenario: str = ""
    pace: Paced | None = None
    """Of an exercise: what it plays, and how its clock begins."""


@dataclass(frozen=True)
class Line:
    """What somebody adds. ``seen``: the newest entry that they had before them; ``once``: marks a form sent twice."""

    word: Word
    text: str = ""
    element: str = ""
    seen: int | None = None
    once: str | None = None
    at: datetime | None = None
    """By the clock of an exercise, where it came by itself: when it should have come."""


def open_incident(console: Console, told: Beginning, who: Handler) -> int:
    """Open an incident; returns its number. Its clocks run from now, until somebody says otherwise. Raises Refused.

    From an alert that opened one before: the number of that one.
    """
    with alone(console):
        number = held.of_alert(console.practice, told.alert) if told.alert is not None else None
        if number is not None:
            return number
        title = " ".join(told.title.split())[:200]
        if not title:
            raise Refused("wordless")
        now = console.clock()
        word = Opened(title, told.origin, told.alert, told.cases, told.scenario)
        number = incidents.begin(console.practice, word, now)
        at, real = (told.pace.at, now) if told.pace is not None else (now, None)
        first = Entry(1, at, who.operator, who.name, word, told.words, real=real)
        _write(console, number, first)
        log = [first]
        for more in _first_words(told, at):
            log += _add(console, number, log, Line(more), who)
        return number


def _first_words(told: Beginning, now: datetime) -> Sequence[Word]:
    """When it happened and was seen, that it is known, and what it is about."""
    detected = min(told.detected or now, now)
    words: list[Word] = [Dated(Moment.DETECTED, detected), Dated(Moment.AWARE, now)]
    if told.occurred is not None and told.occurred <= detected:
        words.insert(0, Dated(Moment.OCCURRED, told.occurred))
    clock: Sequence[Word] = [told.pace] if told.pace is not None else []
    return [*clock, *words, *map(_subject, told.subjects)]


def _subject(ref: Ref) -> Word:
    head, _slash, rest = ref.partition("/")
    with suppress(clues.Unlikely):
        if head == "address":
            return Marked(Clue.ADDRESS, clues.clue(Clue.ADDRESS, rest))
    return Touched(HEADS.get(head, What.DATA), ref, Hit.SUSPECTED)


def open_from_alert(console: Console, number: int, title: str, who: Handler, words: str = "") -> int:
    """Open an incident from an alert: its subject, cases and times are carried over. Raises Refused."""
    one = alerts.alert(console.practice, number)
    if one is None:
        raise Refused("unknown")
    return open_incident(console, replace(_from(one, title), words=words), who)


def _from(one: Alert, title: str) -> Beginning:
    parts = alerts.parts(one.number)
    return Beginning(
        title, origin=Origin.ALERT, detected=one.began, occurred=min((part.at for part in parts), default=None),
        alert=one.number, cases=tuple(part.case for part in parts), subjects=(one.subject,),
    )  # fmt: skip


def say(console: Console, number: int, line: Line, who: Handler) -> int:
    """Add a line to the log; returns its place. Raises Refused, Taken.

    What was said once with the same mark is not said again: the place of the first is returned.
    """
    with alone(console):
        log = held.entries(console.practice, number)
        if not log:
            raise Refused("unknown")
        before = incidents.written(number, line.once) if line.once else None
        if before is not None:
            return before
        first = None if line.seen is None else since(log, line.word, line.seen)
        if first is not None:
            raise Taken(first)
        return _add(console, number, log, line, who)[0].place


def weigh(console: Console, number: int, line: Line, who: Handler) -> None:
    """Refuse now what `say` would refuse, before hours are spent on it; nothing is written. Raises Refused."""
    log = held.entries(console.practice, number)
    if not log:
        raise Refused("unknown")
    before = read(number, log)
    check(before, log, _entry(console, before, line, who))


def _entry(console: Console, before: Incident, line: Line, who: Handler) -> Entry:
    now = console.clock()
    at, real = (line.at or showing(before, now), now) if before.exercise else (now, None)
    return Entry(before.last + 1, at, who.operator, who.name, line.word, line.text, line.element, real)


def _add(console: Console, number: int, log: Sequence[Entry], line: Line, who: Handler) -> list[Entry]:
    """Write a line, and what follows from it: what is owed now, that ``aware_at`` moves no more."""
    before = read(number, log)
    entry = _entry(console, before, line, who)
    check(before, log, entry)
    _write(console, number, entry, line.once)
    added = [entry]
    for word in _following(console, read(number, [*log, entry]), log, entry):
        added.append(replace(entry, place=added[-1].place + 1, word=word, text="", element=""))
        _write(console, number, added[-1])
    incidents.stands(read(number, [*log, *added]), entry.real or entry.at)
    return added


def _following(console: Console, one: Incident, log: Sequence[Entry], entry: Entry) -> list[Word]:
    word, aware = entry.word, one.moment(Moment.AWARE)
    struck = next((each.word for each in log if isinstance(word, Struck) and each.place == word.place), None)
    if isinstance(word, Sent) and aware is not None and not one.frozen:
        return [Frozen(aware)]
    if isinstance(word, Answered | Dated) or isinstance(struck, Answered | Dated):
        debts = corrected.kept(one, wall.reckoned(one, correcting.duties(console.practice)))
        return [Reckoned(debts)] if debts != one.debts else []
    return []


def _write(console: Console, number: int, entry: Entry, once: str | None = None) -> None:
    incidents.add(number, entry, once)
    kind = f"incident_{entry.word.__struct_config__.tag}"
    enter(console, entry.real or entry.at, kind, entry.who, {"incident": number, "entry": _said(entry)})


def _said(entry: Entry) -> dict[str, Any]:
    """An entry as the ledger keeps it; the hour of the world is said of what was written by another clock alone."""
    told: dict[str, Any] = msgspec.to_builtins(entry)
    return told if entry.real is not None else {name: said for name, said in told.items() if name != "real"}


def freeze_awareness(console: Console, number: int, who: Handler) -> None:
    """``aware_at`` moves no more: somebody outside was told it. Done twice, it is done once. Raises Refused."""
    with alone(console):
        one = incident(console, number)
        aware = one.moment(Moment.AWARE)
        if aware is None:
            raise Refused("unaware")
        if not one.frozen:
            _add(console, number, held.entries(console.practice, number), Line(Frozen(aware)), who)


def incident(console: Console, number: int) -> Incident:
    """What an incident's log says. Raises Refused: ``unknown``."""
    return read(number, held.entries(console.practice, number))


@dataclass(frozen=True)
class Document:
    """A file that somebody hands over."""

    name: str
    stream: BufferedIOBase
    why: str = ""


def attach(console: Console, number: int, file: Document, who: Handler, once: str | None = None) -> int:
    """Keep a document in the vault and say so in the log. Raises Refused: also where it is too large, or empty."""
    return say(console, number, Line(keep(console, file), file.why, once=once), who)


def keep(console: Console, file: Document) -> Attached:
    """Keep a document in the vault; what the log is to say of it. Raises Refused: it is too large, or empty."""
    size = 0
    with console.vault.writer() as writer:
        while chunk := file.stream.read(CHUNK):
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refused("too_large")
            writer.write(chunk)
        if not size:
            raise Refused("empty")
        digest = console.vault.keep(writer)
    name = "".join(sign for sign in file.name if sign.isprintable())[:200] or "document"
    return Attached(name, digest, size)
