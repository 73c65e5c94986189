"""Alerts: what somebody must handle within a day of the receipt of its first event. Codes and values alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from negatoscope.model.evidence import Ref, Values

WITHIN = timedelta(hours=24)
"""From the receipt of the first event; the instant itself is stored when the alert is raised."""


class Priority(StrEnum):
    """In which order alerts are handled; every one of them has the same clock."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the first to be handled."""
        return tuple(Priority).index(self)


class AlertState(StrEnum):
    """Where an alert stands."""

    NEW = "new"
    TAKEN = "taken"
    CLOSED = "closed"


class AlertOutcome(StrEnum):
    """What it turned out to be."""

    TRUE = "true"
    """An attack, a misuse, a fault: something had to be done."""
    FALSE = "false"
    """Nothing of the kind happened: the detector is to be tuned."""
    BENIGN = "benign"
    """It happened, and it was right: a known task, an agreed visit."""


class AlertStep(StrEnum):
    """What became of an alert."""

    RAISED = "raised"
    GREW = "grew"
    TAKEN = "taken"
    HANDED = "handed"
    COMMENTED = "commented"
    CLOSED = "closed"
    REOPENED = "reopened"
    AFTER_4 = "after_4"
    AFTER_12 = "after_12"
    AFTER_20 = "after_20"
    OVERDUE = "overdue"


BY_ITSELF: dict[AlertStep, timedelta] = {
    AlertStep.AFTER_4: timedelta(hours=4),
    AlertStep.AFTER_12: timedelta(hours=12),
    AlertStep.AFTER_20: timedelta(hours=20),
    AlertStep.OVERDUE: WITHIN,
}
"""Steps that time alone takes, and how long after the clock began."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that goes on, as the detector told it last; an alert holds those of one kind and subject."""

    case: str
    reason: str
    at: datetime
    """When the first of it happened."""
    came: datetime
    count: int
    """Events since the alert was raised: those that an earlier, closed alert told are not counted again."""
    keys: tuple[str, ...]
    usual: Values = field(default_factory=dict)
    seen: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of an alert's history. ``who``: as the ledger names them; empty: nobody, time passed."""

    at: datetime
    step: AlertStep
    who: str = ""
    note: str = ""
    reached: int | None = None
    """Addresses that were told; ``None``: this step tells nobody."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to handle: of one kind, about one subject."""

    number: int
    kind: str
    """``watch.detection.Kind``."""
    code: str
    """The behaviour, or the Sigma rule."""
    subject: Ref
    level: str
    priority: Priority
    because: tuple[str, ...]
    """Codes of what makes it more urgent: ``modality``, ``key_person``, ``administrator``, ``sensitive``."""
    began: datetime
    """Receipt of its first event: the clock starts here."""
    due: datetime
    state: AlertState
    count: int
    last: datetime
    """When it was last told to go on."""
    owner: str = ""
    taken_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: AlertOutcome | None = None
    conclusion: str = ""

    @property
    def open(self) -> bool:
        """Somebody still has to handle it."""
        return self.closed_at is None

    def late(self, now: datetime) -> bool:
        """It was not handled in time; handled late, it stays so."""
        return (self.closed_at or now) > self.due
