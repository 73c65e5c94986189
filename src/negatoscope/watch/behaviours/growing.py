"""Cases: what belongs together is one detection, told again as it grows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

import msgspec

from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref, Values
from negatoscope.watch.detection import KEYS_AT_MOST, Detection, Kind, Level
from negatoscope.watch.entry import TIMES

FIRST_KEYS = KEYS_AT_MOST - 10
CASES_AT_MOST = 10_000
TIMES_AT_MOST = 1_000
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Matter:
    """What one case is about, as it stands."""

    subject: Ref
    reason: str
    level: Level
    usual: Values = field(default_factory=dict)
    seen: Values = field(default_factory=dict)


class Case(msgspec.Struct):
    """Events that belong together. ``last``: when the newest of them happened."""

    ident: str
    at: datetime
    came: datetime
    last: datetime
    keys: list[str] = []
    newest: list[str] = []
    count: int = 0
    measure: int = 0
    """By what it grows: its events, or bytes."""
    told: int = 0
    """The measure when it was last told."""
    reasons: list[str] = []

    def take(self, told: Told, at: datetime) -> None:
        """Add an event, which may stand for several."""
        self.count += times(told)
        self.measure = max(self.measure, self.count)
        self.last = max(self.last, at)
        if len(self.keys) < FIRST_KEYS:
            self.keys.append(told.key)
        else:
            self.newest = [*self.newest[-9:], told.key]

    def grown(self, reason: str) -> bool:
        """Whether it is to be told: at first, at each doubling, and when it became something else."""
        return self.measure >= 2 * self.told or reason not in self.reasons

    def say(self, code: str, matter: Matter) -> Detection:
        """Tell it as it stands now."""
        self.told = self.measure
        if matter.reason not in self.reasons:
            self.reasons.append(matter.reason)
        return Detection(
            Kind.BEHAVIOUR, code, matter.subject, self.at, self.came, (*self.keys, *self.newest), matter.level,
            self.ident, matter.reason, self.count, matter.usual, matter.seen,
        )  # fmt: skip


class Cases(msgspec.Struct):
    """Open cases by what makes them one; those longest without an event are forgotten beyond ``CASES_AT_MOST``."""

    code: str
    open: dict[str, Case] = msgspec.field(default_factory=dict)

    def take(self, slot: str, told: Told, at: datetime, quiet: timedelta | None = None) -> Case:
        """Add an event to the case of a slot; after ``quiet`` without one it begins another."""
        case = self.open.pop(slot, None)
        if case is None or (quiet is not None and at - case.last > quiet):
            ident = f"{self.code}/{slot}" if quiet is None else f"{self.code}/{slot}/{at:%Y%m%dT%H%M%S}"
            case = Case(ident, at, told.came, at)
        self.open[slot] = case
        case.take(told, at)
        trim(self.open, CASES_AT_MOST)
        return case


def times(told: Told) -> int:
    """How many times it happened, where a product wrote once what came again and again."""
    said = told.event.fields.get(TIMES)
    return min(said, TIMES_AT_MOST) if isinstance(said, int) and said > 0 else 1


def trim(table: dict[str, V], most: int) -> int:
    """Forget a tenth of a table that holds more than ``most``: what was touched least lately; tells how many."""
    if len(table) <= most:
        return 0
    gone = list(islice(table, len(table) - most + most // 10))
    for key in gone:
        del table[key]
    return len(gone)


def touched(table: dict[str, V], key: str, new: Callable[[], V], most: int) -> V:
    """The entry of a key, made where there is none, and moved to where it lives longest."""
    found = table.pop(key, None)
    if found is None:
        found = new()
    table[key] = found
    trim(table, most)
    return found
