"""Legal duties: who must be told, from what instant, until when. Data with its date and source; a person sends.

Each file of ``duties/`` is one duty. Whether it is owed follows from the answers to the questions of the triage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said, Text
from negatoscope.kit.calendar import after_working_days
from negatoscope.kit.clock import PARIS

Question = Literal[
    "patient_risk",
    "ongoing",
    "malicious",
    "service_or_health_data",
    "personal_data",
    "high_risk",
    "processor",
    "ose",
    "nis2",
    "device_or_dose",
    "mail_or_sms",
    "public",
]
"""Of the triage, in its order. ``ongoing`` leads to containment, not to a duty."""
QUESTIONS: tuple[Question, ...] = get_args(Question)


class Answer(StrEnum):
    """To a question of the triage. Whoever does not know is treated as who says yes, and reminded."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


Answers = Mapping[Question, Answer]
"""A question that is missing is unknown."""


class Owed(StrEnum):
    """Whether somebody must be told."""

    YES = "yes"
    NO = "no"
    DOUBTFUL = "doubtful"


class Duty(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to tell of an incident. The facts were true on ``as_of``, so far as ``confidence`` says."""

    id: str
    name: Said
    to: Said
    """Who is told."""
    questions: tuple[Question, ...]
    """One yes among them makes it owed."""
    why: Said
    """When it is owed, and what to mind."""
    channel: Said
    said: Said
    """How the text counts the time."""
    source: Text
    as_of: date
    confidence: Literal["sure", "likely", "doubtful"]
    hours: int | None = None
    """Absolute, from awareness: nights, holidays and clock changes count."""
    working_days: int | None = None
    late_asks_why: bool = False
    """Told later than that, the text asks for the reasons."""
    complement_hours: int | None = None
    """After an initial notification, until when what was missing should follow, if possible."""
    awaits_law: bool = False
    """No law makes it a duty yet."""

    def due(self, aware: datetime) -> datetime | None:
        """Until when somebody must have been told; ``None``: the law gives no figure."""
        if self.hours is not None:
            return (aware.astimezone(UTC) + timedelta(hours=self.hours)).astimezone(PARIS)
        return None if self.working_days is None else after_working_days(aware, self.working_days)

    def owed(self, answers: Answers) -> Owed:
        """Whether somebody must be told, by these answers."""
        told = {answers.get(question, Answer.UNKNOWN) for question in self.questions}
        if self.awaits_law or told == {Answer.NO}:
            return Owed.NO
        return Owed.YES if Answer.YES in told else Owed.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Debt:
    """What one duty asks in one incident. ``since`` and ``due`` are in Paris time; both ``None``: nothing is owed."""

    duty: Duty
    owed: Owed
    since: datetime | None
    due: datetime | None
    unanswered: tuple[Question, ...]
    """Questions whose answers would settle it; none once it is owed."""


@cache
def triage() -> dict[Question, Said]:
    """What each question asks. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("triage.toml").read_bytes(), type=dict[Question, Said])


@cache
def duties() -> tuple[Duty, ...]:
    """Every duty, in the order of ``questions``. Raises msgspec.ValidationError where a file is not of this shape."""
    folder = Path(__file__).with_name("duties")
    read = (msgspec.toml.decode(path.read_bytes(), type=Duty) for path in folder.glob("*.toml"))
    return tuple(sorted(read, key=lambda duty: (QUESTIONS.index(duty.questions[0]), duty.id)))


def owing(answers: Answers, aware: datetime, known: Iterable[Duty] | None = None) -> tuple[Debt, ...]:
    """What every duty asks of an incident known since ``aware`` (with an offset). ``known``: as a practice has them."""
    return tuple(_debt(duty, answers, aware.astimezone(PARIS)) for duty in (duties() if known is None else known))


def _debt(duty: Duty, answers: Answers, aware: datetime) -> Debt:
    owed = duty.owed(answers)
    if owed is Owed.NO:
        return Debt(duty, owed, None, None, ())
    unknown = [one for one in duty.questions if answers.get(one, Answer.UNKNOWN) is Answer.UNKNOWN]
    return Debt(duty, owed, aware, duty.due(aware), tuple(unknown) if owed is Owed.DOUBTFUL else ())
