"""The practice's own rows."""

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from negatoscope.store.models import PracticeRow, SiteRow


def first() -> tuple[int, int]:
    """The console's practice and its first site, made at the first need; returns their keys."""
    practice, _ = PracticeRow.objects.get_or_create(pk=1, defaults={"name": ""})
    site, made = SiteRow.objects.get_or_create(practice=practice, pk=1, defaults={"name": ""})
    if made:
        _count_on(PracticeRow, SiteRow)
    return practice.pk, site.pk


def _count_on(*tables: type[Model]) -> None:
    """A key that was given by hand is one that the table's own counter must not give again."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def lock(practice: int) -> None:
    """One writer at a time, until the transaction ends; rows that only point at the practice need not wait.

    The embedded database has no such lock: there, a transaction that may write holds the whole database (settings).
    """
    PracticeRow.objects.select_for_update(no_key=True).get(pk=practice)


def rename(practice: int, name: str) -> None:
    """Give the practice its name."""
    PracticeRow.objects.filter(pk=practice).update(name=name)


def place(practice: int, name: str) -> int:
    """The key of one of the practice's places, by its name; made at the first need."""
    return SiteRow.objects.get_or_create(practice_id=practice, name=name)[0].pk


def many_places(practice: int) -> bool:
    """Whether the practice has more than the console's own place."""
    return SiteRow.objects.filter(practice_id=practice).count() > 1


def name(practice: int) -> str:
    """What the practice is called; empty until somebody says."""
    return PracticeRow.objects.get(pk=practice).name
