"""When people are expected: usual hours, absences, on-call duty. Days and hours are local, Europe/Paris."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.family import Column, Family, Shape, Words

Span = tuple[time, time]
NEVER = "–"
"""What stands for a day on which somebody never is there."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def said(hours: Sequence[Span]) -> str:
    """Write hours as the register keeps them."""
    return "; ".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in hours) or NEVER


def spans(hours: str) -> tuple[Span, ...]:
    """Read what ``said`` wrote."""
    parts = () if hours == NEVER else hours.split("; ")
    return tuple((time.fromisoformat(one[:5]), time.fromisoformat(one[6:])) for one in parts)


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
    """The usual hours of a person, by day of the week: ``08:00–12:30; 14:00–18:00``; ``–``: never there on that day.

    Written as ``said`` does and read by ``spans``; an end before its beginning: past midnight.
    """

    SCOPE: ClassVar[Scope] = "practice"

    person: Ref
    monday: str | None = None
    tuesday: str | None = None
    wednesday: str | None = None
    thursday: str | None = None
    friday: str | None = None
    saturday: str | None = None
    sunday: str | None = None

    @property
    def ref(self) -> Ref:
        """``presence/<ident>``."""
        return f"presence/{self.person.removeprefix('person/')}"

    def on(self, day: date) -> tuple[Span, ...] | None:
        """The hours of this day of the week; ``None``: nobody said."""
        hours: str | None = getattr(self, WEEKDAYS[day.weekday()])
        return None if hours is None else spans(hours)


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

_DAYS = (
    ("Lundi", "Monday", "lun"), ("Mardi", "Tuesday", "mar"), ("Mercredi", "Wednesday", "mer"),
    ("Jeudi", "Thursday", "jeu"), ("Vendredi", "Friday", "ven"), ("Samedi", "Saturday", "sam"),
    ("Dimanche", "Sunday", "dim"),
)  # fmt: skip

PRESENCE = Family(
    "presence",
    Presence,
    (
        _PERSON,
        *(
            Column(name, fr, en, (short, en[:3]), Shape.HOURS, width=24,
                   note=Words("Heures d’arrivée et de départ, heure de Paris ; « – » : jamais là ce jour.",
                              "Hours of coming and going, Paris time; “–”: never there on that day."),
                   example="–" if name in {"saturday", "sunday"} else "08:00–12:30 ; 14:00–18:00")
            for name, (fr, en, short) in zip(WEEKDAYS, _DAYS, strict=True)
        ),
    ),
    Words("Heures de présence", "Presence hours"), Words("les heures d’une personne", "somebody’s hours"),
    Words("Quand chacun est là d’habitude : un compte qui sert à une autre heure se remarque.",
          "When each is usually there: an account used at another hour stands out."),
    key=("person",),
    group="people",
    closable=False,
)  # fmt: skip

FAMILIES = (ABSENCES, PRESENCE, ON_CALL)
