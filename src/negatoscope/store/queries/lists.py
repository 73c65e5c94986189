"""Lists that people keep: how long each is, and when it was last declared complete."""

from datetime import datetime

from django.db.models import Count, Max

from negatoscope.store.models import SubjectRow, SweepRow


def counts(practice: int) -> dict[str, int]:
    """How many things the register knows of each kind."""
    rows = SubjectRow.objects.filter(practice_id=practice).values("kind").annotate(n=Count("id"))
    return dict(rows.values_list("kind", "n"))


def closed(practice: int) -> dict[str, datetime]:
    """When each list of the whole practice was last declared complete."""
    rows = SweepRow.objects.filter(practice_id=practice, host="", network="").values("kind")
    return dict(rows.annotate(at=Max("observation__ended")).values_list("kind", "at"))
