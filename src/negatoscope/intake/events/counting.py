"""What came from whom, by the hour, and what of it was not kept and why. In memory, until somebody writes it down."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from negatoscope.model.watching import OTHERS

MOST_SENDERS = 1024
"""Counted apart at a time; who else sends is counted as ``OTHERS``: addresses can be made up."""


@dataclass
class Counts:
    """One sender's hour."""

    first: datetime
    last: datetime
    received: int = 0
    """Records kept."""
    octets: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    """By why: ``duplicate`` (kept already: nothing is lost), ``cut``, ``framing``, ``spool_full`` …"""
    longest: float = 0.0
    """Seconds of the longest silence that began in this hour and is over. The console's own absence is none."""


Key = tuple[str, datetime]
"""A sender, and the hour of our clock."""


class Counters:
    """Counts, from any thread."""

    def __init__(self) -> None:
        """Nothing came yet."""
        self._lock = threading.Lock()
        self._hours: dict[Key, Counts] = {}
        self._last: dict[str, datetime] = {}

    def kept(self, sender: str, at: datetime, sizes: Iterable[int]) -> None:
        """Records of these many octets were kept."""
        told = list(sizes)
        if not told:
            return
        with self._lock:
            before = self._last.get(sender)
            if before is not None:
                begun = self._of(sender, before)
                begun.longest = max(begun.longest, (at - before).total_seconds())
            if before is not None or len(self._last) < MOST_SENDERS:
                self._last[sender] = at
            counts = self._of(sender, at)
            counts.received += len(told)
            counts.octets += sum(told)
            counts.last = max(counts.last, at)

    def lost(self, sender: str, at: datetime, why: str, many: int = 1) -> None:
        """So many were not kept, or not as they came."""
        if many:
            with self._lock:
                self._of(sender, at).lost[why] += many

    def take(self) -> Mapping[Key, Counts]:
        """What was counted since the last time; counting begins anew."""
        with self._lock:
            told, self._hours = self._hours, {}
        return told

    def put_back(self, told: Mapping[Key, Counts]) -> None:
        """What could not be written down is counted with what comes."""
        with self._lock:
            for key, counts in told.items():
                mine = self._hours.setdefault(key, Counts(counts.first, counts.last))
                mine.first, mine.last = min(mine.first, counts.first), max(mine.last, counts.last)
                mine.received += counts.received
                mine.octets += counts.octets
                mine.lost.update(counts.lost)
                mine.longest = max(mine.longest, counts.longest)

    def _of(self, sender: str, at: datetime) -> Counts:
        hour = at.replace(minute=0, second=0, microsecond=0)
        if (sender, hour) not in self._hours and len(self._hours) >= MOST_SENDERS:
            sender = OTHERS
        return self._hours.setdefault((sender, hour), Counts(at, at))
