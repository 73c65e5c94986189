"""Review campaigns: a list is frozen, each line has a reviewer, and the signed whole becomes an attestation.

Kept here (``KEPT_HERE``): a campaign exists nowhere else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class Decision(StrEnum):
    """What a reviewer says of a line."""

    KEEP = "keep"
    REMOVE = "remove"
    CHANGE = "change"
    """It shall have another holder or another owner."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A list to be reviewed before a day, for one attested control."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    ident: str
    """``<control>-<day opened>``."""
    control: str
    opened_at: datetime
    opened_by: str
    due_on: date
    list_digest: str
    """sha256 of the frozen list in the vault."""
    size: int
    closed_at: datetime | None = None
    closed_by: str | None = None

    @property
    def ref(self) -> Ref:
        """``campaign/<ident>``."""
        return f"campaign/{self.ident}"


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One line of the frozen list, and what its reviewer said."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    campaign: Ref
    number: int
    subject: Ref
    why: str
    """What makes it listed, as codes: ``sudoers``, ``group:Domain Admins``."""
    reviewer: Ref | None = None
    """The person who answers for it; nobody: the campaign's opener must find one."""
    decision: Decision | None = None
    note: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None

    @property
    def ref(self) -> Ref:
        """``campaignline/<campaign>/<number>``."""
        return f"campaignline/{self.campaign.removeprefix('campaign/')}/{self.number}"

    @property
    def answered(self) -> bool:
        """A named person decided."""
        return self.decision is not None and bool(self.signed_by) and self.signed_at is not None
