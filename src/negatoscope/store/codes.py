"""Sealed alarm codes in their table: what is written here is sealed already."""

from datetime import datetime

from negatoscope.model.keys import AlarmCode
from negatoscope.store.models import SealedCodeRow, SubjectRow

__all__ = ["SealedCodeRow", "drop_unlisted", "every", "exist", "named", "put", "remove", "seal_anew"]


def exist() -> bool:
    """Whether any code is sealed at all, of any practice: they share the key file."""
    return SealedCodeRow.objects.exists()


def every() -> list[SealedCodeRow]:
    """The codes of all practices."""
    return list(SealedCodeRow.objects.all())


def named(practice: int, ref: str) -> SealedCodeRow | None:
    """The code of one alarm."""
    return SealedCodeRow.objects.filter(practice_id=practice, ref=ref).first()


def drop_unlisted(practice: int) -> None:
    """Drop the codes of alarms that the register lists no more, however that came about."""
    rows = SealedCodeRow.objects.filter(practice_id=practice)
    if rows.exists():
        listed = SubjectRow.objects.filter(practice_id=practice, kind=AlarmCode.__name__).values("ref")
        rows.exclude(ref__in=listed).delete()


def put(practice: int, ref: str, sealed: bytes, at: datetime, by: str) -> None:
    """Write a code; it replaces the one of that alarm."""
    told = {"sealed": sealed, "kept_at": at, "kept_by": by}
    SealedCodeRow.objects.update_or_create(practice_id=practice, ref=ref, defaults=told)


def seal_anew(row: SealedCodeRow, sealed: bytes) -> None:
    """Replace sealed bytes by the same, sealed by another key."""
    SealedCodeRow.objects.filter(pk=row.pk).update(sealed=sealed)


def remove(practice: int, ref: str) -> bool:
    """Take a code away; returns whether there was one."""
    return bool(SealedCodeRow.objects.filter(practice_id=practice, ref=ref).delete()[0])
