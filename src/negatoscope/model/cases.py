"""Arrivals and departures: a case a person, tasks from the template of their role, and what was done when by whom.

These facts are kept here (``KEPT_HERE``): what this console does not hold was not done, so that no list needs closing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class CaseKind(StrEnum):
    """Which way a person goes."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"


class TaskKind(StrEnum):
    """What a task gives or takes back."""

    ACCOUNT = "account"
    GROUP = "group"
    THING = "thing"
    """A badge, keys, equipment."""
    LESSON = "lesson"
    """A training, a text to sign."""
    FORWARDING = "forwarding"
    """The forwarding of mail."""


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """What somebody of a role is given, and gives back."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    role: str
    accesses: tuple[str, ...] = ()
    """Systems in which an account is opened."""
    groups: tuple[str, ...] = ()
    """Directory groups that the role needs, by name; no other is justified by it."""
    things: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()

    @property
    def ref(self) -> Ref:
        """``template/<role>``."""
        return f"template/{self.role}"


@dataclass(frozen=True, slots=True)
class Case:
    """One person's arrival or departure."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    person: Ref
    kind: CaseKind
    on: date
    """The first day of presence, or the last one; Paris time."""
    opened_at: datetime
    opened_by: str
    owner: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def ref(self) -> Ref:
        """``case/<ident>/<kind>``: one of each a person; a second arrival replaces the first."""
        return f"case/{self.person.removeprefix('person/')}/{self.kind.value}"


@dataclass(frozen=True, slots=True)
class CaseTask:
    """Something to give or take back. Done: signed by a named person who says what was done."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    case: Ref
    key: str
    """Its name within the case."""
    kind: TaskKind
    what: str
    """The practice's own words: « badge », « RIS »."""
    due_on: date
    owner: str | None = None
    subject: Ref | None = None
    """The account concerned, where no instrument tells its state."""
    done_at: datetime | None = None
    done_by: str | None = None
    statement: str | None = None

    @property
    def ref(self) -> Ref:
        """``task/<ident>/<case kind>/<key>``."""
        return f"task/{self.case.removeprefix('case/')}/{self.key}"

    @property
    def signed(self) -> bool:
        """A named person said when it was done, and what was done."""
        return self.done_at is not None and bool(self.done_by) and bool((self.statement or "").strip())


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One line of a case's history; never changed. ``act``: opened, done, undone, added, closed, refused, reopened."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    case: Ref
    at: datetime
    by: str
    act: str
    detail: str | None = None

    @property
    def ref(self) -> Ref:
        """``step/<ident>/<case kind>/<instant>``."""
        return f"step/{self.case.removeprefix('case/')}/{self.at.isoformat()}"
