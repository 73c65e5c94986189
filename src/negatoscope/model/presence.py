"""When people are expected: usual hours, absences, on-call duty. Days and hours are local, Europe/Paris."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words


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


_ABSENCES = {
    AbsenceKind.LEAVE: Words("congé", "leave"),
    AbsenceKind.TRAINING: Words("formation", "training"),
    AbsenceKind.OTHER: Words("autre", "other"),
}

_PERSON = Column(
    "person", "Personne", "Person", ("nom", "name", "identifiant", "salarié"), Shape.LINK,
    required=True, to=("Person",), width=28,
    note=Words("Une personne de la liste du personnel.", "Somebody in the staff list."), example="martin.claire",
)  # fmt: skip
_BEGINS = Column(
    "begins_on", "Du", "From", ("début", "debut", "premier jour", "start", "begins"), Shape.DAY,
    required=True, width=14, note=Words("Premier jour compris.", "First day included."), example="03/08/2026",
)  # fmt: skip
_ENDS = Column(
    "ends_on", "Au", "To", ("fin", "dernier jour", "end", "ends", "jusqu’au"), Shape.DAY,
    required=True, width=14, note=Words("Dernier jour compris.", "Last day included."), example="21/08/2026",
)  # fmt: skip

ABSENCES = Family(
    "absences",
    Absence,
    (
        _PERSON, _BEGINS, _ENDS,
        Column("kind", "Genre", "Kind", ("type", "nature"), Shape.CHOICE, choices=_ABSENCES, width=14,
               note=Words("congé, formation ou autre. Jamais de raison médicale.",
                          "leave, training or other. Never a medical reason."), example=Words("congé", "leave")),
    ),
    Words("Absences", "Absences"), Words("une absence", "an absence"),
    Words("Qui est absent quand : un compte qui sert pendant une absence se remarque.",
          "Who is away when: an account used during an absence stands out."),
    key=("person", "begins_on"),
    order=(("begins_on", "ends_on"),),
    group="people",
    closable=False,
)  # fmt: skip

ON_CALL = Family(
    "on-call",
    OnCall,
    (_PERSON, _BEGINS, _ENDS),
    Words("Astreintes", "On-call duty"), Words("une astreinte", "an on-call duty"),
    Words("Qui peut se connecter à toute heure, et quels jours.", "Who may log on at any hour, and on which days."),
    key=("person", "begins_on"),
    order=(("begins_on", "ends_on"),),
    group="people",
    closable=False,
)  # fmt: skip

FAMILIES = (ABSENCES, ON_CALL)
