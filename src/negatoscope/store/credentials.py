"""Sealed log-ins in their table: what is written here is sealed already."""

from datetime import datetime
from typing import Any

from negatoscope.store.models import CredentialRow

__all__ = ["CredentialRow", "all_of", "every", "exist", "named", "put", "remove", "seal_anew", "use"]


def exist() -> bool:
    """Whether anything is sealed at all, of any practice: they share the key file."""
    return CredentialRow.objects.exists()


def all_of(practice: int) -> list[CredentialRow]:
    """The log-ins of a practice, by name."""
    return list(CredentialRow.objects.filter(practice_id=practice).order_by("name"))


def every() -> list[CredentialRow]:
    """The log-ins of all practices."""
    return list(CredentialRow.objects.all())


def named(practice: int, name: str) -> CredentialRow | None:
    """One log-in."""
    return CredentialRow.objects.filter(practice_id=practice, name=name).first()


def put(practice: int, name: str, **fields: Any) -> None:  # noqa: ANN401 -- columns of the row
    """Write a log-in; it replaces the one of that name."""
    CredentialRow.objects.update_or_create(practice_id=practice, name=name, defaults=fields)


def seal_anew(row: CredentialRow, sealed: bytes) -> None:
    """Replace sealed bytes by the same, sealed by another key."""
    CredentialRow.objects.filter(pk=row.pk).update(sealed=sealed)


def remove(practice: int, name: str) -> bool:
    """Take a log-in away; returns whether there was one."""
    return bool(CredentialRow.objects.filter(practice_id=practice, name=name).delete()[0])


def use(practice: int, name: str, at: datetime) -> None:
    """Note that a look borrowed it."""
    CredentialRow.objects.filter(practice_id=practice, name=name).update(used_at=at)
