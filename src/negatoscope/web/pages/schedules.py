"""Rhythms of looks: what comes next, how the last one ended, how often."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from negatoscope.flows import rhythm
from negatoscope.flows.rhythm import Rhythm, RhythmRefused
from negatoscope.store.queries import schedules as held
from negatoscope.store.queries.probes import names
from negatoscope.store.queries.schedules import Schedule
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.remote import RhythmForm
from negatoscope.web.pages.collectors import outcome


@needs(Role.READER)
@require_GET
def schedules(request: Visit) -> HttpResponse:
    """Show every rhythm."""
    rows, probes = held.schedules(desk.practice(request)), names(desk.practice(request))
    return render(request, "collectors/schedules.html", {"rows": [_shown(one, probes) for one in rows]})


def _shown(one: Schedule, probes: Mapping[int, str]) -> tuple[Schedule, str | None, RhythmForm, str]:
    """A rhythm, what became of its last look, the form that changes it, and the probe that makes it."""
    form = RhythmForm(initial={"every_hours": one.every_hours}, prefix=str(one.id))
    return one, outcome(one.last) if one.last else None, form, probes.get(one.probe_id or 0, "")


@needs(Role.OPERATOR)
@require_POST
def schedule(request: Visit, number: int) -> HttpResponse:
    """Pause, resume, drop or change one rhythm."""
    one = desk.found(next((row for row in held.schedules(desk.practice(request)) if row.id == number), None))
    console, who, act = desk.console(request), desk.operator(request), request.POST.get("act", "")
    acts = {"pause": rhythm.pause, "resume": rhythm.resume, "forget": rhythm.forget}
    if act in acts:
        acts[act](console, who, number)
        messages.success(request, _("C’est noté."))
        return redirect("schedules")
    form = RhythmForm(request.POST, prefix=str(number))
    if not form.is_valid():
        messages.error(request, _("Choisissez un nombre d’heures entre 1 et %(most)s.") % {"most": rhythm.MOST_HOURS})
        return redirect("schedules")
    settings = held.settings(desk.practice(request), number)
    told = Rhythm(one.collector, one.target, form.cleaned_data["every_hours"], settings, one.probe_id)
    try:
        rhythm.repeat(console, who, told)
    except RhythmRefused:
        messages.error(request, _("Ce relevé ne peut plus être répété : refaites-le depuis la page du collecteur."))
    else:
        messages.success(request, _("Le rythme est changé."))
    return redirect("schedules")
