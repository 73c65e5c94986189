"""What every page needs around it: theme, language, navigation."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"


@dataclass(frozen=True)
class Room:
    """One entry of the navigation, and the pages that belong to it."""

    url: str
    title: str | Promise
    here: bool
    pages: tuple[tuple[str, str | Promise, bool], ...] = ()


_ROOMS: tuple[tuple[str | Promise, tuple[tuple[str, str | Promise], ...], tuple[str, ...]], ...] = (
    (_("Règles"), (("lightbox", _("Films")), ("coverage", _("Couverture"))), ("film", "control", "attest", "waive")),
    (
        _("Registre"),
        (
            ("hosts", _("Équipements")),
            ("accounts", _("Comptes")),
            ("persons", _("Personnes")),
            ("networks", _("Réseaux")),
        ),
        ("host", "host_software", "host_consent", "subject"),
    ),
    (
        _("Observations"),
        (("observations", _("Observations")), ("collectors", _("Collecteurs")), ("imports", _("Imports"))),
        ("observation", "collector", "job", "import_family", "import_check"),
    ),
    (_("Preuves"), (("report", _("Rapport")), ("ledger", _("Journal"))), ()),
)


def room(request: HttpRequest) -> dict[str, object]:
    """Theme and, for those who logged in, the navigation with the present page marked."""
    theme = request.COOKIES.get(THEME_COOKIE)
    around: dict[str, object] = {
        "theme": theme if theme in THEMES else "auto",
        "demonstration": settings.CONFIG.demonstration,
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        here = request.resolver_match.url_name if request.resolver_match else None
        around |= {"rooms": _rooms(here), "practice_name": user.practice.name if user.practice else ""}
    return around


def _rooms(here: str | None) -> list[Room]:
    rooms = []
    for title, pages, others in _ROOMS:
        told = tuple((reverse(name), text, name == here) for name, text in pages)
        inside = here in others or any(name == here for name, _text in pages)
        rooms.append(Room(told[0][0], title, inside, told))
    return rooms
