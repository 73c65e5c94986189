"""The last instants of incidents in the calendar of a telephone: an address for each, made, shown once, revoked."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from negatoscope.flows import correcting
from negatoscope.flows import tokens as door
from negatoscope.flows.console import Console
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.canonical import sha256
from negatoscope.kit.clock import utc_now
from negatoscope.respond import agenda
from negatoscope.respond.incident import read
from negatoscope.store import tokens
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries import receivers
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit

RECEIVER = "calendar"
TYPE = "text/calendar; charset=utf-8"


class CalendarForm(forms.Form):
    """Whose calendar it is."""

    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("Pour quel téléphone ou quelle personne"), max_length=80)


@needs(Role.READER, act=Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def incident_calendars(request: Visit) -> HttpResponse:
    """Show who subscribes; make an address, and show it once; close one."""
    console, fresh = desk.console(request), ""
    if request.method == "POST" and "revoke" in request.POST:
        return _revoked(request, console)
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token = door.make(console, desk.operator(request), RECEIVER, form.cleaned_data["name"])
        except door.NameTaken:
            form.add_error("name", _("Un calendrier porte déjà ce nom."))
        else:
            form, fresh = CalendarForm(), f"{console.config.address}calendrier/{token}.ics"
    context = {"form": form, "fresh": fresh, "tokens": receivers.tokens(console.practice, RECEIVER)}
    return render(request, "incidents/calendars.html", context, status=422 if form.errors else 200)


def _revoked(request: Visit, console: Console) -> HttpResponse:
    wanted = request.POST["revoke"]
    open_now = {str(one.number) for one in receivers.tokens(console.practice, RECEIVER)}
    if wanted not in open_now:
        raise SuspiciousOperation(wanted)
    door.revoke(console, desk.operator(request), int(wanted))
    messages.success(request, _("Cette adresse ne répond plus."))
    return redirect("incident_calendars")


@login_not_required
@require_GET
def incident_feed(request: Visit, token: str) -> HttpResponse:
    """The calendar itself, for whoever bears its token; ``?lang=en`` for English."""
    now = utc_now()
    number, practice, _name = desk.found(tokens.opens(RECEIVER, sha256(token.encode())))
    tokens.used(number, now)
    logs = ((one.number, held.entries(practice, one.number)) for one in held.standing(practice))
    lang: Lang = "en" if request.GET.get("lang") == "en" else "fr"
    base, known = desk.console(request).config.address, correcting.duties(practice)
    data = agenda.calendar((read(n, log) for n, log in logs), now, lang, base, known)
    return HttpResponse(data, content_type=TYPE, headers={"Cache-Control": "no-store"})
