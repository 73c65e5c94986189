"""Detections: what a behaviour or a Sigma rule saw. Codes and values; ``watch/texts.toml`` makes sentences of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from negatoscope.model.evidence import Ref, Values

KEYS_AT_MOST = 50
"""Keys of events that one detection names: its first ones and its last; ``count`` tells how many there are in all."""


class Kind(StrEnum):
    """What found it."""

    BEHAVIOUR = "behaviour"
    SIGMA = "sigma"


class Level(StrEnum):
    """How bad it is if it is true, in Sigma's own words."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for the least."""
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True)
class Detection:
    """Something that somebody must look at.

    One that goes on is told again as it grows, under the same ``case``: the newer word replaces the older one, its
    ``at``, ``came`` and first keys stay.
    """

    kind: Kind
    code: str
    """Of a behaviour, its name (``unusual_hours``, ``transfers``, ``attempts``, ``inactive``, ``bypass``).

    Of a rule, its Sigma id.
    """
    subject: Ref
    """Whom or what it is about: a person, an account, a host; ``address/<address>`` for who is in no register."""
    at: datetime
    """When the first of it happened, by the clock of whoever wrote it, UTC."""
    came: datetime
    """When its first event was received, UTC: the clock of 24 hours starts here."""
    keys: tuple[str, ...]
    """Of its events (``Told.key``), ``KEYS_AT_MOST`` of them."""
    level: Level
    case: str
    """What it is a part of, for ever: two detections of one case are one thing that grew."""
    reason: str = ""
    """Of a behaviour: which of its situations (``declared_absence``, ``spraying`` …)."""
    count: int = 1
    """Events in all."""
    usual: Values = field(default_factory=dict)
    """What is usual, or what is allowed."""
    seen: Values = field(default_factory=dict)
    """What was seen instead."""
