"""The practice's own rows."""

from negatoscope.store.models import PracticeRow, SiteRow


def first() -> tuple[int, int]:
    """The console's practice and its first site, made at the first need; returns their keys."""
    practice, _ = PracticeRow.objects.get_or_create(pk=1, defaults={"name": ""})
    site, _ = SiteRow.objects.get_or_create(practice=practice, pk=1, defaults={"name": ""})
    return practice.pk, site.pk


def lock(practice: int) -> None:
    """One writer at a time, until the transaction ends."""
    PracticeRow.objects.select_for_update().get(pk=practice)


def rename(practice: int, name: str) -> None:
    """Give the practice its name."""
    PracticeRow.objects.filter(pk=practice).update(name=name)


def name(practice: int) -> str:
    """What the practice is called; empty until somebody says."""
    return PracticeRow.objects.get(pk=practice).name
