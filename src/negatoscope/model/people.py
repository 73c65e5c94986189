"""People, and what they state and sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class StaffKind(StrEnum):
    """On which footing somebody works here."""

    STAFF = "staff"
    LOCUM = "locum"
    TRAINEE = "trainee"
    PROVIDER = "provider"
    """Employed by somebody else: a maintainer, a cleaner."""


@dataclass(frozen=True, slots=True)
class Person:
    """A human with access to the information system."""

    SCOPE: ClassVar[Scope] = "practice"

    ident: str
    """The practice's own identifier: a staff number or ``surname.firstname``."""
    name: str
    role: str | None = None
    arrived_on: date | None = None
    left_on: date | None = None
    email: str | None = None
    kind: StaffKind | None = None
    site: str | None = None
    """Where they mostly work, by the site's name."""
    manager: Ref | None = None
    """Who answers for their arrival and departure."""
    phone: str | None = None

    @property
    def ref(self) -> Ref:
        """``person/<ident>``."""
        return f"person/{self.ident}"


@dataclass(frozen=True, slots=True)
class Departure:
    """A person whose last day is known: the list of persons and the departure cases, reduced; the newest counts.

    Also one whose days were told otherwise once they had passed, whatever the list says now.
    """

    SCOPE: ClassVar[Scope] = "practice"
    SWEPT_AS: ClassVar[str] = "Person"

    holder: Ref
    left_on: date | None = None
    """The last day of presence, Paris time."""
    was_on: date | None = None
    """A last day that had passed when another was told, or none, without a word of a return since."""
    arrived_was: date | None = None
    """A first day that had passed when a later one was told."""

    @property
    def ref(self) -> Ref:
        """``departure/<ident>``."""
        return f"departure/{self.holder.removeprefix('person/')}"


@dataclass(frozen=True, slots=True)
class EarlierDay:
    """A first or last day that the list of persons told before. ``field``: ``arrived_on`` or ``left_on``."""

    field: str
    day: date
    until: date
    """When another word replaced it."""


def departure_of(person: Person, earlier: Iterable[EarlierDay] = ()) -> Departure | None:
    """Reduce a person to what is known of their leaving; ``None``: nothing is.

    A day moved before it came is a plan that changed; moved once it had passed, it is the past that changed.
    """
    passed = [one for one in earlier if one.day < one.until]
    last, first = person.left_on, person.arrived_on
    was = [one.day for one in passed if one.field == "left_on" and (last is None or last > one.day)]
    left = max((day for day in was if first is None or first <= day), default=None)
    came = [one.day for one in passed if one.field == "arrived_on" and first is not None and first > one.day]
    arrived = max(came, default=None)
    return None if last is left is arrived is None else Departure(person.ref, last, left, arrived)


@dataclass(frozen=True, slots=True)
class FormerHolder:
    """Somebody whom an earlier word named as holder of an account that is now said to be another's, or nobody's."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    account: Ref
    holder: Ref

    @property
    def ref(self) -> Ref:
        """``former/<account>/<ident>``."""
        return f"former/{self.account.removeprefix('account/')}/{self.holder.removeprefix('person/')}"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A signed, dated, expiring human statement about one attested control."""

    SCOPE: ClassVar[Scope] = "practice"

    control: str
    holds: bool
    """``False``: the person states that the obligation is not met."""
    statement: str
    signed_by: str
    signed_at: datetime
    expires_at: datetime
    document_name: str | None = None
    document_digest: str | None = None
    """sha256 of the document in the vault."""

    @property
    def ref(self) -> Ref:
        """``attestation/<control>``."""
        return f"attestation/{self.control}"

    def ends(self, longest: timedelta | None) -> datetime:
        """When it no longer counts; ``longest``: how long one of its control stands at most."""
        return self.expires_at if longest is None else min(self.expires_at, self.signed_at + longest)


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted deviation, with owner, compensation and end. It never changes a verdict."""

    SCOPE: ClassVar[Scope] = "practice"

    control: str
    subject: Ref
    owner: str
    compensation: str
    until: datetime

    @property
    def ref(self) -> Ref:
        """``waiver/<control>/<subject>``."""
        return f"waiver/{self.control}/{self.subject}"
