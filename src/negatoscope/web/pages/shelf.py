"""The register's front page: every list, how it stands, and which to fill first."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.model.families import GROUPS
from negatoscope.observe.spreadsheet.families import FAMILIES
from negatoscope.store.queries import lists
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.shelves import Shelf, shelves

FIRST = 5
"""How many lists are offered to be filled first."""
INSTRUMENTS: tuple[tuple[str, str, str | Promise], ...] = (
    ("Host", "hosts", gettext_lazy("Équipements")),
    ("Network", "networks", gettext_lazy("Réseaux déclarés")),
)
"""Kinds with pages of their own that no spreadsheet lists."""


@dataclass(frozen=True)
class Seen:
    """A kind that instruments see, and how many."""

    page: str
    title: str | Promise
    count: int


@needs(Role.READER)
@require_GET
def register(request: Visit) -> HttpResponse:
    """Show every list by topic."""
    practice = desk.practice(request)
    lang = desk.language()
    found = shelves(practice, FAMILIES.values())
    topics = [(name, words.say(lang), [_told(one, lang) for one in found if one.family.group == name])
              for name, words in GROUPS.items()]  # fmt: skip
    first = sorted((one for one in found if one.waiting), key=lambda one: -len(one.waiting))[:FIRST]
    counts = lists.counts(practice)
    seen = [Seen(page, title, counts.get(kind, 0)) for kind, page, title in INSTRUMENTS]
    context = {"topics": topics, "first": [_told(one, lang) for one in first], "seen": seen}
    return render(request, "families/register.html", context)


def _told(one: Shelf, lang: str) -> dict[str, object]:
    family = one.family
    return {"shelf": one, "name": family.name, "title": family.title.say(lang), "why": family.why.say(lang)}
