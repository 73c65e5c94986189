"""Launching the alert chain: what it would do, what it does, who answered; exercises and their results."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import launching, lettering, responding, ringing
from negatoscope.flows.alerting import Handler
from negatoscope.flows.launching import NotLaunched, Plan
from negatoscope.model.launch import Launch, Purpose, Ring
from negatoscope.respond import chain
from negatoscope.respond.chain import Use
from negatoscope.store.queries import incidents
from negatoscope.store.queries import launches as held
from negatoscope.store.roles import Role
from negatoscope.web import desk, launch_labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.launching import EndForm, LaunchForm
from negatoscope.web.labels import label
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed

UNFIT, CONFLICT = 422, 409


@needs(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def chain_launch(request: Visit) -> HttpResponse:
    """Ask how; show what it would do; then do it, once."""
    incident = _incident(request)
    asked = {"purpose": Purpose.DRILL} if "exercice" in request.GET else None
    drilled = incident is not None and bool(responding.incident(desk.console(request), incident).exercise)
    form = LaunchForm(request.POST or None, initial=asked, drilled=drilled)
    context: dict[str, Any] = {"form": form, "incident": incident, "key": _key(request), "drilled": drilled}
    context["loopback"] = settings.CONFIG.loopback
    if request.method != "POST" or not form.is_valid():
        return render(request, "chain/launch.html", context, status=UNFIT if form.errors else 200)
    wish = form.wish(incident, _key(request))
    plan = launching.plan(desk.console(request), wish)
    context |= {"plan": plan, "wish": wish, "callees": _callees(plan), "drill": wish.purpose is Purpose.DRILL}
    if request.POST.get("act") != "launch":
        return render(request, "chain/launch.html", context)
    try:
        number = launching.launch(desk.console(request), wish, _who(request))
    except NotLaunched as refused:
        context["refused"] = label(launch_labels.REFUSED, refused.code)
        return render(request, "chain/launch.html", context, status=CONFLICT)
    return redirect("chain_launched", number)


def _incident(request: Visit) -> int | None:
    said = request.GET.get("incident", "")
    if not said:
        return None
    number = int(said) if said.isascii() and said.isdigit() else 0
    return number if incidents.entries(desk.practice(request), number) else desk.missing()


def _key(request: Visit) -> str:
    return request.POST.get("cle", "")[:30] or secrets.token_urlsafe(15)


def _who(request: Visit) -> Handler:
    return Handler(desk.operator(request), desk.signature(request))


def _callees(plan: Plan) -> list[dict[str, Any]]:
    """Each person of a plan in the words of the page."""
    return [
        {
            "name": one.name,
            "instead": one.instead,
            "minutes": int(one.planned.after.total_seconds() // 60),
            "ways": [(way.name, way.use is Use.UNSURE) for way in one.used],
            "left": [
                (way.name, ", ".join(str(launch_labels.SYSTEMS[need]) for need in way.needs))
                for way in one.ways
                if way.use is Use.LEFT
            ],
            "mail": one.mail,
            "mail_left": one.mail_left,
            "phones": one.phones,
            "by_hand": one.by_hand,
        }
        for one in plan.callees
    ]


@needs(Role.READER)
@require_GET
def chain_launches(request: Visit) -> HttpResponse:
    """List launches and exercises, the newest first."""
    rows = held.every(desk.practice(request))
    columns: tuple[Column[Launch], ...] = (
        Column("number", gettext_lazy("Numéro"), lambda row: row.number, "number", link=_page),
        Column("purpose", gettext_lazy("Sorte"), lambda row: label(launch_labels.PURPOSES, row.purpose), link=_page),
        Column("begun", gettext_lazy("Lancée"), lambda row: row.begun_at, "instant"),
        Column("by", gettext_lazy("Par"), lambda row: row.begun_by or None),
        Column("state", gettext_lazy("État"), lambda row: label(launch_labels.STATES, row.state)),
        Column("first", gettext_lazy("Première réponse (s)"), lambda row: _seconds(row, "first"), "number"),
        Column("last", gettext_lazy("Dernière réponse (s)"), lambda row: _seconds(row, "last"), "number"),
        Column("reached", gettext_lazy("Lignes jointes"), lambda row: chain.result(row).reached, "number"),
        Column("lines", gettext_lazy("Lignes"), lambda row: row.total, "number"),
        Column("silent", gettext_lazy("N’ont pas répondu"), _silent),
    )
    choices: tuple[Choice[Launch], ...] = (
        Choice("sorte", gettext_lazy("Sorte"), tuple(launch_labels.PURPOSES.items()), lambda row: row.purpose),
        Choice("etat", gettext_lazy("État"), tuple(launch_labels.STATES.items()), lambda row: row.state),
    )
    says = _("La chaîne n’a jamais été lancée d’ici. Un exercice montre en dix minutes qui répond.")
    empty = Empty(says, f"{reverse('chain_launch')}?exercice", _("Préparer un exercice"))
    table = Table("lancements", _("Lancements"), columns, listed(rows, columns, choices), empty, choices)
    return answer(request, "chain/launches.html", table)


def _page(row: Launch) -> str:
    return reverse("chain_launched", args=[row.number])


def _seconds(row: Launch, which: str) -> int | None:
    time = getattr(chain.result(row), which)
    return int(time.total_seconds()) if time is not None else None


def _silent(row: Launch) -> str | None:
    return ", ".join(ring.name for ring in chain.result(row).silent) or None


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def chain_launched(request: Visit, number: int) -> HttpResponse:
    """One launch as it goes: who was called, who answered; ticks of whoever telephones."""
    console, practice = desk.console(request), desk.practice(request)
    one = desk.found(held.launch(practice, number))
    refused, status, form = "", 200, EndForm()
    if request.method == "POST":
        try:
            form = _act(request, one)
        except NotLaunched as error:
            refused, status = str(label(launch_labels.REFUSED, error.code)), CONFLICT
        else:
            return redirect("chain_launched", number)
        one = desk.found(held.launch(practice, number))
    shown = chain.result(one)
    context = {
        "one": one,
        "rings": _rings(practice, one),
        "refused": refused,
        "state": label(launch_labels.STATES, one.state),
        "shown": shown,
        "first": ringing.lasted(shown.first),
        "last": ringing.lasted(shown.last),
        "suspect": [launch_labels.SYSTEMS[system] for system in sorted(one.suspect)],
        "drill": one.purpose is Purpose.DRILL,
        "form": form,
        "now": console.clock(),
    }
    alone = request.htmx.target == "live"
    return render(request, "chain/live.html" if alone else "chain/launched.html", context, status=status)


def _rings(practice: int, one: Launch) -> list[tuple[Ring, list[str]]]:
    """Each person, with what did not reach them."""
    lost = held.undelivered(practice, one.number)
    return [(ring, [_lost(name, why) for name, why in lost.get(ring.number, ())]) for ring in one.rings]


def _lost(name: str, why: str) -> str:
    told = {"name": name or _("Courriel"), "why": lettering.undelivered(why, desk.language())}
    return _("%(name)s n’est pas arrivé : %(why)s") % told


def _act(request: Visit, one: Launch) -> EndForm:
    """Do what was sent. Raises NotLaunched."""
    console, who, act = desk.console(request), _who(request), request.POST.get("act", "")
    ring = request.POST.get("qui", "")
    number = int(ring) if ring.isascii() and ring.isdigit() else 0
    form = EndForm(request.POST)
    if act == "answered":
        launching.tick(console, one.number, number, who)
    elif act == "missed":
        launching.missed(console, one.number, number, who)
    elif act == "end" and form.is_valid():
        launching.stop(console, one.number, *form.said(), who)
        said = _("C’est arrêté : personne d’autre n’est appelé. Ceux qui ouvrent leur lien le lisent.")
        messages.success(request, said)
    else:
        raise SuspiciousOperation(act)
    return form


@needs(Role.READER)
@require_GET
def chain_sheet(request: Visit, number: int) -> HttpResponse:
    """Hand out what a launch showed, as a PDF."""
    one = desk.found(held.launch(desk.practice(request), number))
    data = ringing.sheet(desk.console(request), one, desk.language())
    return desk.download(request, f"chain launch {number}", data, f"chaine-{number}.pdf", "application/pdf")
