"""The places of the drawing in and out of their table."""

from negatoscope.store.models import LayoutRow


def body(practice: int) -> str | None:
    """What was settled last; ``None``: nothing yet."""
    return LayoutRow.objects.filter(practice_id=practice).values_list("body", flat=True).first()


def keep(practice: int, settled: str) -> None:
    """Keep what is settled now."""
    LayoutRow.objects.update_or_create(practice_id=practice, defaults={"body": settled})
