"""How long logs are kept, class by class: chosen with a reason; a shorter time waits, and can be undone meanwhile."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hunting import store
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tuning import ACT, Tuner
from negatoscope.model.retention import LAW, EventClass, LogKeeping, is_over

DELAY = timedelta(days=7)
"""How long a shorter time waits before anything is erased for it."""


class NotRetained(Exception):  # noqa: N818 -- what it is
    """Not taken. ``code``: ``unexplained``, ``out_of_bounds``, ``same``, ``nothing_to_undo``."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Loss:
    """What a shorter time will erase on the day on which it begins to hold, of what is kept now."""

    starts: datetime
    rows: int
    last: date | None
    """The last day of receipt that it will erase; ``None``: none."""


def settings(console: Console) -> tuple[LogKeeping, ...]:
    """What was chosen, by class; of a class that is not among them, nobody chose anything."""
    return StoredRegister(console.practice).seen(LogKeeping).facts


def of(console: Console, kind: EventClass) -> LogKeeping | None:
    """What was chosen for one class."""
    return next((one for one in settings(console) if one.kind is kind), None)


def loss(console: Console, kind: EventClass, days: int) -> Loss | None:
    """What keeping a class for so many days will erase that is kept today; ``None``: it is no shorter than today."""
    now, before = console.clock(), of(console, kind)
    held = before.at(now) if before else LAW.usual
    if days >= held:
        return None
    starts = now + DELAY
    on, place = starts.astimezone(UTC).date(), store(console)
    over = place.expired({kind: timedelta(days=days)}, on)
    more = [one for one in over if not is_over(one.day, timedelta(days=held), on)]
    return Loss(starts, sum(one.rows for one in more), max((one.day for one in more), default=None))


def choose(console: Console, kind: EventClass, days: int, reason: str, who: Tuner) -> LogKeeping:
    """Keep a class for so many days: longer at once, shorter after ``DELAY``. Raises NotRetained, DiskFull."""
    if not reason.strip():
        raise NotRetained("unexplained")
    if not LAW.least <= days <= LAW.most:
        raise NotRetained("out_of_bounds")
    now, before = console.clock(), of(console, kind) or _unchosen(kind)
    if days == before.days and not before.unjustified(now):
        raise NotRetained("same")
    held = before.at(now)
    former = (
        (before.reason, before.explained) if before.starts <= now else (before.former_reason, before.former_explained)
    )
    one = LogKeeping(
        kind,
        days,
        reason.strip(),
        who.name,
        now,
        now + DELAY if days < held else now,
        held,
        max(now.astimezone(UTC).date() - timedelta(days=held), before.gone_before),
        now,
        former[0],
        former[1] if former[0] else None,
    )
    declare(console, Said(who.operator, ACT), [one])
    return one


def _unchosen(kind: EventClass) -> LogKeeping:
    """What holds where nobody chose anything."""
    never = datetime.min.replace(tzinfo=UTC)
    return LogKeeping(kind, LAW.usual, "", "", never, never, LAW.usual, date.min, never)


def undo(console: Console, kind: EventClass, reason: str, who: Tuner) -> LogKeeping:
    """Keep a class for as long as it is kept today, before a shorter time has begun. Raises NotRetained, DiskFull.

    ``reason``: said where nobody had given one for the time that holds.
    """
    now, one = console.clock(), of(console, kind)
    if one is None or one.starts <= now:
        raise NotRetained("nothing_to_undo")
    back = replace(
        one,
        days=one.formerly,
        reason=one.former_reason or reason,
        by=who.name,
        since=now,
        starts=now,
        explained=one.former_explained or now,
    )
    declare(console, Said(who.operator, ACT), [back])
    return back
