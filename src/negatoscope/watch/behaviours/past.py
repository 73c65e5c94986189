"""The last amounts of each hour of the day, and what is usual at one: robust, and small."""

from dataclasses import dataclass
from math import log2
from statistics import median

import msgspec

from negatoscope.watch.calendar import day_class, hour_of

KINDS, HOURS, KEPT = 2, 24, 24
"""Working days and the others, hours, and how many past ones of each are kept: five weeks of working days."""
STEP = 8
"""An amount is kept as one byte, a logarithm in eighths: within 5 %."""
NOTHING = 255
SPREAD = 1.4826
"""What makes the median deviation of normal values their standard deviation."""
AGAIN, LARGEST = 2, 4
"""How much more than what happened three times, and at most how much more than ever."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Bytes. ``hours``: from how many past hours."""

    median: int
    limit: int
    hours: int


class Past(msgspec.Struct):
    """For each kind of hour the last amounts, the newest first."""

    kept: bytes = bytes([NOTHING]) * (KINDS * HOURS * KEPT)

    def add(self, number: int, amount: int) -> None:
        """Note the bytes of an hour, counted from 1970."""
        start = _cell(number, 0) * KEPT
        cell = bytes([min(round(STEP * log2(1 + amount / 1024)), NOTHING - 1)]) + self.kept[start : start + KEPT - 1]
        self.kept = self.kept[:start] + cell + self.kept[start + KEPT :]

    def usual(self, number: int, spread: float, least: int) -> Usual | None:
        """What is usual at an hour: a job that drifts is also looked for beside it. ``None``: too little is known."""
        own = self._values(_cell(number, 0))
        if len(own) < least:
            return None
        beside = [one for way in (-1, 1) for one in self._values(_cell(number, way))]
        ordered = sorted((*own, *beside))
        middle = median(own)
        far = SPREAD * median(abs(one - middle) for one in own)
        by_spread = min(middle + spread * far, ordered[-1] + STEP * log2(LARGEST))
        limit = max(by_spread, ordered[-3] + STEP * log2(AGAIN))
        return Usual(_amount(middle), _amount(limit), len(own))

    def _values(self, cell: int) -> list[int]:
        return [one for one in self.kept[cell * KEPT : (cell + 1) * KEPT] if one != NOTHING]


def _cell(number: int, beside: int) -> int:
    """The cell of an hour, or of the one before or after it on such a day."""
    day, hour = hour_of(number)
    return min(day_class(day), KINDS - 1) * HOURS + (hour + beside) % HOURS


def _amount(log: float) -> int:
    return round((2 ** (log / STEP) - 1) * 1024)
