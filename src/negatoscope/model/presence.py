"""When people are expected: usual hours, absences, on-call duty. Days and hours are local, Europe/Paris."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class AbsenceKind(StrEnum):
    """Why somebody is away; a medical reason is never asked."""

    LEAVE = "leave"
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a person is away, both ends included."""

    SCOPE: ClassVar[Scope] = "practice"

    person: Ref
    begins_on: date
    ends_on: date
    kind: AbsenceKind | None = None

    @property
    def ref(self) -> Ref:
        """``absence/<ident>/<first day>``."""
        return f"absence/{self.person.removeprefix('person/')}/{self.begins_on}"


@dataclass(frozen=True, slots=True)
class Presence:
    """The usual hours of a person on one day of the week. ``ends`` before ``begins``: past midnight."""

    SCOPE: ClassVar[Scope] = "practice"

    person: Ref
    weekday: int
    """1 Monday … 7 Sunday (ISO 8601)."""
    begins: time
    ends: time

    @property
    def ref(self) -> Ref:
        """``presence/<ident>/<weekday>``."""
        return f"presence/{self.person.removeprefix('person/')}/{self.weekday}"


@dataclass(frozen=True, slots=True)
class OnCall:
    """Days on which a person is on duty and may log on at any hour, both ends included."""

    SCOPE: ClassVar[Scope] = "practice"

    person: Ref
    begins_on: date
    ends_on: date

    @property
    def ref(self) -> Ref:
        """``oncall/<ident>/<first day>``."""
        return f"oncall/{self.person.removeprefix('person/')}/{self.begins_on}"
