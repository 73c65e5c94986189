"""The practice and its places."""

from negatoscope.model.premises import Site
from negatoscope.store.models import PracticeRow, SiteRow
from negatoscope.store.queries.register import declared


def first() -> int:
    """The console's practice: one so far."""
    return PracticeRow.objects.order_by("pk").values_list("pk", flat=True)[0]


def sites(practice: int) -> dict[int, str]:
    """The places on which a role may be held: the console's own first, under the name that people gave it."""
    rows = SiteRow.objects.filter(practice_id=practice).order_by("pk")
    return {row.pk: row.name for row in rows}


def declared_sites(practice: int) -> list[str]:
    """Names of the places that the register declares."""
    return sorted({one.name for one in declared(practice, Site)})


def site(practice: int) -> int:
    """The first place of a practice."""
    return SiteRow.objects.filter(practice_id=practice).order_by("pk").values_list("pk", flat=True)[0]
