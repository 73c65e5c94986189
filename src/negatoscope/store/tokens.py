"""Tokens of those who send to us, in their table: only hashes are kept."""

from datetime import datetime, timedelta

from negatoscope.store.models import TokenRow

SEEN_EVERY = timedelta(minutes=1)
"""How precisely the last use of a token is told: not every post writes it."""


def add(practice: int, receiver: str, name: str, token_hash: str, made: tuple[str, datetime]) -> int:
    """Keep a new token's hash; returns its number. ``made``: by whom, and when."""
    by, at = made
    row = TokenRow.objects.create(
        practice_id=practice, receiver=receiver, name=name, token_hash=token_hash, created_at=at, created_by=by
    )
    return row.pk


def opens(receiver: str, token_hash: str) -> tuple[int, int, str] | None:
    """Number, practice and name of the unrevoked token with this hash."""
    row = TokenRow.objects.filter(receiver=receiver, token_hash=token_hash, revoked_at=None).first()
    return (row.pk, row.practice_id, row.name) if row else None


def used(number: int, at: datetime) -> None:
    """Tell that a token was shown."""
    TokenRow.objects.filter(pk=number).exclude(used_at__gt=at - SEEN_EVERY).update(used_at=at)


def revoke(practice: int, number: int, at: datetime) -> str | None:
    """Close a token for good; returns its name, ``None`` where there is none open."""
    row = TokenRow.objects.filter(practice_id=practice, pk=number, revoked_at=None).first()
    if row is None:
        return None
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    return row.name


def named(practice: int, receiver: str, name: str) -> bool:
    """Whether an open token already has this name."""
    return TokenRow.objects.filter(practice_id=practice, receiver=receiver, name=name, revoked_at=None).exists()
