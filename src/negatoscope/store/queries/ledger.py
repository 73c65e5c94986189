"""The ledger as a page shows it."""

from dataclasses import dataclass
from datetime import datetime

from negatoscope.store.models import CheckpointRow, LedgerRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the chain."""

    sequence: int
    at: datetime
    kind: str
    actor: str
    digest: str
    hash: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint: size and head at an instant, and the public key that signed it."""

    size: int
    head: str
    at: datetime
    key: str


REACH = Reach(
    searched=("kind", "actor", "digest", "hash"),
    sorted={name: name for name in ("sequence", "at", "kind", "actor")},
    first_descending=True,
    filtered={"kind": "kind"},
)


def lines(ask: Ask) -> Found[Line]:
    """A page of the ledger."""
    return pick(LedgerRow.objects.all(), ask, REACH, _line)


def kinds() -> list[str]:
    """The kinds of entry that the ledger holds."""
    return list(LedgerRow.objects.order_by("kind").values_list("kind", flat=True).distinct())


def last() -> Line | None:
    """The newest entry."""
    row = LedgerRow.objects.order_by("-sequence").first()
    return _line(row) if row else None


def last_checkpoint() -> Signed | None:
    """The newest checkpoint."""
    row = CheckpointRow.objects.order_by("-id").first()
    return Signed(row.size, row.head, row.at, row.key) if row else None


def _line(row: LedgerRow) -> Line:
    return Line(**{name: getattr(row, name) for name in Line.__dataclass_fields__})
