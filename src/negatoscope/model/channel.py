"""Channels of alerts: whom each tells of which alerts, and when what can wait does. Codes and values alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from negatoscope.kit.clock import PARIS
from negatoscope.model.alert import AlertStep, Priority
from negatoscope.model.launch import System

MAIL = "mail"
"""The service that goes by the practice's own mail server."""


class For(StrEnum):
    """Whom a channel is for."""

    EVERYBODY = "everybody"
    PERSON = "person"
    """Told of alerts that fall to them: in charge, called by the alert chain, or nobody is."""
    STEP = "step"
    """Told at one step of time alone."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of Paris in which what is not urgent waits, from the first to the second, over midnight too."""

    begins: int
    ends: int

    def until(self, now: datetime) -> datetime:
        """When it may be told: now, or as soon as the quiet hours are over, by the clock on the wall."""
        here = now.astimezone(PARIS)
        over = self.begins > self.ends
        within = here.hour >= self.begins or here.hour < self.ends if over else self.begins <= here.hour < self.ends
        if not within:
            return now
        day = here.date() + timedelta(days=1) if over and here.hour >= self.begins else here.date()
        return datetime.combine(day, time(self.ends), PARIS)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way out for alerts; its address is sealed elsewhere."""

    number: int
    name: str
    service: str
    where: str
    """What of its address is no secret: a server, a mail address."""
    for_whom: For
    whom: str
    """A person of the register, or an ``AlertStep``; empty: everybody."""
    priorities: frozenset[Priority]
    quiet: Quiet | None
    language: str
    active: bool
    depends: frozenset[System] | None = None
    """What of the practice it needs to work; ``None``: nobody said."""

    @property
    def mails(self) -> bool:
        """Whether it goes by the practice's mail server."""
        return self.service == MAIL

    @property
    def needs(self) -> frozenset[System]:
        """What it is known to need."""
        return (self.depends or frozenset()) | ({System.MAIL} if self.mails else frozenset())

    def of_person(self, names: Collection[str]) -> bool:
        """Whether it is one person's own; ``names``: all that they are called, in lower case."""
        return self.for_whom is For.PERSON and self.whom.casefold() in names

    def hears(self, priority: Priority, step: AlertStep, people: Collection[str]) -> bool:
        """Whether it is told; ``people``: whom it falls to, by all their names, in lower case; none: to everybody."""
        if not self.active or priority not in self.priorities:
            return False
        if self.for_whom is For.PERSON:
            return not people or self.whom.casefold() in people
        if self.for_whom is For.STEP:
            return self.whom == step
        return step is not AlertStep.HANDED

    def due(self, priority: Priority, now: datetime) -> datetime:
        """When it is told: what is low waits for the end of the quiet hours, the rest never."""
        return self.quiet.until(now) if self.quiet and priority is Priority.LOW else now
