"""Who is told what: a notice belongs to the person it concerns, else to a role; nothing is told to nobody. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from negatoscope.model.evidence import Ref


class Kind(StrEnum):
    """What a user may turn off, or not."""

    WORK = "work"
    """Actions, arrivals and departures that somebody took on."""
    REVIEW = "review"
    SIGN = "sign"
    """A text to read or sign."""
    PROOF = "proof"
    """Attestations, consents and waivers that end."""
    RED = "red"
    FAILING = "failing"
    WEEK = "week"
    TRIAL = "trial"
    ALERT = "alert"
    CALL = "call"
    """Somebody is called by the alert chain."""
    CALM = "calm"
    """An alert that can wait for the morning."""


MANDATORY = frozenset({Kind.WORK, Kind.REVIEW, Kind.SIGN, Kind.ALERT, Kind.CALL, Kind.CALM})
"""Somebody was named and counts on the answer: nobody turns these off."""
URGENT = frozenset({Kind.RED, Kind.TRIAL, Kind.ALERT, Kind.CALL, Kind.CALM})
"""These leave at once; the others wait for the one mail of the day."""
OPTIONAL = tuple(kind for kind in Kind if kind not in MANDATORY and kind is not Kind.TRIAL)


@dataclass(frozen=True)
class Concern:
    """Whom a notice is for: these persons, named in any way; or, without any, all who have the role."""

    kind: Kind
    role: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Somebody who may be told. ``names``: all that they are called; ``roles``: what they may act as here."""

    name: str
    names: frozenset[str]
    address: str = ""
    language: str = ""
    roles: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    manager: Ref | None = None
    away_until: date | None = None
    gone: bool = False


@dataclass(frozen=True)
class Recipient:
    """An address that is told; ``instead``: of whom, and why they are not enough."""

    address: str
    name: str
    language: str
    instead: tuple["Missed", ...] = ()


@dataclass(frozen=True)
class Missed:
    """Somebody whom a notice does not reach today. ``why``: unknown, gone, no_address, away or quiet."""

    name: str
    why: str
    until: date | None = None


@dataclass
class Routed:
    """Who is told, and who is not."""

    to: dict[str, Recipient] = field(default_factory=dict)
    missed: list[Missed] = field(default_factory=list)


class Book:
    """Everybody who may be told, found by any of their names; and the practice's own addresses."""

    def __init__(self, contacts: Iterable[Contact], common: Iterable[Recipient]) -> None:
        """A name that two bear leads to neither."""
        self.contacts, self.common = tuple(contacts), tuple(common)
        self._named: dict[str, Contact | None] = {}
        for one in self.contacts:
            for name in one.names:
                self._named[name] = None if name in self._named else one

    def find(self, name: str) -> Contact | None:
        """Whoever bears this name, alone."""
        return self._named.get(name.casefold().strip())

    def route(self, concern: Concern) -> Routed:
        """Whom to tell; where a person is not reached, their manager is told instead, else whoever has the role."""
        found = Routed()
        for name in dict.fromkeys(filter(None, concern.people)):
            self._person(concern, name, found)
        if not concern.people or not any(concern.people):
            self._role(concern, (), found)
        return found

    def _person(self, concern: Concern, name: str, found: Routed) -> None:
        contact = self.find(name)
        missed = _missed(concern, name, contact)
        if contact and contact.address and (missed is None or missed.why == "away"):
            _add(found, Recipient(contact.address, contact.name, contact.language))
        if missed is None:
            return
        found.missed.append(missed)
        manager = self.find(contact.manager) if contact and contact.manager else None
        if manager and _missed(concern, manager.name, manager) is None:
            _add(found, Recipient(manager.address, manager.name, manager.language, (missed,)))
        else:
            self._role(concern, (missed,), found)

    def _role(self, concern: Concern, instead: tuple[Missed, ...], found: Routed) -> None:
        for one in self._holding(concern):
            _add(found, Recipient(one.address, one.name, one.language, instead))
        for box in self.common:
            _add(found, Recipient(box.address, box.name, box.language, instead))

    def _holding(self, concern: Concern) -> Iterator[Contact]:
        """Whoever has the role and did not turn it off; who is away finds it on coming back."""
        for one in self.contacts:
            missed = _missed(concern, one.name, one)
            if concern.role in one.roles and (missed is None or missed.why == "away"):
                yield one


def _add(found: Routed, told: Recipient) -> None:
    found.to.setdefault(told.address.casefold(), told)


def _missed(concern: Concern, name: str, contact: Contact | None) -> Missed | None:
    """Why somebody is not reached; ``None``: they are."""
    if contact is None:
        return Missed(name, "unknown")
    if contact.gone:
        return Missed(contact.name, "gone")
    if not contact.address:
        return Missed(contact.name, "no_address")
    if concern.kind in contact.muted and concern.kind not in MANDATORY:
        return Missed(contact.name, "quiet")
    return Missed(contact.name, "away", contact.away_until) if contact.away_until else None
