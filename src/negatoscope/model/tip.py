"""What somebody reports, without an account: what they see, where, in their words; and what became of it.

In code a report by somebody of the staff is a *tip*: ``report`` is the printed one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from negatoscope.model.evidence import Ref

BY_MAIL = "mail"
"""What stands for the address of whoever reports by a mail that is dropped."""


class Look(StrEnum):
    """What somebody sees, in the order in which it is offered."""

    RANSOM = "ransom"
    MOUSE = "mouse"
    MAIL = "mail"
    CALL = "call"
    LOST = "lost"
    SITE = "site"
    SLOW = "slow"
    OTHER = "other"
    UNKNOWN = "unknown"


class TipOutcome(StrEnum):
    """What became of a tip."""

    OPENED = "opened"
    """An incident was opened from it."""
    JOINED = "joined"
    """It belongs to an incident that was open."""
    HARMLESS = "harmless"


class Voice(StrEnum):
    """Who speaks in a tip."""

    REPORTER = "reporter"
    ANSWER = "answer"
    """Somebody of the practice, to the reporter."""


class Door(StrEnum):
    """To whom the page is open."""

    PRIVATE = "private"
    """Private addresses, and the networks that the practice declared."""
    LISTED = "listed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file, in the vault under its digest. ``kind``: what its first bytes say it is."""

    name: str
    kind: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class TipWord:
    """Something that was said, or joined."""

    place: int
    at: datetime
    voice: Voice
    name: str
    text: str
    file: Enclosed | None = None


@dataclass(frozen=True, slots=True)
class Tip:
    """One report. ``code``: the receipt, with which whoever has it reads and adds words."""

    number: int
    code: str
    look: Look
    received_at: datetime
    due: datetime
    host: Ref | None = None
    """The host of the register that bears the address from which it came."""
    address: str = ""
    where: str = ""
    name: str = ""
    phone: str = ""
    handled_at: datetime | None = None
    handled_by: str = ""
    outcome: TipOutcome | None = None
    incident: int | None = None
    words: tuple[TipWord, ...] = ()

    @property
    def by_mail(self) -> bool:
        """It came as a mail that was dropped: who it says it is from is not proven."""
        return self.address == BY_MAIL

    @property
    def open(self) -> bool:
        """Nobody has said yet what it was."""
        return self.handled_at is None
