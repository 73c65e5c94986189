"""A mail reported to Signal Spam: what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a mail that was to leave."""

    GOING = "going"
    TAKEN = "taken"
    REFUSED = "refused"
    """It was not taken: it may be sent again."""
    UNSURE = "unsure"
    """It left, and no answer came: it may have been taken."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One try. ``status``: what the service answered; ``why``: a code of why it was not taken."""

    number: int
    digest: str
    name: str
    size: int
    tip: int | None
    incident: int | None
    address: str
    began_at: datetime
    ended_at: datetime | None
    by: str
    outcome: Outcome
    status: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Service:
    """Where mails are reported to. ``tried``: why the account was not known then; empty: it was."""

    address: str
    active: bool
    tried_at: datetime | None = None
    tried: str = ""
