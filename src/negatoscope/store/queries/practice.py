"""The practice and its places."""

from negatoscope.store.models import PracticeRow, SiteRow


def first() -> int:
    """The console's practice: one so far."""
    return PracticeRow.objects.order_by("pk").values_list("pk", flat=True)[0]


def site(practice: int) -> int:
    """The first place of a practice."""
    return SiteRow.objects.filter(practice_id=practice).order_by("pk").values_list("pk", flat=True)[0]
