"""The practice's own networks: the only place where anything active may look."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_interface

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from negatoscope.flows.declaring import Said, declare
from negatoscope.model.evidence import Retraction
from negatoscope.model.hosts import Interface
from negatoscope.model.networks import Network
from negatoscope.store.queries import observations, register
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.forms.register import NetworkForm
from negatoscope.web.tables import Column, Empty, Table, answer, listed

SUGGESTED = 8
OCTETS = 24
"""Bits of the three numbers that an IPv4 address begins with."""


@dataclass(frozen=True)
class Declared:
    """One network, and when it was last swept."""

    cidr: str
    name: str | None
    at: datetime
    swept: datetime | None


def declared(practice: int) -> list[Declared]:
    """The networks of the practice."""
    swept = observations.swept_networks(practice)
    told = {one.fact.cidr: one for one in register.of_kind(practice, Network.__name__)}
    return [Declared(cidr, one.fact.name, one.at, swept.get(cidr)) for cidr, one in sorted(told.items())]


def suggestions(practice: int) -> list[str]:
    """Networks that the practice's own equipment is on and that nobody declared yet."""
    known = {one.cidr for one in declared(practice)}
    addresses = (one for told in register.stated(practice, Interface) for one in told.addresses or ())
    found = dict.fromkeys(map(_network, {neighbours(one): one for one in addresses}.values()))
    return [network for network in found if network and network not in known][:SUGGESTED]


def neighbours(address: str) -> str:
    """What two addresses share that are surely in one network: thousands of hosts stand in a few."""
    one, _slash, prefix = address.partition("/")
    wide = prefix.isdecimal() and len(prefix) < len("100") and int(prefix) <= OCTETS and ":" not in one
    return f"{one.rpartition('.')[0]}/{prefix}" if wide else address


def _network(address: str) -> str | None:
    try:
        one = ip_interface(address)
    except ValueError:
        return None
    small = one.network.num_addresses > 1 and one.version == 4  # noqa: PLR2004 -- IPv6 networks are too wide to sweep
    return None if one.is_loopback or one.is_link_local or not small else str(one.network)


@needs(Role.READER, act=Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def networks(request: Visit) -> HttpResponse:
    """List the networks, and declare one."""
    practice = desk.practice(request)
    form = NetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keep(request, form)
        return redirect("networks")
    columns: tuple[Column[Declared], ...] = (
        Column("cidr", gettext_lazy("Réseau"), lambda row: row.cidr, "code"),
        Column("name", gettext_lazy("Nom"), lambda row: row.name),
        Column("at", gettext_lazy("Déclaré"), lambda row: row.at, "instant"),
        Column("swept", gettext_lazy("Dernier passage"), lambda row: row.swept, "instant"),
    )
    rows = declared(practice)
    empty = Empty(_("Aucun réseau déclaré : rien d’actif ne sera envoyé nulle part."))
    table = Table("reseaux", _("Réseaux déclarés"), columns, listed(rows, columns), empty)
    context = {"form": form, "networks": rows, "suggestions": suggestions(practice)}
    return answer(request, "register/networks.html", table, context)


def keep(request: Visit, form: NetworkForm) -> None:
    """Declare a network."""
    network = Network(form.cleaned_data["cidr"], form.cleaned_data["name"] or None)
    declare(desk.console(request), Said(desk.operator(request), "configuration"), (network,))
    desk.judge_again(request)
    messages.success(request, _("Le réseau %(cidr)s est déclaré.") % {"cidr": network.cidr})


@needs(Role.ADMINISTRATOR)
@require_POST
def withdraw_network(request: Visit) -> HttpResponse:
    """Withdraw a network: nothing will look there any more."""
    cidr = request.POST.get("cidr", "")
    if cidr in {one.cidr for one in declared(desk.practice(request))}:
        said = Said(desk.operator(request), "configuration")
        declare(desk.console(request), said, (), (Retraction(Network.__name__, f"network/{cidr}"),))
        desk.judge_again(request)
        messages.success(request, _("Le réseau %(cidr)s est retiré.") % {"cidr": cidr})
    return redirect("guide_step", "reseaux") if "guide" in request.POST else redirect("networks")
