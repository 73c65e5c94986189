"""Collectors: start a look, follow it, stop it, see the last ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from negatoscope.flows import rhythm, scheduling
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.judge import texts
from negatoscope.kit.clock import utc_now
from negatoscope.model.networks import HostKey, Network
from negatoscope.observe.collector import Collector
from negatoscope.store.jobs import PREVIEW
from negatoscope.store.queries import credentials, observations, register, users
from negatoscope.store.queries import jobs as jobs_held
from negatoscope.store.queries import probes as probes_held
from negatoscope.store.queries.jobs import Job
from negatoscope.store.roles import Role
from negatoscope.web import desk, labels
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.collecting import SettingsForm, Targets
from negatoscope.web.tables import Choice, Column, Empty, Table, answer
from negatoscope.web.templatetags.room import collector_label, state_label

HTMX_STOP = 286
"""The status by which htmx stops polling."""


@dataclass(frozen=True)
class Offer:
    """A collector as its card shows it."""

    name: str
    help: str
    gives: tuple[str, ...]
    last: Any
    job: Job | None


@needs(Role.READER)
@require_GET
def collectors(request: Visit) -> HttpResponse:
    """Show the collectors and the last jobs."""
    practice = desk.practice(request)
    offers = [
        Offer(
            name,
            labels.label(labels.COLLECTOR_HELP, name),
            one.gives,
            observations.last_look(practice, name),
            jobs_held.last_of(practice, name),
        )
        for name, one in COLLECTORS.items()
        if one.capture
    ]
    return answer(request, "collectors/page.html", _jobs_table(practice), {"offers": offers})


def _jobs_table(practice: int) -> Table[Job]:
    names, probes = users.names(practice), probes_held.names(practice)
    columns: tuple[Column[Job], ...] = (
        Column("asked_at", gettext_lazy("Demandé"), lambda row: row.asked_at, "instant", _page),
        Column("collector", gettext_lazy("Collecteur"), lambda row: collector_label(row.collector), link=_page),
        Column("target", gettext_lazy("Cible"), lambda row: _target(row, probes)),
        Column("state", gettext_lazy("État"), lambda row: state_label(row.state)),
        Column("outcome", gettext_lazy("Résultat"), outcome, sortable=False),
        Column("operator", gettext_lazy("Par"), lambda row: labels.who(row.operator, names)),
        Column("ended_at", gettext_lazy("Terminé"), lambda row: row.ended_at, "instant"),
    )
    choices: tuple[Choice[Job], ...] = (Choice("state", gettext_lazy("État"), tuple(labels.STATES.items())),)
    empty = Empty(_("Aucun relevé n’a encore été demandé."))
    return Table("releves", _("Derniers relevés"), columns, lambda ask: jobs_held.jobs(practice, ask), empty, choices)


def _target(row: Job, probes: Mapping[int, str]) -> str:
    """Where a look goes, and from where, if it is not from here."""
    said = probes.get(row.probe_id, "") if row.probe_id else ""
    return " → ".join(filter(None, (said, str(labels.label(labels.TARGETS, row.target)))))


def _page(row: Job) -> str:
    return reverse("job", args=[row.id])


def outcome(job: Job) -> str | None:
    """What became of a job, as a sentence."""
    if job.open:
        return None
    if job.never_began:
        return _("Annulé avant d’avoir commencé : rien n’a été envoyé.")
    if not job.outcome:
        facts = job.values.get("facts")
        return _("%(facts)s faits relevés, angles morts : %(gaps)s") % {
            "facts": facts if facts is not None else "?",
            "gaps": job.values.get("gaps", "?"),
        }
    if job.outcome in labels.OUTCOMES:
        return str(labels.OUTCOMES[job.outcome])
    return texts.gap(job.outcome, {k: v for k, v in job.values.items() if k != "whole"}, desk.language())


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def collector(request: Visit, name: str) -> HttpResponse:
    """Show one collector's settings, and start it."""
    practice = desk.practice(request)
    one = COLLECTORS.get(name)
    if one is None or one.capture is None:
        desk.missing()
    if name == "directory":
        return redirect("directories")
    form = SettingsForm(one, _targets(practice), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _asked(request, one, form)
    context = {
        "name": name,
        "help": labels.label(labels.COLLECTOR_HELP, name),
        "form": form,
        "gives": one.gives,
        "bounded": one.bound is not None,
        "networks": _targets(practice).networks,
        "last": observations.last_look(practice, name),
    }
    return render(request, "collectors/collector.html", context, status=422 if form.errors else 200)


def _asked(request: Visit, one: Collector[Any], form: SettingsForm) -> HttpResponse:
    """Start a look, on each server if all are wanted, and repeat it if that is wanted too."""
    if form.every_hours:
        told = rhythm.Rhythm(one.name, form.target, form.every_hours, form.settings, form.probe)
        rhythm.repeat(desk.console(request), desk.operator(request), told)
    everywhere = one.name == "ssh" and form.target == rhythm.EVERYWHERE
    targets = _servers(desk.practice(request)) if everywhere else [form.target]
    numbers = [start(request, one, target, form.settings, form.probe) for target in targets]
    return redirect("job", numbers[0]) if len(numbers) == 1 else redirect("collectors")


def _servers(practice: int) -> list[str]:
    keys = {told.fact.place for told in register.of_kind(practice, HostKey.__name__)}
    return sorted({place.rpartition(":")[0].strip("[]") for place in keys})


def start(request: Visit, one: Collector[Any], target: str, settings: dict[str, Any], probe: int | None = None) -> int:
    """Queue a look; returns the job's number. ``probe``: who makes it, if it is not this console."""
    asked = scheduling.Asked(one.name, target, desk.operator(request), settings, probe)
    return scheduling.ask(desk.console(request), asked)


def _targets(practice: int) -> Targets:
    facts = {told.fact.cidr: told.fact for told in register.of_kind(practice, Network.__name__)}
    networks = [(cidr, f"{fact.name} ({cidr})" if fact.name else cidr) for cidr, fact in sorted(facts.items())]
    names = [one.name for one in credentials.credentials(practice)]
    return Targets(networks, names, _servers(practice), probes_held.choices(practice))


@needs(Role.READER)
@require_GET
def job(request: Visit, number: int) -> HttpResponse:
    """Follow one job; htmx asks for its state alone, and is told when to stop asking."""
    practice = desk.practice(request)
    one = desk.found(jobs_held.job(practice, number))
    if one.collector == PREVIEW:
        asked = {"site": one.settings["site"]} if one.settings["site"] else {}
        return redirect(reverse("situation", args=[one.settings["behaviour"]], query=asked | {"essai": str(number)}))
    told = one.settings.items()
    context = {
        "job": one,
        "outcome": outcome(one),
        "probe": probes_held.probe(practice, one.probe_id, utc_now()) if one.probe_id else None,
        "nowhere": one.values.get("detail", "").split(", ") if one.outcome == "modality_without_address" else [],
        "who": labels.who(one.operator, users.names(practice)),
        "settings": [(labels.label(labels.SETTINGS, name), _set(name, value)) for name, value in told if value],
    }
    if request.htmx and request.htmx.target == "progress":
        answer = render(request, "collectors/progress.html", context, status=200 if one.open else HTMX_STOP)
        if not one.open and reverse("guide") in (request.htmx.current_url or ""):
            answer["HX-Refresh"] = "true"  # the steps above are told too
        return answer
    return render(request, "collectors/job.html", context)


def _set(name: str, value: Any) -> Any:  # noqa: ANN401 -- whatever a collector is told
    """A setting as people call it: nobody reads a certificate."""
    if name == "ca":
        return _("certificat joint") if "BEGIN" in value else _("celles de cet ordinateur")
    return labels.label(labels.SET, value) if isinstance(value, str) else value


@needs(Role.OPERATOR)
@require_POST
def cancel(request: Visit, number: int) -> HttpResponse:
    """Ask a job to stop."""
    desk.found(jobs_held.job(desk.practice(request), number))
    if scheduling.cancel(desk.console(request), number, desk.operator(request)):
        messages.success(request, _("L’arrêt est demandé : rien de ce relevé ne sera gardé."))
    else:
        messages.info(request, _("Ce relevé était déjà terminé."))
    return redirect("job", number)
