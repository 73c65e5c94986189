"""What came, went and moved on the map between two dates."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.flows.drawing import lay
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.store.queries import changes as history
from negatoscope.store.queries import observations
from negatoscope.store.queries.changes import Change
from negatoscope.store.queries.paging import Ask
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.changing import MANY, SIGNS, SORTS, detail, marks, screen
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name, subject_url

MONTH = timedelta(days=30)
OFFERED = 60
"""Looks among which dates are offered."""


COLUMNS: tuple[Column[Change], ...] = (
    Column("sort", gettext_lazy("Quoi"), lambda row: SORTS[row.sort]),
    Column("kind", gettext_lazy("Genre"), lambda row: texts.kind(row.kind, desk.language())),
    Column(
        "ref",
        gettext_lazy("Sujet"),
        lambda row: subject_name(row.ref),
        link=lambda row: None if row.sort == "gone" else subject_url(row.ref),
    ),
    Column("host", gettext_lazy("Équipement"), lambda row: subject_name(row.host) if row.host else None),
    Column("what", gettext_lazy("Détail"), lambda row: detail(row) or None),
    Column("at", gettext_lazy("Quand"), lambda row: row.at, "instant"),
)
CHOICES: tuple[Choice[Change], ...] = (
    Choice("quoi", gettext_lazy("Quoi"), tuple(SORTS.items()), lambda row: row.sort),
)


@dataclass(frozen=True)
class Span:
    """Two instants, and everything that differs between them."""

    since: datetime
    until: datetime
    changes: list[Change]


@needs(Role.READER)
@require_GET
def drawing_changes(request: Visit) -> HttpResponse:
    """Two dates, and what differs between them as the register's history tells it: drawn, and as a table."""
    span = _span(request)
    looks = observations.observations(desk.practice(request), Ask(stop=OFFERED)).rows
    empty = Empty(_("Rien n’a changé sur la carte entre ces deux dates."))
    table = Table("changements", _("Ce qui a changé"), COLUMNS, listed(span.changes, COLUMNS, CHOICES), empty, CHOICES)
    points = Counter[str](mark.sort for mark in marks(span.changes).values())
    rows = Counter[str](one.sort for one in span.changes)
    since, until = localtime(span.since).date(), localtime(span.until).date()
    context = {
        "since": since,
        "until": until,
        "since_text": since.isoformat(),
        "until_text": until.isoformat(),
        "changed": bool(span.changes),
        "cut": len(span.changes) >= history.AT_MOST,
        "counts": [(sort, SIGNS[sort], title, points[sort]) for sort, title in MANY.items()],
        "told": [(title, rows[sort]) for sort, title in MANY.items()],
        "days": sorted({localtime(look.ended).date() for look in looks}, reverse=True),
    }
    return answer(request, "drawing/changes.html", table, context)


@needs(Role.READER)
@require_GET
def drawing_changes_data(request: Visit) -> HttpResponse:
    """What the page's script draws: the map, and what differs on it."""
    laid = lay(desk.console(request))
    return JsonResponse(screen(laid, frozenset(request.GET.getlist("ouvre")), _span(request).changes))


def _span(request: Visit) -> Span:
    now = utc_now()
    since = _instant(request.GET.get("depuis", ""), time.min, now - MONTH)
    until = _instant(request.GET.get("jusque", ""), time.max, now)
    return Span(since, until, history.between(desk.practice(request), since, until))


def _instant(told: str, at: time, otherwise: datetime) -> datetime:
    """The beginning or the end of a day, Paris time; what is no day is passed over."""
    try:
        return datetime.combine(date.fromisoformat(told), at, ZoneInfo(settings.TIME_ZONE))
    except ValueError:
        return otherwise
