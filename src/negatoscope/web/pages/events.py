"""What devices wrote: search it by time, machine, person and words, and ask it as experts do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import hunting
from negatoscope.flows.naming import names
from negatoscope.model.event import Told
from negatoscope.store.events import columns
from negatoscope.store.queries.events import Bar, Refused, Span, Wanted
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.roles import Role
from negatoscope.web import desk, exports
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.event_labels import ACTIONS, OUTCOMES, REASONS, REFUSALS
from negatoscope.web.labels import label
from negatoscope.web.tables import Choice, Column, Empty, Table, answer
from negatoscope.web.templatetags.room import subject_url

DAYS = 7
"""How far back the page looks unless it is told otherwise."""
FAR = date(9000, 1, 1)
LONGEST = 200
SHOWN = 300
"""Signs of a line that the table shows."""
LONGEST_QUESTION = 10_000
HEIGHT, STEP = 48, 10
EXAMPLE = """SELECT product, action, ok, count(*) AS n
FROM events
WHERE happened > now() - INTERVAL 1 DAY
GROUP BY ALL ORDER BY n DESC"""


@dataclass(frozen=True)
class Drawn:
    """One bar of the time line, in the drawing's own units."""

    x: int
    y: float
    height: float
    failed_y: float
    failed: float
    bar: Bar


@needs(Role.OPERATOR)
@require_GET
def events(request: Visit) -> HttpResponse:
    """Search, with how many over time."""
    console = desk.console(request)
    named: dict[str, str] = {}
    wanted = _wanted(request)

    def source(ask: Ask) -> Found[Told]:
        found = hunting.hunt(console, desk.operator(request), _narrowed(wanted, ask), ask)
        named.update(names(console.practice, (ref for told in found.rows for ref in (told.person, told.host))))
        return found

    try:
        narrowed = _narrowed(wanted, _asked(request))
        drawn = _drawn(hunting.line(console, narrowed))
        always = msgspec.structs.replace(narrowed, since=None, until=None)
        elsewhere = None if drawn else hunting.span(console, always)
        heard = hunting.products(console, wanted.since or console.clock())
        table = Table("evenements", _("Événements"), _columns(named), source, _empty(), _choices(heard))
        context = {
            **_around(request, wanted),
            "drawn": drawn,
            "height": HEIGHT,
            "width": STEP * len(drawn),
            "elsewhere": elsewhere,
            "wider": elsewhere and _wider(request, elsewhere),
        }
        return answer(request, "events/page.html", table, context)
    except Refused as error:
        context = {**_around(request, wanted), "refused": REFUSALS[error.why]}
        return render(request, "events/page.html", context, status=503)


def _asked(request: Visit) -> Ask:
    """The search and the choices, for the time line."""
    only = {name: value for name in ("action", "resultat", "produit") if (value := request.GET.get(name))}
    return Ask(search=request.GET.get("q", "").strip()[:LONGEST], only=only)


def _wanted(request: Visit) -> Wanted:
    """What the address asks for beside what every table knows: the days, the machine, the person, the sender."""
    today = desk.console(request).clock()
    since = _day(request.GET.get("du")) or make_aware(datetime.combine((today - timedelta(days=DAYS)).date(), time()))
    until = _day(request.GET.get("au"))
    return Wanted(
        since=since,
        until=until and until + timedelta(days=1),
        host=request.GET.get("machine", "").strip()[:LONGEST],
        who=request.GET.get("qui", "").strip()[:LONGEST],
        sender=request.GET.get("source", "").strip()[:LONGEST],
    )


def _day(text: str | None) -> datetime | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return make_aware(datetime.combine(day, time())) if date.min < day < FAR else None


def _wider(request: Visit, span: Span) -> str:
    """The same search over all days of a span, as an address says it."""
    query = request.GET.copy()
    query["du"], query["au"] = (f"{localdate(at)}" for at in (span.first, span.last))
    return f"?{query.urlencode()}"


def _narrowed(wanted: Wanted, ask: Ask) -> Wanted:
    only = ask.only
    return msgspec.structs.replace(
        wanted,
        text=ask.search,
        action=only.get("action", ""),
        outcome=only.get("resultat", ""),
        product=only.get("produit", ""),
    )


