"""Since when each sender has been listened to without a break, across restarts of the console."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from negatoscope.kit.durable import write_durably

BREAK = timedelta(minutes=30)
"""A longer silence is a break: of seven days, less than the share of records that may be lost."""
SAVED_EVERY = timedelta(minutes=1)
NAME = "listening"
"""The file, without a suffix: those with one are captures."""


class Span(msgspec.Struct):
    """From the first datagram after the last break to the last one."""

    since: datetime
    last: datetime


@dataclass
class Continuity:
    """Spans by sender. What is on the disk is a minute old at most, so that a crash lengthens a silence, never less."""

    folder: Path
    _spans: dict[str, Span] = field(default_factory=dict)
    _saved: datetime | None = None

    def __post_init__(self) -> None:
        """Read what an earlier run wrote; a file that cannot be read remembers nobody."""
        try:
            told = msgspec.json.decode((self.folder / NAME).read_bytes(), type=dict[str, Span])
        except (OSError, msgspec.DecodeError):
            return
        self._spans = {name: span for name, span in told.items() if None not in {_zone(span.since), _zone(span.last)}}

    def since(self, sender: str) -> datetime | None:
        """When listening to this one began."""
        span = self._spans.get(sender)
        return span.since if span else None

    @property
    def many(self) -> int:
        """How many are listened to."""
        return len(self._spans)

    def hear(self, sender: str, at: datetime) -> bool:
        """Note that it was heard; tells whether this begins a new span."""
        span = self._spans.get(sender)
        if span is not None and span.since <= at and abs(at - span.last) <= BREAK:
            span.last = at
            return False
        self._spans[sender] = Span(at, at)
        return True

    def forget(self, sender: str) -> None:
        """Begin anew with what it sends next."""
        self._spans.pop(sender, None)
        self._saved = None

    def restart(self, sender: str, at: datetime) -> None:
        """Count from this instant, whoever was listened to before."""
        self._spans[sender] = Span(at, at)
        self._saved = None

    def save(self) -> None:
        """Write it down, once a minute at most; who has been silent for too long is left out. Raises OSError."""
        latest = max((span.last for span in self._spans.values()), default=None)
        if self._saved is not None and (latest is None or abs(latest - self._saved) < SAVED_EVERY):
            return
        self._spans = {name: span for name, span in self._spans.items() if latest and latest - span.last <= BREAK}
        write_durably(self.folder / NAME, msgspec.json.encode(self._spans))
        self._saved = latest


def _zone(at: datetime) -> object:
    return at.tzinfo
