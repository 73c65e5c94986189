"""The ports of a switch: what each leads to, who is behind it, and which socket in which wall ends there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from negatoscope.judge.apart import Apart, Told
from negatoscope.judge.sockets import Cabling
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host
from negatoscope.model.premises import Room, Socket
from negatoscope.model.switching import Neighbour, Place, Sighting, SwitchPort
from negatoscope.store.queries import register
from negatoscope.store.roles import Role
from negatoscope.web import desk
from negatoscope.web.access import needs
from negatoscope.web.desk import Visit
from negatoscope.web.tables import Choice, Column, Empty, Table, answer, listed
from negatoscope.web.templatetags.room import subject_name

SHOWN = 3
"""Devices named behind one port; the others are counted."""
STATES = {
    "linked": gettext_lazy("appareil branché"),
    "free": gettext_lazy("libre, en service"),
    "off": gettext_lazy("coupé"),
}
CHECKED = {"yes": gettext_lazy("oui"), "no": gettext_lazy("non")}


@dataclass(frozen=True)
class Port:
    """One port as its line shows it."""

    fact: SwitchPort
    behind: str | None
    sockets: tuple[Socket, ...]
    rooms: tuple[str, ...]

    @property
    def state(self) -> str | None:
        """Whether whoever plugs in gets a link, and whether somebody did."""
        if self.fact.enabled is None:
            return None
        return "off" if not self.fact.enabled else "linked" if self.fact.linked else "free"

    @property
    def checked(self) -> str | None:
        """Whether 802.1X decides."""
        return None if self.fact.authenticated is None else "yes" if self.fact.authenticated else "no"


@needs(Role.READER)
@require_GET
def host_ports(request: Visit, name: str) -> HttpResponse:
    """List the ports of a switch."""
    practice, ref = desk.practice(request), f"host/{name}"
    if not any(told.kind == Host.__name__ for told in register.about(practice, ref)):
        desk.missing()
    columns: tuple[Column[Port], ...] = (
        Column("name", gettext_lazy("Port"), lambda row: row.fact.name, "code", lambda row: _page(row.fact.ref)),
        Column("alias", gettext_lazy("Intitulé"), lambda row: row.fact.alias),
        Column("state", gettext_lazy("État"), lambda row: _said(STATES, row.state)),
        Column("vlan", "VLAN", lambda row: row.fact.vlan, "number"),
        Column("tagged", gettext_lazy("VLAN étiquetés"), lambda row: _numbers(row.fact.tagged), sortable=False),
        Column("checked", gettext_lazy("Authentification (802.1X)"), lambda row: _said(CHECKED, row.checked)),
        Column("behind", gettext_lazy("Derrière ce port"), lambda row: row.behind),
        Column("socket", gettext_lazy("Prise"), lambda row: ", ".join(one.name for one in row.sockets) or None,
               link=lambda row: _page(row.sockets[0].ref) if row.sockets else None),
        Column("room", gettext_lazy("Pièce"), lambda row: ", ".join(row.rooms) or None),
    )  # fmt: skip
    rows = _ports(practice, ref)
    vlans = sorted({row.fact.vlan for row in rows if row.fact.vlan is not None})
    choices: tuple[Choice[Port], ...] = (
        Choice("state", gettext_lazy("État"), tuple(STATES.items()), lambda row: row.state),
        Choice("vlan", "VLAN", [(str(vlan), str(vlan)) for vlan in vlans], lambda row: str(row.fact.vlan)),
        Choice("checked", "802.1X", tuple(CHECKED.items()), lambda row: row.checked),
    )
    lead = reverse("collector", args=["snmp"])
    empty = Empty(_("Aucun port relevé sur cet équipement."), lead, _("Lancer un relevé"))
    caption = _("Ports de %(host)s") % {"host": subject_name(ref)}
    table = Table("ports", caption, columns, listed(rows, columns, choices), empty, choices)
    return answer(request, "register/ports.html", table, {"name": name})


def _page(ref: Ref) -> str:
    return reverse("subject", args=[ref])


def _said(table: dict[str, Any], code: str | None) -> str | None:
    return None if code is None else str(table[code])


def _numbers(vlans: tuple[int, ...] | None) -> str | None:
    return None if vlans is None else ", ".join(map(str, vlans)) or "–"


def _facts(practice: int, kind: type[Any]) -> tuple[Any, ...]:
    """Each thing once, as it was told last."""
    told = sorted(register.of_kind(practice, kind.__name__), key=lambda one: one.at)
    return tuple({one.fact.ref: one.fact for one in told}.values())


def _ports(practice: int, switch: Ref) -> list[Port]:
    ports = [port for port in _facts(practice, SwitchPort) if port.host == switch]
    if not ports:
        return []
    hosts, rooms = tuple(register.stated(practice, Host)), {room.ref: room.name for room in _facts(practice, Room)}
    cards = {mac: host.hostname or subject_name(host.ref) for host in hosts for mac in host.macs or ()}
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for one in _facts(practice, Sighting):
        if one.host == switch and one.by is Place.PORT:
            behind[one.where].add(cards.get(one.mac, one.mac))
    for one in _facts(practice, Neighbour):
        if one.host == switch:
            behind[one.port].add(one.system or cards.get(one.chassis, one.chassis))
    ends: defaultdict[Ref, list[Socket]] = defaultdict(list)
    nothing: Seen[Any] = Seen()
    nowhere = Told(nothing, nothing, Seen(hosts), nothing, nothing, nothing)
    apart = Apart(nowhere, datetime(1970, 1, 1, tzinfo=UTC), timedelta())
    cabling = Cabling(Seen(_facts(practice, SwitchPort)), nothing, nothing, apart)
    for socket in _facts(practice, Socket):
        for port in cabling.ends(socket):
            ends[port.ref].append(socket)
    ports.sort(key=lambda port: (port.index is None, port.index or 0, port.name))
    return [_port(port, sorted(behind[port.name]), ends[port.ref], rooms) for port in ports]


def _port(port: SwitchPort, behind: list[str], sockets: list[Socket], rooms: dict[Ref, str]) -> Port:
    others = len(behind) - SHOWN
    named = ", ".join(behind[:SHOWN])
    if others > 0:
        named = _("%(named)s et %(others)s autres") % {"named": named, "others": others}
    where = dict.fromkeys(rooms[socket.room] for socket in sockets if socket.room in rooms)
    return Port(port, named or None, tuple(sockets), tuple(where))
