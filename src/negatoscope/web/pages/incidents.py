"""Incidents: all of them, and opening one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import lettering, naming, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.responding import Beginning
from negatoscope.model.alert import Alert
from negatoscope.model.incident import Origin
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import alerts
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries.incidents import Listed
from negatoscope.store.roles import Role
from negatoscope.web import desk, exports
from negatoscope.web import incident_labels as names
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.incidents import OpenForm
from negatoscope.web.labels import label
from negatoscope.web.tables import Choice, Column, Empty, Table, export, show


@needs(Role.READER)
@require_GET
def incidents(request: Visit) -> HttpResponse:
    """List incidents, the newest first; those that go on stand above."""
    practice = desk.practice(request)
    table = _table(practice)
    wanted = request.GET.get("format")
    if wanted in exports.FORMATS:
        return export(request, table, wanted)
    standing = [(one, label(names.SHORT_STATES, one.state)) for one in held.standing(practice)]
    context = {"table": show(request, table), "standing": standing}
    alone = request.htmx.target == "table"
    return render(request, "web/table.html" if alone else "incidents/list.html", context)


def _table(practice: int) -> Table[Listed]:
    columns: tuple[Column[Listed], ...] = (
        Column("number", gettext_lazy("Numéro"), lambda row: row.number, "number", link=_page),
        Column("title", gettext_lazy("Incident"), lambda row: row.title, link=_page),
        Column("state", gettext_lazy("État"), lambda row: label(names.SHORT_STATES, row.state), sortable=False),
        Column("origin", gettext_lazy("Origine"), lambda row: label(names.ORIGINS, row.origin), sortable=False),
        Column("opened", gettext_lazy("Ouvert"), lambda row: row.opened_at, "instant"),
        Column("last", gettext_lazy("Dernière ligne"), lambda row: row.last_at, "instant"),
    )
    choices: tuple[Choice[Listed], ...] = (
        Choice("etat", gettext_lazy("État"), tuple(names.SHORT_STATES.items())),
        Choice(
            "origine",
            gettext_lazy("Origine"),
            tuple(each for each in names.ORIGINS.items() if each[0] != Origin.EXERCISE),
        ),
    )
    says = _("Aucun incident. Si quelque chose vous inquiète, ouvrez-en un : il se clôt aussi.")
    empty = Empty(says, reverse("incident_open"), _("Ouvrir un incident"))
    return Table("incidents", _("Incidents"), columns, lambda ask: held.page(practice, ask), empty, choices)


def _page(row: Listed) -> str:
    return reverse("incident", args=[row.number])


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_open(request: Visit) -> HttpResponse:
    """Open an incident, by hand or from an alert; nothing but one line is asked."""
    practice = desk.practice(request)
    alert = _alert(practice, request.GET.get("alerte", ""))
    before = held.of_alert(practice, alert.number) if alert else None
    if before is not None:
        return redirect("incident", before)
    form = OpenForm(request.POST or None, initial={"title": _titled(practice, alert)} if alert else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("incident", _opened(request, alert, form))
        except Refused as refused:
            form.add_error("title", label(names.REFUSED, refused.code))
    context = {"form": form, "alert": alert}
    return render(request, "incidents/open.html", context, status=422 if form.errors else 200)


def _opened(request: Visit, alert: Alert | None, form: OpenForm) -> int:
    console, who, told = (
        desk.console(request),
        Handler(desk.operator(request), desk.signature(request)),
        form.cleaned_data,
    )
    if alert is not None:
        number = responding.open_from_alert(console, alert.number, told["title"], who, told["words"])
    else:
        number = responding.open_incident(
            console, Beginning(told["title"], told["words"], detected=told["detected"]), who
        )
    messages.success(
        request, _("L’incident est ouvert. Notez ici tout ce qui se passe : chaque ligne garde son heure.")
    )
    return number


def _alert(practice: int, number: str) -> Alert | None:
    if not number:
        return None
    return desk.found(alerts.alert(practice, int(number)) if number.isascii() and number.isdigit() else None)


def _titled(practice: int, one: Alert) -> str:
    lang = desk.language()
    title = alerts.titles([one.number]).get(one.number) or lettering.alert(one.kind, one.code, lang)
    return _("%(what)s : %(said)s") % {"what": title, "said": naming.known_as(practice, one.subject, lang)}
