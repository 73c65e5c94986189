"""What the vault's journal says happened, in order: enough to rebuild the register and every judgement."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from negatoscope.model.evidence import Gap


class Observed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="entry", tag="observation"):
    """A look: who looked where, when, with which settings, and what the bytes it brought back hash to."""

    sequence: int
    collector: str
    target: str
    started: datetime
    ended: datetime
    """When what it says was true: freshness counts from here."""
    recorded: datetime
    """When it entered the register; later than ``ended`` for a list or scan of an earlier day."""
    digest: str
    operator: str
    act: str
    """What the ledger calls it: ``observation``, ``edit``, ``import``, ``attestation``, ``configuration`` …"""
    settings: dict[str, Any]
    complete: bool
    """``False``: the capture stopped half-way; it is kept, and not read."""
    gaps: tuple[Gap, ...] = ()
    parcel: str | UnsetType = UNSET
    """Of a look made by a probe: its id and the number of the parcel, ``<id>/<number>``; registered once. Left out of
    all other entries, whose digests stand in the ledger as they were written."""
    site: str | UnsetType = UNSET
    """Of a look made on another site than the console's: the site's name."""


class Judged(Struct, frozen=True, forbid_unknown_fields=True, tag_field="entry", tag="judgement"):
    """Forty verdicts were pronounced at an instant. ``digest``: the vault's name for them, in canonical JSON."""

    sequence: int
    at: datetime
    digest: str
    edition: str
    """Which edition of the product judged: the same one must judge alike on replay."""


JournalEntry = Observed | Judged