def _columns(named: Mapping[str, str]) -> tuple[Column[Told], ...]:
    """``named``: people and hosts of the rows shown, filled as they are read."""
    return (
        Column("happened", gettext_lazy("Quand"), lambda row: row.event.at, "instant"),
        Column("action", gettext_lazy("Quoi"), _what),
        Column("ok", gettext_lazy("Résultat"), _outcome, sortable=False),
        Column("username", gettext_lazy("Qui"), lambda row: _named(named, row.person, row.event.user), link=_person),
        Column("host", gettext_lazy("Équipement"), lambda row: _named(named, row.host, row.event.host), link=_host),
        Column("source", gettext_lazy("Depuis"), lambda row: row.event.source),
        Column("target", gettext_lazy("Vers"), lambda row: row.event.target),
        Column("product", gettext_lazy("Produit"), lambda row: row.event.product),
        Column("message", gettext_lazy("Ce qui est écrit"), _line, "code", sortable=False),
    )


def _what(row: Told) -> str | None:
    return label(ACTIONS, row.event.action) if row.event.action else None


def _outcome(row: Told) -> str | None:
    if row.event.ok is None:
        return None
    said = label(OUTCOMES, "ok" if row.event.ok else "failed")
    return f"{said} : {label(REASONS, row.event.why)}" if row.event.why else said


def _named(named: Mapping[str, str], ref: str | None, written: str | None) -> str | None:
    return named.get(ref, ref.partition("/")[2]) if ref else written


def _person(row: Told) -> str | None:
    return subject_url(row.person) if row.person else None


def _host(row: Told) -> str | None:
    return subject_url(row.host) if row.host else None


def _line(row: Told) -> str:
    """The product's own words, or its fields where it writes none."""
    fields = row.event.fields
    message = fields.get("message")
    text = message if isinstance(message, str) else " ".join(f"{name}={value}" for name, value in fields.items())
    return f"{text[:SHOWN]}…" if len(text) > SHOWN else text


def _choices(heard: tuple[str, ...]) -> tuple[Choice[Told], ...]:
    return (
        Choice("action", gettext_lazy("Quoi"), [(one, words) for one, words in ACTIONS.items()]),
        Choice("resultat", gettext_lazy("Résultat"), [*OUTCOMES.items()]),
        Choice("produit", gettext_lazy("Produit"), [(one, one) for one in heard]),
    )


def _empty() -> Empty:
    return Empty(_("Aucun événement sur cette période avec ces filtres."))


def _around(request: Visit, wanted: Wanted) -> dict[str, object]:
    return {
        "wanted": wanted,
        "last_day": wanted.until and wanted.until - timedelta(days=1),
        "silent": not hunting.store(desk.console(request)).days(),
    }


def _drawn(bars: tuple[Bar, ...]) -> tuple[Drawn, ...]:
    top = max((bar.count for bar in bars), default=0) or 1
    told = []
    for place, bar in enumerate(bars):
        height, failed = HEIGHT * bar.count / top, HEIGHT * bar.failed / top
        told.append(Drawn(place * STEP, round(HEIGHT - height, 1), round(height, 1), round(HEIGHT - failed, 1),
                          round(failed, 1), bar))  # fmt: skip
    return tuple(told)


@needs(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def events_question(request: Visit) -> HttpResponse:
    """Ask as experts do: one SELECT."""
    asked = request.POST.get("sql", "").strip()[:LONGEST_QUESTION]
    context: dict[str, object] = {
        "sql": asked or EXAMPLE,
        "columns": columns().COLUMNS,
        "formats": tuple(exports.FORMATS),
    }
    if asked:
        try:
            found = hunting.question(desk.console(request), desk.operator(request), asked)
        except Refused as error:
            context |= {"refused": REFUSALS[error.why], "said": error.said}
        else:
            wanted = request.POST.get("format", "")
            if wanted in exports.FORMATS:
                data, kind = exports.FORMATS[wanted](_("Question"), found.titles, found.rows)
                return desk.download(request, "table question", data, f"negatoscope-question.{wanted}", kind)
            context["answer"] = found
    return render(request, "events/question.html", context, status=400 if "refused" in context else 200)
