"""An incident read from its log, and what may be said next. Pure: the log is given, the refusal is a code."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from negatoscope.model.containing import Contained
from negatoscope.model.custody import Collected, Compared, Inquired, Passed
from negatoscope.model.evidence import Ref
from negatoscope.model.exercise import Chosen, Finished, Injected, Kept, Paced, Staged
from negatoscope.model.incident import (
    Answered,
    Asked,
    Attached,
    Chained,
    Dated,
    Decided,
    Done,
    Entry,
    Filled,
    Followed,
    Frozen,
    Gesture,
    Incident,
    Marked,
    Moment,
    Moved,
    Named,
    Noted,
    Opened,
    Part,
    Reckoned,
    Reminded,
    Role,
    Sent,
    Stage,
    State,
    Stated,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond import containment, custody, dossier, reflex
from negatoscope.respond.closing import TAKES, missing
from negatoscope.respond.duty import QUESTIONS, Answer, duties
from negatoscope.respond.exercise import stage

AHEAD = timedelta(minutes=5)
"""How far another's clock may run before ours."""
STRIKABLE = (
    Noted, Dated, Named, Asked, Done, Touched, Marked, Decided, Attached, Collected, Passed, Answered, Followed, Stated,
    Sent, Filled,
)  # fmt: skip
ALWAYS = (Noted, Moved, Attached, Struck, Chained, *get_args(Staged))
"""What may be said of a closed incident."""


class Refused(Exception):  # noqa: N818 -- what it is
    """This cannot be said of the incident now. ``code``: why; ``missing``: what closing still lacks."""

    def __init__(self, code: str, missing: tuple[tuple[str, Ref], ...] = ()) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.missing = code, missing


@dataclass
class _Reading:
    """What was read so far."""

    state: State = State.OPEN
    moments: dict[Moment, Entry] = field(default_factory=dict)
    roles: dict[Role, Entry] = field(default_factory=dict)
    answers: dict[str, Entry] = field(default_factory=dict)
    statements: dict[tuple[Part, Ref], Entry] = field(default_factory=dict)
    followed: dict[str, Entry] = field(default_factory=dict)
    touched: dict[tuple[What, Ref], Entry] = field(default_factory=dict)
    tasks: list[Entry] = field(default_factory=list)
    done: dict[int, Entry] = field(default_factory=dict)
    clues: list[Entry] = field(default_factory=list)
    sent: list[Entry] = field(default_factory=list)
    filled: list[Entry] = field(default_factory=list)
    pieces: list[Entry] = field(default_factory=list)
    handled: list[Entry] = field(default_factory=list)
    debts: tuple[Any, ...] = ()
    reminded: set[tuple[str, str]] = field(default_factory=set)
    frozen: bool = False
    paces: list[Entry] = field(default_factory=list)
    came: dict[str, Entry] = field(default_factory=dict)
    chosen: dict[str, Entry] = field(default_factory=dict)
    ends: dict[type, Entry] = field(default_factory=dict)
    contained: list[Entry] = field(default_factory=list)
    inquired: list[Entry] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        """Add what one entry says."""
        match entry.word:
            case Moved(to):
                self.state = to
            case Reckoned(debts):
                self.debts = debts
            case Reminded(duty, mark):
                self.reminded.add((duty, mark))
            case Frozen():
                self.frozen = True
            case word:
                self._keep(entry, word)

    def _keep(self, entry: Entry, word: Word) -> None:
        shelf = _SHELVES.get(type(word))
        if shelf is not None:
            name, key = shelf
            place = getattr(self, name)
            if key is None:
                place.append(entry)
            else:
                place[key(word)] = entry


_SHELVES: Mapping[type, tuple[str, Callable[[Any], Any] | None]] = {
    Dated: ("moments", lambda word: word.which),
    Named: ("roles", lambda word: word.role),
    Answered: ("answers", lambda word: word.question),
    Followed: ("followed", lambda word: word.step),
    Stated: ("statements", lambda word: (word.part, word.host)),
    Touched: ("touched", lambda word: (word.what, word.name)),
    Done: ("done", lambda word: word.place),
    Asked: ("tasks", None),
    Marked: ("clues", None),
    Sent: ("sent", None),
    Filled: ("filled", None),
    Collected: ("pieces", None),
    Passed: ("handled", None),
    Compared: ("handled", None),
    Contained: ("contained", None),
    Inquired: ("inquired", None),
    Paced: ("paces", None),
    Injected: ("came", lambda word: word.inject),
    Chosen: ("chosen", lambda word: word.inject),
    Finished: ("ends", type),
    Kept: ("ends", type),
}
"""Where each word is kept, and under what; nothing: each of them stands beside the others."""


def read(number: int, entries: Sequence[Entry]) -> Incident:
    """What a log says, from its first entry on. Raises Refused: ``unknown`` where it is empty."""
    if not entries or not isinstance(entries[0].word, Opened):
        raise Refused("unknown")
    struck = {entry.word.place: entry for entry in entries if isinstance(entry.word, Struck)}
    found = _Reading()
    for entry in entries:
        if entry.place not in struck:
            found.take(entry)
    first = entries[0].word
    return Incident(
        number, entries[0], first.title, first.origin, first.alert, found.state, entries[-1].place,
        found.moments, found.roles, found.answers, found.statements, found.touched, tuple(found.tasks), found.done,
        tuple(found.clues), tuple(found.sent), found.debts, frozenset(found.reminded), found.frozen, struck,
        found.followed, tuple(found.filled), tuple(found.pieces), tuple(found.handled), tuple(found.paces), found.came,
        found.chosen, found.ends.get(Finished), found.ends.get(Kept), tuple(found.contained),
        tuple(found.inquired),
    )  # fmt: skip


