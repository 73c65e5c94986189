"""The alert chain launched: for good or as an exercise, who is called when, and who answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from negatoscope.model.evidence import Ref


class System(StrEnum):
    """What of the practice a channel needs, and an attacker may hold or read."""

    MAIL = "mail"
    DIRECTORY = "directory"
    INTERNET = "internet"
    NETWORK = "network"
    """Its own network and servers."""
    PHONE = "phone"


class Purpose(StrEnum):
    """Why it is launched."""

    REAL = "real"
    DRILL = "drill"


class Reach(StrEnum):
    """How far it goes."""

    ONE = "one"
    """One after the other, until somebody answers."""
    ALL = "all"
    """Every line at once; the deputy where nobody of the line answers."""


class LaunchState(StrEnum):
    """Where it stands."""

    RUNNING = "running"
    ANSWERED = "answered"
    """Somebody answered: nobody else is called."""
    OVER = "over"
    """Every line answered, or the last wait is over."""
    STOPPED = "stopped"
    FALSE_ALARM = "false_alarm"


class Told(StrEnum):
    """How somebody answered."""

    LINK = "link"
    """By the address that they alone were sent."""
    HAND = "hand"
    """Whoever telephoned noted it."""


@dataclass(frozen=True, slots=True)
class Ring:
    """One person of a launch. Each is called once, whatever lines they stand on."""

    number: int
    place: int
    person: Ref
    name: str
    lines: tuple[int, ...]
    """Lines of the call list for which they answer."""
    instead: str
    """Who is away, where they are called in somebody's place from the start."""
    phones: tuple[str, ...]
    ways: tuple[str, ...]
    """Channels by which they are told, by name; mail is apart."""
    mail: str
    """Their address, where a mail leaves."""
    due: datetime
    until: datetime
    """When the wait for their answer is over."""
    called_at: datetime | None = None
    mail_due: datetime | None = None
    """When a mail leaves too; ``None``: none does, or it has."""
    answered_at: datetime | None = None
    how: Told | None = None
    noted_by: str = ""
    missed_at: datetime | None = None
    """When somebody noted that they did not pick up the telephone."""


@dataclass(frozen=True, slots=True)
class Launch:
    """One launch of the alert chain."""

    number: int
    purpose: Purpose
    reach: Reach
    text: str
    suspect: frozenset[System]
    incident: int | None
    begun_at: datetime
    begun_by: str
    state: LaunchState
    expires_at: datetime
    """Until when the addresses that people were sent take an answer."""
    total: int
    """Lines of the call list, those on which nobody would answer too."""
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""
    sheet: str = ""
    """sha256 of its result sheet, in the vault."""
    rings: tuple[Ring, ...] = ()

    @property
    def running(self) -> bool:
        """Whether somebody may still be called."""
        return self.state is LaunchState.RUNNING
