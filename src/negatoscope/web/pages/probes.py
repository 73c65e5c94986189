"""Probes on the network: who they are, how they are, let in, given looks, and turned away."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import enrolling, mediating, ordering
from negatoscope.flows.enrolling import Newcomer, NotEnrolled
from negatoscope.flows.mediating import Brought
from negatoscope.kit.clock import utc_now
from negatoscope.probe import messages as wire
from negatoscope.store import probes as rows
from negatoscope.store.queries import practice as practices
from negatoscope.store.queries import probes as held
from negatoscope.store.queries import users
from negatoscope.store.queries.jobs import Job
from negatoscope.store.queries.probes import Parcel, Probe
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels, probe_labels
from negatoscope.web.access import needs
from negatoscope.web.confirming import ask, confirm_act, confirmed
from negatoscope.web.desk import Visit
from negatoscope.web.forms.probes import MediumForm, ProbeForm
from negatoscope.web.pages.collectors import outcome
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import collector_label, state_label

NAMED = 'names = ["192.168.1.20"]'
"""The line of the settings that says, as an example, under which name or address probes reach the console."""
OPENS = 'probes = "0.0.0.0:8443"'
"""The line of the settings that opens the door."""
UNNAMED = "CONSOLE"
"""Stands for the console where nobody said how others reach it: its own loopback name leads a probe nowhere."""
STATES: Choice[Probe] = Choice("state", gettext_lazy("État"), tuple(probe_labels.STATES.items()), lambda row: row.state)


def _late(row: Probe) -> int | None:
    return None if row.offset is None else round(row.offset)


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def probes(request: Visit) -> HttpResponse:
    """Show the probes; expect one more, and show its code once."""
    practice, sure = desk.practice(request), confirmed(request)
    if request.method == "POST" and not sure:
        return ask(request)
    form = ProbeForm(practices.declared_sites(practice), request.POST or None)
    context: dict[str, object] = {"form": form, "sure": sure, "medium": MediumForm(), **_opening(request)}
    if request.method == "POST" and form.is_valid():
        told = Newcomer(form.cleaned_data["name"], form.cleaned_data["site"])
        try:
            if form.cleaned_data["way"] == "medium":
                return _handed(request, told)
            probe, code = enrolling.invite(desk.console(request), desk.operator(request), told)
        except NotEnrolled as error:
            form.add_error("name", str(probe_labels.NOT_ENROLLED[error.code]))
        else:
            context |= {"form": ProbeForm(practices.declared_sites(practice)), **_fresh(request, probe.name, code)}
    found = held.probes(practice, utc_now())
    columns: tuple[Column[Probe], ...] = (
        Column("name", gettext_lazy("Sonde"), lambda row: row.name, link=_page),
        Column("state", gettext_lazy("État"), lambda row: labels.label(probe_labels.STATES, row.state)),
        Column("site", gettext_lazy("Lieu"), lambda row: row.site or None),
        Column("contact", gettext_lazy("Dernier contact"), lambda row: row.contact_at, "instant"),
        Column("parcel", gettext_lazy("Dernier colis"), lambda row: row.last_parcel, "instant"),
        Column("missing", gettext_lazy("Manquants"), lambda row: len(row.missing), "number"),
        Column("waiting", gettext_lazy("En attente"), lambda row: row.waiting, "number"),
        Column("clock", gettext_lazy("Écart d’horloge (s)"), _late, "number"),
    )
    empty = Empty(_("Aucune sonde. Ajoutez la première ci-dessous : la console pourra alors quitter le réseau."))
    table = Table("sondes", _("Sondes"), columns, listed(found, columns, (STATES,)), empty, (STATES,))
    return answer(request, "probes/page.html", table, {**context, "any": bool(found)})


def _page(row: Probe) -> str:
    return reverse("probe", args=[row.number])


def _opening(request: Visit) -> dict[str, object]:
    """Where probes knock, and how the door opens."""
    door = _door(request)
    lines = (OPENS,) if settings.CONFIG.names or not settings.CONFIG.loopback else (NAMED, OPENS)
    opening = {"opens": lines, "example": len(lines) > 1, "file": settings.CONFIG.data / "negatoscope.toml"}
    return {"door": door, "unnamed": door is None or f"//{UNNAMED}:" in door, **opening}


def _door(request: Visit) -> str | None:
    """Where probes knock; ``None``: the door is not open."""
    place = settings.CONFIG.probe_door
    if place is None:
        return None
    host = UNNAMED if settings.CONFIG.loopback else request.get_host().rpartition(":")[0] or request.get_host()
    everywhere = place[0] in {"0.0.0.0", "::"}  # noqa: S104 -- what the settings may say
    name = (settings.CONFIG.names[0] if settings.CONFIG.names else host) if everywhere else place[0]
    return f"https://{name}:{place[1]}"


def _fresh(request: Visit, name: str, code: str) -> dict[str, object]:
    door = _door(request) or f"https://{UNNAMED}:8443"
    lines = (f"sudo negatoscope probe enrol {door} {code}", "sudo systemctl enable --now negatoscope-probe")
    return {"fresh": name, "code": code, "lines": lines}


def _handed(request: Visit, told: Newcomer) -> HttpResponse:
    """The file to carry to a probe without network."""
    probe, data = enrolling.hand(desk.console(request), desk.operator(request), told)
    return desk.download(request, f"probe {probe.ident}", data, f"sonde-{probe.ident}.enrolement", "application/json")


@needs(Role.READER)
@require_GET
def probe(request: Visit, number: int) -> HttpResponse:
    """Show one probe: how it is, what it delivered, what waits for it."""
    practice = desk.practice(request)
    one = desk.found(held.probe(practice, number, utc_now()))
    columns: tuple[Column[Parcel], ...] = (
        Column("number", gettext_lazy("Colis"), lambda row: row.number, "number"),
        Column("received_at", gettext_lazy("Reçu"), lambda row: row.received_at, "instant"),
        Column(
            "observation", gettext_lazy("Observation"), lambda row: row.observation, "number",
            lambda row: reverse("observation", args=[row.observation]),
        ),
    )  # fmt: skip
    says = _("Aucun colis encore. Préparez un relevé et choisissez cette sonde dans « Depuis ».")
    offer = Empty(says, reverse("collectors"), _("Préparer un relevé"))
    empty = offer if one.takes_orders else Empty(_("Aucun colis."))
    parcels = held.parcels(practice, number)
    table = Table("colis", _("Colis reçus"), columns, listed(parcels, columns), empty)
    names = users.names(practice)
    context = {
        "one": one,
        "state": labels.label(probe_labels.STATES, one.state),
        "late": _late(one),
        "refused": labels.label(probe_labels.REFUSED, one.refused_why),
        "missing": ", ".join(map(str, one.missing[:50])),
        "who": labels.who(one.added_by, names),
        "jobs": [_job(job) for job in held.jobs_of(practice, number)[:20]],
        "lent": held.lendings(practice, number),
        "told": held.jobs_of(practice, number) if one.state == "lost" else [],
        "door": _door(request),
    }
    return answer(request, "probes/probe.html", table, context)


def _job(job: Job) -> tuple[Job, str, str | None]:
    return job, f"{collector_label(job.collector)} {job.target}".strip(), outcome(job) or state_label(job.state)


@needs(Role.ADMINISTRATOR)
@require_POST
@confirm_act
def probe_code(request: Visit, number: int) -> HttpResponse:
    """Draw another code for a probe that did not come in, and show it once."""
    try:
        probe, code = enrolling.invite_again(desk.console(request), desk.operator(request), number)
    except NotEnrolled as error:
        messages.error(request, str(probe_labels.NOT_ENROLLED[error.code]))
        return redirect("probes")
    return render(request, "probes/code.html", {**_opening(request), **_fresh(request, probe.name, code)})


@needs(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
@confirm_act
def probe_revoke(request: Visit, number: int) -> HttpResponse:
    """Say what revoking a probe does, then do it; a lost one is also told what it knew."""
    one = desk.found(held.probe(desk.practice(request), number, utc_now()))
    if request.method != "POST":
        lent = held.lendings(desk.practice(request), number)
        return render(request, "probes/revoke.html", {"one": one, "lent": lent})
    lost = request.POST.get("act") == "lost"
    try:
        enrolling.revoke(desk.console(request), desk.operator(request), number, lost=lost)
    except NotEnrolled as error:
        messages.error(request, str(probe_labels.NOT_ENROLLED[error.code]))
    else:
        messages.success(request, _("La sonde « %(name)s » n’est plus écoutée.") % {"name": one.name})
    return redirect("probe", number)


@needs(Role.OPERATOR)
@require_POST
def probe_task(request: Visit, number: int) -> HttpResponse:
    """Hand out what waits for a probe, as a file for a medium."""
    practice = desk.practice(request)
    one = desk.found(held.probe(practice, number, utc_now()))
    row = rows.numbered(practice, number)
    if row is None or not one.takes_orders:
        desk.missing()
    data = ordering.task(desk.console(request), desk.operator(request), row)
    name = wire.TASK_NAME.format(probe=one.ident)
    return desk.download(request, f"probe task {one.ident}", data, name, "application/octet-stream")


@needs(Role.READER)
@require_GET
def probe_receipt(request: Visit, number: int) -> HttpResponse:
    """Hand out what we received of a probe, signed, for a medium."""
    row = desk.found(rows.numbered(desk.practice(request), number))
    data = mediating.receipt(desk.console(request), row)
    name = wire.RECEIPT_NAME.format(probe=row.ident)
    return desk.download(request, f"probe receipt {row.ident}", data, name, "application/octet-stream")


@needs(Role.OPERATOR)
@require_POST
def probes_medium(request: Visit) -> HttpResponse:
    """Take the files that probes laid on a medium."""
    form = MediumForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choisissez les fichiers que la sonde a écrits."))
        return redirect("probes")
    with tempfile.TemporaryDirectory(dir=settings.CONFIG.data) as folder:
        for place, file in enumerate(form.cleaned_data["taken"]):
            suffix = Path(file.name or "").suffix
            if suffix in MediumForm.KINDS:
                with (Path(folder) / f"{place:06d}{suffix}").open("wb") as copy:
                    for chunk in file.chunks():
                        copy.write(chunk)
        brought = mediating.bring(desk.console(request), desk.operator(request), Path(folder))
    _say(request, brought)
    return redirect("probe", brought.probes[0].pk) if len(brought.probes) == 1 else redirect("probes")


def _say(request: Visit, brought: Brought) -> None:
    for name in brought.enrolled:
        messages.success(request, _("La sonde « %(name)s » est enrôlée. Rapportez-lui le reçu.") % {"name": name})
    many = brought.registered
    if many:
        said = ngettext("%(many)s colis enregistré.", "%(many)s colis enregistrés.", many) % {"many": many}
        messages.success(request, said + " " + _("Rapportez le reçu à la sonde : elle saura quoi oublier."))
    for why in sorted({why for _name, why in brought.refused}):
        reason = labels.label(probe_labels.REFUSED, why)
        messages.error(request, _("Un fichier n’a pas été pris : %(reason)s.") % {"reason": reason})
    if not (many or brought.enrolled or brought.refused):
        messages.info(request, _("Rien de nouveau sur cette clé USB."))
