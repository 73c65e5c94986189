"""The ledger in its tables; its arithmetic is in ``prove.ledger``, reached through flows."""

from collections.abc import Iterator
from typing import Any

from negatoscope.store.models import CheckpointRow, KeyChangeRow, LedgerRow

ENTRY = ("sequence", "at", "kind", "actor", "digest", "previous", "hash")
CHECKPOINT = ("size", "head", "at", "key", "signature")
KEY_CHANGE = ("old", "new", "old_signature", "new_signature")


def last() -> dict[str, Any] | None:
    """The newest entry's fields."""
    newest: dict[str, Any] | None = LedgerRow.objects.order_by("-sequence").values(*ENTRY).first()
    return newest


def add(fields: dict[str, Any]) -> None:
    """Append one entry."""
    LedgerRow.objects.create(**fields)


def entries() -> Iterator[dict[str, Any]]:
    """All entries, oldest first."""
    yield from LedgerRow.objects.order_by("sequence").values(*ENTRY).iterator(2000)


def add_checkpoint(fields: dict[str, Any]) -> None:
    """Keep a signed checkpoint."""
    CheckpointRow.objects.create(**fields)


def last_checkpoint() -> dict[str, Any] | None:
    """The newest checkpoint's fields."""
    newest: dict[str, Any] | None = CheckpointRow.objects.order_by("-id").values(*CHECKPOINT).first()
    return newest


def checkpoints() -> list[dict[str, Any]]:
    """All checkpoints, oldest first."""
    return list(CheckpointRow.objects.order_by("id").values(*CHECKPOINT))


def add_key_change(fields: dict[str, Any]) -> None:
    """Keep a succession of keys."""
    KeyChangeRow.objects.create(**fields)


def key_changes() -> list[dict[str, Any]]:
    """All successions, oldest first."""
    return list(KeyChangeRow.objects.order_by("id").values(*KEY_CHANGE))
