"""Looking at what people did: each question is entered in the ledger; and what is no longer to be kept is purged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from negatoscope.flows.console import Console
from negatoscope.flows.recording import enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.event import Told
from negatoscope.model.retention import EventClass, LogKeeping, times
from negatoscope.store.events import EventStore
from negatoscope.store.queries import apart, events
from negatoscope.store.queries.events import Answer, Bar, Span, Spread, Wanted
from negatoscope.store.queries.paging import Ask, Found

SEARCH, PURGE = "search", "purge"
OPERATOR = "negatoscope"
TIDIED_EVERY = timedelta(hours=1)


def store(console: Console) -> EventStore:
    """Where the console's own site keeps its events."""
    return EventStore(console.config.data / "events", console.site)


def hunt(console: Console, operator: str, wanted: Wanted, ask: Ask) -> Found[Told]:
    """A page of events; who looked for what is entered, once a search and not once a page. Raises Refused."""
    found = events.search(store(console), wanted, ask)
    if not ask.start:
        enter(console, console.clock(), SEARCH, operator, {"wanted": msgspec.to_builtins(wanted), "found": found.total})
    return found


def line(console: Console, wanted: Wanted) -> tuple[Bar, ...]:
    """How many events over time. Raises Refused."""
    return events.line(store(console), wanted)


def span(console: Console, wanted: Wanted) -> Span | None:
    """How many events, and from when to when; ``None``: there are none. Raises Refused."""
    return events.span(store(console), wanted)


def spreads(console: Console, senders: Sequence[str], since: datetime) -> dict[str, Spread]:
    """What is kept of each of these senders, received since an instant. Raises Refused."""
    return events.spreads(store(console), senders, since)


def products(console: Console, since: datetime) -> tuple[str, ...]:
    """Products heard since an instant. Raises Refused."""
    return events.products(store(console), since)


def question(console: Console, operator: str, sql: str) -> Answer:
    """An expert's question. It is entered before it is answered. Raises Refused."""
    enter(console, console.clock(), SEARCH, operator, {"sql": sql})
    return apart.expert(store(console), sql)


@dataclass
class Tidy:
    """Once an hour: few files where there were many, and nothing kept beyond its time."""

    _next: datetime | None = None

    def round(self, console: Console) -> int:
        """Returns how many days' classes were purged."""
        now = console.clock()
        if self._next is not None and now < self._next:
            return 0
        self._next = now + TIDIED_EVERY
        kept = store(console)
        today = now.astimezone(UTC).date()
        for day in kept.days()[-2:]:
            kept.compact(day)
        chosen = times(StoredRegister(console.practice).seen(LogKeeping).facts, now)
        over = kept.expired(chosen, today)
        for one in over:
            said = {
                "day": f"{one.day}",
                "class": one.kind,
                "kept": chosen[EventClass(one.kind)].days,
                "rows": one.rows,
                "files": [path.name for path in one.paths],
            }
            enter(console, now, PURGE, OPERATOR, said)
            kept.purge(one)
        return len(over)
