"""Where each list of the register stands: how long it is, whether it is complete, and which films wait for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.urls import reverse

from negatoscope.judge.catalogue import RULES
from negatoscope.judge.coverage import LIST_STANDS, swept_as
from negatoscope.kit.clock import utc_now
from negatoscope.model.family import Family
from negatoscope.model.verdict import Verdict
from negatoscope.store.queries import judgements, lists


@dataclass(frozen=True)
class Shelf:
    """One list: how it stands now."""

    family: Family
    count: int
    complete_at: datetime | None
    """When somebody last declared it complete."""
    stands_until: datetime | None
    """Until when that word is taken; ``None``: nobody gave it, or no control asks for it."""
    rules: tuple[int, ...]
    """The rules whose controls read it."""
    waiting: tuple[int, ...]
    """Those whose film is unlit while the list is open."""

    @property
    def stale(self) -> bool:
        """It was declared complete, too long ago for the controls that read it."""
        return self.stands_until is not None and self.stands_until < utc_now()

    @property
    def url(self) -> str:
        """Its page."""
        own = self.family.own_page
        return reverse(own) if own else reverse("family", args=[self.family.name])


@cache
def reading(kind: str) -> Mapping[int, timedelta]:
    """The rules whose measured controls read a kind, and how long each takes a list for complete."""
    found: dict[int, timedelta] = {}
    for rule in RULES:
        for control in rule.controls.values():
            if control.logic and kind in {swept_as(one) for one in control.kinds}:
                number = int(rule.id.removeprefix("R"))
                stands = max(control.fresh or rule.fresh, LIST_STANDS)
                found[number] = min(stands, found.get(number, stands))
    return found


def shelves(practice: int, families: Iterable[Family]) -> list[Shelf]:
    """How these lists stand."""
    counts, closed, dark = lists.counts(practice), lists.closed(practice), _dark(practice)
    found = []
    for family in families:
        rules = reading(family.kind)
        at = closed.get(family.kind)
        until = at + min(rules.values()) if at and rules else None
        open_yet = family.closable and (until is None or until < utc_now())
        waiting = tuple(number for number in rules if open_yet and number in dark)
        found.append(Shelf(family, counts.get(family.kind, 0), at, until, tuple(rules), waiting))
    return found


def shelf(practice: int, family: Family) -> Shelf:
    """How one list stands."""
    return shelves(practice, (family,))[0]


def _dark(practice: int) -> frozenset[int]:
    box = judgements.light_box(practice)
    films = box.films if box else ()
    dark = frozenset(film.number for film in films if film.verdict is Verdict.UNPROVEN)
    return dark if box else frozenset(range(1, len(RULES) + 1))
