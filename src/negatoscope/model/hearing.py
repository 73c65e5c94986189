"""Those who send logs: what came from them, hour by hour, by our clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SourceHour:
    """One sender's hour."""

    hour: datetime
    """Its beginning, UTC."""
    first: datetime
    last: datetime
    received: int
    longest: timedelta = timedelta()
    """The longest silence that began in this hour and is over."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """How many records were not kept, or not as they came, by why."""
    skew: timedelta | None = None
    """By how much its clock was behind ours; ``None``: nobody read what came."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a sender is doing at an instant."""

    last: datetime | None
    """When it was last heard; ``None``: never."""
    received: int
    """Records of the last 24 hours."""
    lost: Mapping[str, int]
    """Of the last 24 hours."""
    usual: timedelta | None
    """The longest silence usual at the time when this one began; ``None``: it is not known long enough."""
    silent_since: datetime | None
    """Since when it is silent, for longer than is usual; ``None``: it is not, or nobody can tell yet."""
    skew: timedelta | None
    """By how much its clock is behind ours."""
