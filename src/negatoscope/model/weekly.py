"""The weekly review of logs (rule 27): what happened on what matters, counted, annotated line by line, signed.

Kept here (``KEPT_HERE``): a review exists nowhere else.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope

WEEK = timedelta(days=7)


class WeekKind(StrEnum):
    """What a line tells of."""

    MAILBOX = "mailbox"
    """Somebody opened the mailbox of a key person."""
    SENSITIVE = "sensitive"
    """Somebody used a sensitive host, or a file or a study on it."""
    RIGHTS = "rights"
    """Rights or accounts were changed."""
    STUDIES = "studies"
    """Somebody opened far more studies in a day than is usual, or those of another site; or many people opened one."""
    SILENT = "silent"
    """A source of logs was silent for longer than its own rhythm explains."""
    TUNED = "tuned"
    """A rule was turned off, rules were taken, or a situation was tuned."""
    FALSE = "false"
    """An alert was closed as false: a detector is to be tuned."""


@dataclass(frozen=True, slots=True)
class WeekReview:
    """The logs of one week, to be read by a named person before the next week is over."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    week: date
    """Its Monday, Paris time."""
    opened_at: datetime
    reviewer: str
    """Who reads it, as others call them."""
    size: int
    list_digest: str
    """sha256 of the list in the vault."""
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def ref(self) -> Ref:
        """``weekreview/<Monday>``."""
        return f"weekreview/{self.week}"


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One line of a week: who did what to what, how often, and what its reader says of it."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    week: date
    number: int
    kind: WeekKind
    subject: Ref
    """A mailbox's owner, a host, an account, an alert."""
    who: str
    """As the register or the log names them; empty: nobody is named."""
    what: str
    """What was done: ``model.event.Action``, or a code of its kind."""
    count: int
    note: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None

    @property
    def ref(self) -> Ref:
        """``weekline/<Monday>/<number>``."""
        return f"weekline/{self.week}/{self.number}"


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
