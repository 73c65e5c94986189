"""What an administrator says of a legal duty where the shipped file is no longer true, with its source."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Scope


class Confidence(StrEnum):
    """How sure a statement about the law is."""

    SURE = "sure"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class DutyCorrection:
    """Takes the place of what is shipped about one duty: its delay, its portal, whether a law is in force."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    duty: str
    """As ``respond/duties`` names it: ``CNIL``."""
    channel: str
    """Where and how, in the words of whoever writes."""
    source: str
    """The text or page that says so."""
    as_of: date
    """The day on which it was read there."""
    confidence: Confidence
    reason: str
    by: str
    hours: int | None = None
    working_days: int | None = None
    """Neither this nor ``hours``: the law gives no figure."""
    in_force: bool = True
    """A law makes it a duty."""

    @property
    def ref(self) -> str:
        """``dutycorrection/<duty>``."""
        return f"dutycorrection/{self.duty}"
