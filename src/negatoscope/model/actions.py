"""The action plan: repairs that somebody promised, each bound to one subject of one control."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class ActionState(StrEnum):
    """Where a repair stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    """Said to be done: a look must still see it."""
    CLOSED = "closed"
    """A later judgement no longer found the subject wrong."""
    REOPENED = "reopened"
    """The judge found it wrong again."""


STANDING = frozenset({ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.REOPENED, ActionState.DONE})
"""States in which something is still to be done, or to be seen."""


@dataclass(frozen=True, slots=True)
class ActionStep:
    """One change of a repair: who made it, what it became, and what they said; ``code``: why the console made it."""

    at: datetime
    who: str
    state: ActionState
    note: str = ""
    code: str = ""
    """``gone`` or ``returned``; empty: a person's step."""


@dataclass(frozen=True, slots=True)
class Action:
    """A planned repair. What it costs is an estimate, in whole euros."""

    SCOPE: ClassVar[Scope] = "practice"

    control: str
    subject: Ref
    owner: str
    due_on: date
    state: ActionState
    steps: tuple[ActionStep, ...]
    """Its history, oldest first."""
    cost: int | None = None
    proof: tuple[str, ...] = ()
    """Digests of the evidence on which it was closed."""

    @property
    def ref(self) -> Ref:
        """``action/<control>/<subject>``."""
        return f"action/{self.control}/{self.subject}"

    def late(self, today: date) -> bool:
        """Whether it should be over."""
        return self.state in STANDING and self.due_on < today
