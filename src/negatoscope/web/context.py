"""What every page needs around it: theme, language, navigation."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as stored
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from negatoscope.flows.decaying import decaying
from negatoscope.kit.clock import utc_now
from negatoscope.store.roles import Role
from negatoscope.web import labels
from negatoscope.web.access import Needs, may
from negatoscope.web.desk import DECAYS

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
BADGE_SECONDS = 120


@dataclass(frozen=True)
class Room:
    """One entry of the navigation, and the pages that belong to it."""

    url: str
    title: str | Promise
    here: bool
    pages: tuple[tuple[str, str | Promise, bool], ...] = ()


@dataclass(frozen=True)
class Group:
    """Pages that answer one kind of question.

    ``pages`` stand in the second line of the header: keep it to the few that people open weekly, and link the others
    from these. ``inside``: further routes during which the group stays marked. A group without a page that the visitor
    may open is not shown.
    """

    title: str | Promise
    pages: tuple[tuple[str, str | Promise], ...]
    inside: frozenset[str] = frozenset()


GROUPS: tuple[Group, ...] = (
    Group(
        _("Règles"),
        (("lightbox", _("Films")), ("coverage", _("Couverture"))),
        frozenset({"film", "control", "attest", "waive"}),
    ),
    Group(
        _("Registre"),
        (
            ("register", _("Tout le registre")),
            ("drawing", _("Carte")),
            ("hosts", _("Équipements")),
            ("differences", _("Écarts")),
            ("accounts", _("Comptes")),
            ("persons", _("Personnes")),
            ("directories", _("Annuaires")),
            ("networks", _("Réseaux")),
            ("segmentation", _("Cloisonnement")),
            ("imports", _("Imports")),
        ),
        frozenset(
            {
                "drawing_changes",
                "drawing_sealed",
                "family",
                "family_add",
                "alarm_code",
                "family_item",
                "family_remove",
                "family_close",
                "host",
                "host_add",
                "sightings",
                "host_retire",
                "host_ports",
                "host_walls",
                "host_software",
                "host_consent",
                "subject",
                "account_declare",
                "directory",
                "password_profile",
                "person",
                "case_open",
                "import_family",
                "import_check",
                "segmentation_cell",
                "segmentation_exits",
                "segmentation_preset",
            }
        ),
    ),
    Group(
        _("Relevés"),
        (
            ("collectors", _("Collecteurs")),
            ("probes", _("Sondes")),
            ("reception", _("Réception")),
            ("talks", _("Flux du réseau")),
            ("log_sources", _("Sources de journaux")),
            ("schedules", _("Plannings")),
            ("observations", _("Observations")),
        ),
        frozenset(
            {
                "observation",
                "collector",
                "job",
                "credentials",
                "credential",
                "servers",
                "trials",
                "probe",
                "probe_revoke",
            }
        ),
    ),
    Group(
        _("Supervision"),
        (
            ("alerts", _("Alertes")),
            ("events", _("Journaux")),
            ("situations", _("Situations surveillées")),
            ("detection_rules", _("Règles de détection")),
            ("weeks", _("Relecture de la semaine")),
        ),
        frozenset(
            {
                "alert",
                "alerts_alike",
                "alert_exempt",
                "detection_rule",
                "events_question",
                "rule_coverage",
                "rule_files",
                "rule_own",
                "rule_spare",
                "situation",
                "week",
            }
        ),
    ),
    Group(
        _("Incidents"),
        (
            ("incidents", _("Incidents")),
            ("tips", _("Signalements")),
            ("reflexes", _("Fiches réflexes")),
            ("exercises", _("Exercices")),
        ),
        frozenset(
            {
                "tip",
                "exercise",
                "exercise_result",
                "reflex",
                "tip_door",
                "tip_poster",
                "incident",
                "incident_open",
                "incident_calendars",
                "incident_reflex",
                "incident_reflexes",
                "incident_team",
                "incident_containment",
                "incident_evidence",
                "incident_touched",
                "incident_duties",
                "incident_closing",
                "incident_strike",
            }
        ),
    ),
    Group(
        _("Suivi"),
        (
            ("actions", _("Plan d’action")),
            ("cases", _("Arrivées et départs")),
            ("attestations", _("Attestations")),
            ("campaigns", _("Revues")),
            ("papers", _("Textes et signatures")),
            ("chain", _("Chaîne d’alerte")),
        ),
        frozenset({"action", "plan", "case", "role_templates", "attest_many", "campaign", "policy"}),
    ),
    Group(_("Rapports"), (("report", _("Rapport")), ("ledger", _("Journal")))),
    Group(
        _("Administration"),
        (("users", _("Utilisateurs")), ("notices", _("Messages")), ("channels", _("Canaux d’alerte"))),
        frozenset({"user", "user_add", "channel", "channel_add"}),
    ),
)
"""The header, group by group. A new page hangs here with one line, in the group whose question it answers."""


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
        around |= {
            "rooms": _rooms(request, here),
            "practice_name": user.practice.name if user.practice else "",
            "may": {role.value: may(request, role) for role in Role},
            "lacking": lacking(request),
            "factor_by": user.second_factor_by,
            "decays": _decays(user.practice_id),
        }
    return around


def lacking(request: HttpRequest) -> str | Promise | None:
    """The role that a visitor lacks to send this page's own form; ``None``: they may, or it has none."""
    match = request.resolver_match
    asked: Needs | None = getattr(match.func, "needs", None) if match else None
    return None if asked is None or may(request, asked.act) else labels.ROLES[asked.act]


def _decays(practice: int | None) -> int:
    """How many proofs end within a week; counted again every few minutes."""
    if practice is None:
        return 0
    key = DECAYS % practice
    known: int | None = stored.get(key)
    if known is None:
        known = len(decaying(practice, utc_now()))
        stored.set(key, known, BADGE_SECONDS)
    return known


@cache
def _asked(name: str) -> Role:
    """The role that it takes to look at a page of the header."""
    page: Any = resolve(reverse(name)).func
    needs: Needs = page.needs
    return needs.look


def _rooms(request: HttpRequest, here: str | None) -> list[Room]:
    rooms = []
    for group in GROUPS:
        told = tuple((reverse(name), text, name == here) for name, text in group.pages if may(request, _asked(name)))
        if told:
            inside = here in group.inside or any(name == here for name, _text in group.pages)
            rooms.append(Room(told[0][0], group.title, inside, told))
    return rooms
