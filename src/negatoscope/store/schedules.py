"""Rhythms in their table."""

from datetime import datetime
from typing import Any

from negatoscope.store.models import ScheduleRow

__all__ = ["ScheduleRow", "any_due", "due", "next_time", "put", "remove", "turn"]


def put(practice: int, said: dict[str, Any], *, next_at: datetime, created_by: str) -> None:
    """Write the rhythm of a look; it replaces the one before."""
    told = dict(said)
    look = {name: told.pop(name, None) for name in ("collector", "target", "probe_id")}
    fields = {**told, "next_at": next_at, "created_by": created_by, "active": True}
    ScheduleRow.objects.update_or_create(practice_id=practice, **look, defaults=fields)


def any_due(practice: int, now: datetime) -> bool:
    """Whether some instant has come."""
    return ScheduleRow.objects.filter(practice_id=practice, active=True, next_at__lte=now).exists()


def due(practice: int, now: datetime) -> list[ScheduleRow]:
    """Rhythms whose instant has come."""
    return list(
        ScheduleRow.objects.filter(practice_id=practice, active=True, next_at__lte=now).order_by("next_at", "pk")
    )


def next_time(row: ScheduleRow, at: datetime) -> None:
    """Store the next instant."""
    ScheduleRow.objects.filter(pk=row.pk).update(next_at=at)


def turn(practice: int, number: int, now: datetime, *, active: bool) -> bool:
    """Pause or resume; returns whether there was such a rhythm."""
    found = ScheduleRow.objects.filter(practice_id=practice, pk=number)
    return bool(found.update(active=True, next_at=now) if active else found.update(active=False))


def remove(practice: int, number: int) -> bool:
    """Take a rhythm away; returns whether there was one."""
    return bool(ScheduleRow.objects.filter(practice_id=practice, pk=number).delete()[0])
