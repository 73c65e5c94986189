"""What an answer is made of: its rows, each with its reasons; what was read, of when; and what could not be seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from negatoscope.model.evidence import Values

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Why:
    """A reason or a blind spot: a code, and the values that complete it; sentences are made at display."""

    code: str
    values: Values


@dataclass(frozen=True, slots=True)
class Read:
    """What an answer stands on: how much of a kind was read, and how old the newest of it is."""

    kind: str
    """A kind of fact, or ``events``."""
    count: int
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer(Generic[T_co]):
    """Rows, the most telling first. No rows and a blind spot: nobody looked; it does not mean that there is none."""

    rows: tuple[T_co, ...]
    read: tuple[Read, ...]
    blind: tuple[Why, ...]
    cut: int = 0
    """Rows that are left out for want of room."""


@dataclass(frozen=True, slots=True)
class Window:
    """The time asked about, and when something was first noticed."""

    since: datetime
    until: datetime
    sign: datetime
    """Entry is looked for before it; by default the window's end."""


def why(code: str, **values: str | float | bool | None) -> Why:
    """A reason, shortly."""
    return Why(code, values)
