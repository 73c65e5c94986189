"""Linux servers to look at: their keys, recognised by a person, and what to install on them."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from negatoscope.flows import observing
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.evidence import Retraction
from negatoscope.model.networks import HostKey
from negatoscope.observe.collector import Unreachable
from negatoscope.observe.linux.lent import sudoers
from negatoscope.observe.scan.arguments import declares
from negatoscope.observe.ssh import session
from negatoscope.observe.ssh.collector import place
from negatoscope.store.queries import register
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.remote import MeetForm


@dataclass(frozen=True)
class Recognised:
    """A server whose key somebody accepted."""

    place: str
    fingerprint: str
    by: str
    at: datetime


def recognised(practice: int) -> list[Recognised]:
    """The servers whose key somebody accepted."""
    told = {one.fact.place: one for one in register.of_kind(practice, HostKey.__name__)}
    keys = [(where, one.fact, one.at) for where, one in sorted(told.items())]
    return [Recognised(where, _fingerprint(fact.key), fact.accepted_by, at) for where, fact, at in keys]


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def servers(request: Visit) -> HttpResponse:
    """List the servers, ask one for its key, accept or withdraw it."""
    practice, act = desk.practice(request), request.POST.get("act", "")
    form = MeetForm(request.POST if act in {"meet", "accept"} else None)
    shown = None
    if act == "withdraw":
        return _withdrawn(request, practice)
    if act and form.is_valid():
        where = place(form.cleaned_data["address"], form.cleaned_data["port"])
        if act == "accept":
            return _accepted(request, where)
        shown = _shown(request, form)
    context = {
        "rows": recognised(practice),
        "form": form,
        "shown": shown,
        "fingerprint": _fingerprint(shown) if shown else None,
        "sudoers": sudoers(),
    }
    return render(request, "collectors/servers.html", context, status=422 if form.errors else 200)


def _shown(request: Visit, form: MeetForm) -> str | None:
    """The key that a server shows, where the practice lets anybody ask."""
    address, port = form.cleaned_data["address"], form.cleaned_data["port"]
    bounds = observing.bounds(desk.console(request))
    if not declares(bounds.networks, address):
        form.add_error("address", _("Cette adresse est hors des réseaux déclarés."))
    elif str(ip_address(address)) in bounds.spared:
        form.add_error("address", _("C’est une modalité sans accord : elle n’est pas interrogée."))
    else:
        try:
            return session.host_key_of(address, port)
        except Unreachable:
            form.add_error("address", _("Ce serveur ne répond pas en SSH."))
    return None


def _accepted(request: Visit, where: str) -> HttpResponse:
    key = request.POST.get("key", "")
    if not _fingerprint(key):
        desk.missing()
    fact = HostKey(where, key, desk.signature(request))
    declare(desk.console(request), Said(desk.operator(request), "configuration"), (fact,))
    messages.success(request, _("La clé de %(place)s est reconnue.") % {"place": where})
    return redirect("servers")


def _withdrawn(request: Visit, practice: int) -> HttpResponse:
    where = request.POST.get("place", "")
    if where in {one.place for one in recognised(practice)}:
        said = Said(desk.operator(request), "configuration")
        declare(desk.console(request), said, (), (Retraction(HostKey.__name__, f"hostkey/{where}"),))
        messages.success(request, _("La clé est oubliée : ce serveur ne sera plus lu."))
    return redirect("servers")


def _fingerprint(key: str) -> str:
    try:
        return session.fingerprint(key)
    except ValueError:
        return ""
