"""The wall of clocks: what is owed to whom until when, how much time is left, and when somebody is reminded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from negatoscope.model.incident import Answered, Incident, Moment, Owes, Sent, Stage
from negatoscope.respond.duty import Answer, Answers, Duty, Owed, Question, duties, owing

HOURS = 72
MARKS = (24, 48, 60, 70)
"""Hours of a clock of 72 at which somebody is reminded; of a shorter or longer one the same parts of it."""
LATE = "late"
AGAIN = timedelta(hours=24)
"""Where the law gives no figure somebody is reminded once, after so long."""
FIRST = "24"
REST = "rest"
"""What is missing from an initial notification is expected: told a day before."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One duty in one incident. ``sent``: when somebody was told; ``due`` ``None``: the law gives no figure."""

    duty: Duty
    owed: Owed
    since: datetime
    due: datetime | None
    sent: datetime | None
    receipt: str
    awaited: datetime | None = None
    """The first notification was an initial one, and nothing followed yet: until when it should, if possible."""

    @property
    def ends(self) -> datetime | None:
        """The next last instant: of the first notification, then of what should follow it."""
        return self.due if self.sent is None else self.awaited

    def left(self, now: datetime) -> timedelta | None:
        """How much time remains; negative once it is late."""
        return None if self.due is None else self.due - now

    def late(self, now: datetime) -> bool:
        """The instant passed before somebody was told."""
        return self.due is not None and (self.sent or now) > self.due


def answers(one: Incident) -> Answers:
    """What was answered, as duties read it."""
    said = (entry.word for entry in one.answers.values())
    told = {word.question: Answer(word.answer) for word in said if isinstance(word, Answered)}
    return {name: told[name] for name in _questions() if name in told}


def _questions() -> tuple[Question, ...]:
    return get_args(Question)


def reckoned(one: Incident, known: Sequence[Duty] | None = None) -> tuple[Owes, ...]:
    """What is owed by what was said until now; nothing while nobody said when the practice knew."""
    aware = one.moment(Moment.AWARE)
    if aware is None:
        return ()
    debts = owing(answers(one), aware, known)
    return tuple(Owes(debt.duty.id, debt.owed.value, debt.since, debt.due) for debt in debts)


def clocks(one: Incident, known: Sequence[Duty] | None = None) -> tuple[Clock, ...]:
    """Clocks that run or ran: those with the least time left first, doubtful ones too, told ones last."""
    every, sent = {duty.id: duty for duty in (duties() if known is None else known)}, _sent(one)
    found = []
    for owes in one.debts:
        if owes.since is not None and owes.duty in every:
            duty, (since, due) = every[owes.duty], _absolute(owes.since, owes.due)
            at, receipt = sent.get(owes.duty, (None, ""))
            found.append(Clock(duty, Owed(owes.owed), since, due, at, receipt, _awaited(one, duty)))
    return tuple(sorted(found, key=_urgency))


def _absolute(since: datetime, due: datetime | None) -> tuple[datetime, datetime | None]:
    """In UTC: between two instants of Paris Python reckons by the wall, an hour off when clocks change."""
    return since.astimezone(UTC), due.astimezone(UTC) if due else None


def _urgency(clock: Clock) -> tuple[bool, bool, bool, float]:
    timed = clock.due.timestamp() if clock.due else 0.0
    return clock.sent is not None, clock.due is None, clock.owed is Owed.DOUBTFUL, timed


def _sent(one: Incident) -> dict[str, tuple[datetime, str]]:
    """The first notification of each duty: complements come after."""
    found: dict[str, tuple[datetime, str]] = {}
    for word in (entry.word for entry in one.sent if isinstance(entry.word, Sent)):
        found.setdefault(word.duty, (word.at, word.receipt))
    return found


def _awaited(one: Incident, duty: Duty) -> datetime | None:
    """Until when the rest should follow an initial notification after which nothing left."""
    words = [entry.word for entry in one.sent if isinstance(entry.word, Sent) and entry.word.duty == duty.id]
    if duty.complement_hours is None or [word.stage for word in words] != [Stage.INITIAL]:
        return None
    return words[0].at + timedelta(hours=duty.complement_hours)


def marks(clock: Clock) -> Iterator[tuple[str, datetime]]:
    """When somebody is reminded, and the instant after which it is late."""
    if clock.due is None:
        yield FIRST, clock.since + AGAIN
        return
    length = clock.due - clock.since
    for hours in MARKS:
        yield str(hours), clock.since + length * hours / HOURS
    yield LATE, clock.due


def ringing(
    one: Incident, now: datetime, known: Sequence[Duty] | None = None
) -> Iterator[tuple[Clock, tuple[str, ...]]]:
    """Clocks with marks that passed and that nobody was told of yet, in order; once told, of what should follow."""
    for clock in clocks(one, known):
        coming = marks(clock) if clock.sent is None else _rest(clock)
        due = tuple(m for m, at in coming if at <= now and (clock.duty.id, m) not in one.reminded)
        if due:
            yield clock, due


def _rest(clock: Clock) -> Iterator[tuple[str, datetime]]:
    if clock.awaited is not None:
        yield REST, clock.awaited - AGAIN
