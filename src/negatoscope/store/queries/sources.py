"""Those who send logs: their hours."""

from datetime import datetime, timedelta

from negatoscope.model.hearing import SourceHour
from negatoscope.store.models import SourceHourRow


def hours(practice: int, since: datetime) -> dict[str, tuple[SourceHour, ...]]:
    """What came since an instant, by sender, the oldest hour first; senders by name."""
    found: dict[str, list[SourceHour]] = {}
    for row in SourceHourRow.objects.filter(practice_id=practice, hour__gte=since).order_by("hour"):
        found.setdefault(row.sender, []).append(_hour(row))
    return {sender: tuple(found[sender]) for sender in sorted(found)}


def _hour(row: SourceHourRow) -> SourceHour:
    skew = None if row.skew is None else timedelta(seconds=row.skew)
    return SourceHour(row.hour, row.first, row.last, row.received, timedelta(seconds=row.longest), row.lost, skew)
