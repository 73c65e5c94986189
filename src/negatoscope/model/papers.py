"""The practice's written texts, who signed or read them, and the leaders' yearly look at the policy.

Kept here (``KEPT_HERE``): a signature that this console does not hold does not count.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class PaperKind(StrEnum):
    """What is signed."""

    POLICY = "policy"
    """The written security policy: signed by the director, read by everyone."""
    CHARTER = "charter"
    """What each person commits to."""
    TRAINING = "training"
    """A session followed; it has no text."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The text in force: its version, and the document in the vault. An earlier version is in the journal."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    kind: PaperKind
    version: int
    signed_by: str
    """The director's name, as they signed."""
    signed_at: datetime
    document_digest: str
    """sha256 of the document in the vault."""
    document_name: str

    @property
    def ref(self) -> Ref:
        """``paper/<kind>``."""
        return f"paper/{self.kind.value}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A person read the policy, signed the charter or followed the training; the newest of each counts."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    person: Ref
    kind: PaperKind
    signed_on: date | None = None
    version: int | None = None
    """Of the text; a training has none."""
    recorded_by: str | None = None
    """Who recorded it: the person, or whoever holds the signed sheet."""

    @property
    def ref(self) -> Ref:
        """``signature/<ident>/<kind>``."""
        return f"signature/{self.person.removeprefix('person/')}/{self.kind.value}"


@dataclass(frozen=True, slots=True)
class PolicyReview:
    """The leaders looked at how the policy is applied."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    on: date
    by: str
    concluded: str
    """What they decided, in their own words."""

    @property
    def ref(self) -> Ref:
        """``policyreview/<day>``."""
        return f"policyreview/{self.on}"
