"""Events in the order in which they happened, where they came a little out of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

import msgspec

from negatoscope.model.event import Told
from negatoscope.watch.calendar import instant
from negatoscope.watch.entry import ENDS, TIMES

TOLERANCE = timedelta(seconds=30)
"""How long an event may travel: relays of logs send every few seconds, and an alert may wait as long."""
ASKED = frozenset({TIMES, ENDS, "src_port", "hostname", "recipient", "Recipients"})
"""What behaviours ask of what products wrote under their own names."""
LONGEST = 4096
"""Signs of it that are held back."""
MOST = 50_000
"""Events held back at most, some 50 MB; beyond it the oldest go on at once."""


class Order(msgspec.Struct):
    """Events held back for ``tolerance`` after they came.

    Those that travelled no longer than that leave in the order in which they happened, whatever order they came in;
    later ones leave at once. Nothing is ever left out.
    """

    held: list[tuple[datetime, str, Told]] = msgspec.field(default_factory=list)
    newest: datetime | None = None
    tolerance: timedelta = TOLERANCE

    def sort(self, events: Iterable[Told]) -> Iterator[Told]:
        """Take events as they came; give those whose turn it is."""
        for told in events:
            if self.newest is not None and told.came < self.newest - 2 * self.tolerance:
                yield from self.rest()  # our clock went back
            self.newest = told.came
            heappush(self.held, (instant(told), told.key, _slim(told)))
            if self.held[0][2].came <= told.came - self.tolerance or len(self.held) > MOST:
                yield from self.due(told.came)

    def due(self, now: datetime) -> Iterator[Told]:
        """Give those that have waited long enough by this instant; all of them, if our clock went back."""
        if self.newest is not None and now < self.newest - 2 * self.tolerance:
            self.newest = now
            yield from self.rest()
        since = now - self.tolerance
        while self.held and (self.held[0][2].came <= since or len(self.held) > MOST):
            yield heappop(self.held)[2]

    def rest(self) -> Iterator[Told]:
        """Give all that are held back, in order."""
        while self.held:
            yield heappop(self.held)[2]


def _slim(told: Told) -> Told:
    """The same without what nobody asks of what products wrote: a line of 256 KiB is held back as any other."""
    event = told.event
    cut: dict[str, Any] = {
        name: text[:LONGEST] for name in _TEXTS if (text := getattr(event, name)) and len(text) > LONGEST
    }
    if event.fields:
        cut["fields"] = {name: _short(event.fields[name]) for name in ASKED & event.fields.keys()}
    return replace(told, event=replace(event, **cut)) if cut else told


_TEXTS = ("host", "user", "source", "target", "what")


def _short(value: object) -> object:
    return value if value is None or isinstance(value, int | float) else str(value)[:LONGEST]
