"""What came from those who send logs, counted in its table."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from django.db import transaction

from negatoscope.store.models import SourceHourRow

KEPT_FOR = timedelta(days=400)


class Counted(Protocol):
    """One sender's hour, as it was counted."""

    first: datetime
    last: datetime
    received: int
    octets: int
    lost: Counter[str]
    longest: float


def add(practice: int, told: Mapping[tuple[str, datetime], Counted]) -> None:
    """Add what was counted since the last time; all of it or nothing."""
    with transaction.atomic():
        for (sender, hour), counted in sorted(told.items()):
            row, made = SourceHourRow.objects.select_for_update().get_or_create(
                practice_id=practice,
                sender=sender[:250],
                hour=hour,
                defaults={"first": counted.first, "last": counted.last},
            )
            if not made:
                row.first, row.last = min(row.first, counted.first), max(row.last, counted.last)
            row.received += counted.received
            row.octets += counted.octets
            row.longest = max(row.longest, counted.longest)
            row.lost = dict(Counter(row.lost) + counted.lost)
            row.save()


def skewed(practice: int, sender: str, hour: datetime, seconds: float) -> None:
    """By how much a sender's clock was behind ours in this hour, seconds."""
    SourceHourRow.objects.filter(practice_id=practice, sender=sender, hour=hour).update(skew=seconds)


def days_heard(practice: int) -> set[date]:
    """Days, in UTC, on which records were kept."""
    hours = SourceHourRow.objects.filter(practice_id=practice, received__gt=0).values_list("hour", flat=True)
    return {hour.astimezone(UTC).date() for hour in hours.distinct()}


def forget(practice: int, now: datetime) -> None:
    """Let go of hours that are long past."""
    SourceHourRow.objects.filter(practice_id=practice, hour__lt=now - KEPT_FOR).delete()