def about(word: Word) -> tuple[str, ...]:
    """What a word settles, so that two who settle the same at once are told; empty: it collides with none."""
    if isinstance(word, Moved):
        return ("state",)
    shelf = _SHELVES.get(type(word))
    return () if shelf is None or shelf[1] is None else (shelf[0], str(shelf[1](word)))


def since(entries: Iterable[Entry], word: Word, seen: int) -> Entry | None:
    """The newest entry that settles the same and that whoever says this has not seen."""
    what = about(word)
    newer = (entry for entry in entries if entry.place > seen and what and about(entry.word) == what)
    return max(newer, key=lambda entry: entry.place, default=None)


def check(one: Incident, entries: Sequence[Entry], entry: Entry) -> None:
    """Refuse what cannot be said of an incident now. Raises Refused."""
    staged = stage.refusal(one, entry.word)
    if staged is not None:
        raise Refused(staged)
    if one.state is State.CLOSED and not isinstance(entry.word, ALWAYS):
        raise Refused("closed")
    match entry.word:
        case Moved(to):
            _moved(one, to, entry.text)
        case Dated():
            _dated(one, entry.word, entry)
        case Struck(place):
            _struck(one, entries, place, entry.text)
        case Done(place):
            _done(one, place)
        case word:
            _said(one, word, entry)


def _said(one: Incident, word: Word, entry: Entry) -> None:
    match word:
        case Stated(part, how) if how not in TAKES[part]:
            raise Refused("how")
        case Answered(question, answer) if question not in QUESTIONS or answer not in tuple(Answer):
            raise Refused("answer")
        case Followed(step, gesture):
            _followed(step, gesture, entry.text)
        case Sent():
            _sent(one, word, entry)
        case Filled() if not dossier.fits(word):
            raise Refused("field")
        case Collected() | Passed() | Compared() | Contained():
            _kept(one, word, entry.text)
    if isinstance(word, Noted | Stated | Asked) and not entry.text.strip():
        raise Refused("wordless")


def _kept(one: Incident, word: Collected | Passed | Compared | Contained, why: str) -> None:
    code = containment.refusal(one, word, why) if isinstance(word, Contained) else custody.refusal(one, word, why)
    if code is not None:
        raise Refused(code)


def _followed(step: str, gesture: Gesture, why: str) -> None:
    if gesture not in reflex.takes(step):
        raise Refused("gesture")
    if reflex.reasoned(step, gesture) and not why.strip():
        raise Refused("wordless")


def _moved(one: Incident, to: State, why: str) -> None:
    """Onwards as far as recovered; closed from there alone, with nothing missing; back with a reason."""
    if to is one.state:
        raise Refused("there_already")
    if to.rank < one.state.rank:
        if not why.strip():
            raise Refused("wordless")
        return
    if to is State.CLOSED:
        if one.state is not State.RECOVERED:
            raise Refused("not_recovered")
        lacks = missing(one)
        if lacks:
            raise Refused("incomplete", lacks)


def _dated(one: Incident, word: Dated, entry: Entry) -> None:
    if word.which is Moment.AWARE and one.frozen:
        raise Refused("frozen")
    if word.at > entry.at + AHEAD:
        raise Refused("ahead")
    _ordered(replace(one, moments={**one.moments, word.which: entry}))


def _ordered(one: Incident) -> None:
    """It happens, then it is seen, then it is known."""
    said = [_minute(at) for at in map(one.moment, Moment) if at is not None]
    if said != sorted(said):
        raise Refused("order")


def _minute(at: datetime) -> datetime:
    """People say instants by the minute: two of the same minute stand in any order."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _struck(one: Incident, entries: Sequence[Entry], place: int, why: str) -> None:
    """A strike stays; so do what opened the incident, its states, and what time did."""
    entry = next((each for each in entries if each.place == place), None)
    if entry is None or place in one.struck or not isinstance(entry.word, STRIKABLE):
        raise Refused("not_strikable")
    if not why.strip():
        raise Refused("wordless")
    if isinstance(entry.word, Dated):
        if entry.word.which is Moment.AWARE and one.frozen:
            raise Refused("frozen")
        left = [each for each in entries if each.place != place]
        _ordered(read(one.number, left))


def _done(one: Incident, place: int) -> None:
    if place in one.done or place not in {task.place for task in one.tasks}:
        raise Refused("no_task")


def _sent(one: Incident, word: Sent, entry: Entry) -> None:
    if word.duty not in {duty.id for duty in duties()}:
        raise Refused("duty")
    aware = one.moment(Moment.AWARE)
    if aware is None:
        raise Refused("unaware")
    if not _minute(aware) <= word.at <= entry.at + AHEAD:
        raise Refused("sent_when")
    before = [each.word for each in one.sent if isinstance(each.word, Sent) and each.word.duty == word.duty]
    if word.stage is Stage.COMPLEMENT and not before:
        raise Refused("no_first")
    if not before and _late(one, word) and not (word.reasons.strip() or entry.text.strip()):
        raise Refused("late")


def _late(one: Incident, word: Sent) -> bool:
    """It left after the last instant of a duty whose text asks why."""
    asks = {duty.id for duty in duties() if duty.late_asks_why}
    due = next((debt.due for debt in one.debts if debt.duty == word.duty), None)
    return word.duty in asks and due is not None and word.at > due
