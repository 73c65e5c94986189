"""Who may talk with whom: the matrix of the practice as it stands, ready-made policies, and its ways out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from ipaddress import ip_interface
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.boundaries import young
from negatoscope.judge.crossings import crossings
from negatoscope.judge.exits import Exits, Traces, exits
from negatoscope.judge.exposure import standing
from negatoscope.judge.matrix import Matrix, Traffic, matrix
from negatoscope.judge.zones import Zoning, standings
from negatoscope.model.family import Words
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.providers import RemoteWindow
from negatoscope.model.services import service
from negatoscope.model.traffic import Conversation, FlowWatch, Reach, Route, Vantage
from negatoscope.model.zones import AllowedFlow, InternetAccess, Zone, ZoneKind

LIKELY = {
    HostClass.MODALITY: ZoneKind.IMAGING,
    HostClass.SERVER: ZoneKind.SERVERS,
    HostClass.NETWORK: ZoneKind.ADMINISTRATION,
}
"""What a network is for, by what lives there."""
FIRST = 24
"""Length of the network that a lone address is taken to stand in."""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """One flow of a preset, by kinds of zone."""

    source: ZoneKind
    target: ZoneKind
    service: str


class Preset(Struct, frozen=True, forbid_unknown_fields=True):
    """A ready-made policy. ``days``: how long its flows are allowed; ``None``: until somebody ends them."""

    name: str
    title: dict[str, str]
    why: dict[str, str]
    flows: tuple[Line, ...]
    days: int | None = None

    def words(self) -> tuple[Words, Words]:
        """Its title and why, in both languages."""
        return Words(**self.title), Words(**self.why)


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    reviewed_on: date
    presets: tuple[Preset, ...]


@cache
def presets() -> tuple[Preset, ...]:
    """Policies that practices usually need."""
    return msgspec.toml.decode(Path(__file__).with_name("presets.toml").read_bytes(), type=_File).presets


@dataclass(frozen=True)
class Ground:
    """The matrix, and what it stands on."""

    matrix: Matrix
    exits: Exits
    gateways: int
    """How many rule bases were read."""
    declared: tuple[Zone, ...]
    listened: bool
    """Whether somebody ever told who talks with whom: without that, no exchange seen says nothing."""


def ground(practice: int, now: datetime) -> Ground:
    """Lay out who may talk with whom, now."""
    register = StoredRegister(practice)
    zones, bases = register.seen(Zone).facts, register.seen(RuleBase).facts
    looks, reached = register.seen(Vantage), register.seen(Reach)
    told = Traffic(
        [look for look in looks.facts if young(looks, look, now)],
        tuple(standing(reached, looks)),
        register.seen(Conversation).facts,
    )
    laid = matrix(crossings(zones, bases), register.seen(AllowedFlow).facts, told, now.date())
    hosts, cards, routes = register.seen(Host).facts, register.seen(Interface).facts, register.seen(Route).facts
    ways = exits(Traces(hosts, cards, routes, bases, zones, register.seen(InternetAccess).facts))
    listened = bool(told.seen or register.seen(FlowWatch).facts)
    return Ground(laid, ways, len(bases), zones, listened)


def wanted(preset: Preset, zones: Sequence[Zone], flows: Sequence[AllowedFlow], today: date) -> list[AllowedFlow]:
    """What a preset would allow that nobody allowed yet."""
    known = {flow.ref for flow in flows}
    until = today + timedelta(days=preset.days) if preset.days else None
    told = [
        AllowedFlow(source.ref, target.ref, service(line.service), preset.title["fr"], None, until)
        for line in preset.flows
        for source in zones
        for target in zones
        if (source.kind, target.kind) == (line.source, line.target) and source.ref != target.ref
    ]
    return list({flow.ref: flow for flow in told if flow.ref not in known}.values())


def windows(practice: int, zone: Zone) -> list[RemoteWindow]:
    """When somebody agreed that providers come in from afar to hosts of a zone, the latest first."""
    register = StoredRegister(practice)
    placed = standings(Zoning(register.seen(Zone).facts), register.seen(Host).facts, register.seen(Interface).facts)
    standing = {ref for ref, one in placed.items() if zone.ref in {each.ref for each in one.zones}}
    told = [window for window in register.seen(RemoteWindow).facts if window.host in standing]
    return sorted(told, key=lambda one: (one.starts_on or date.min, one.ref), reverse=True)


@dataclass(frozen=True)
class Suggestion:
    """A network that hosts stand in and that no zone holds, and what it seems to be for."""

    network: str
    kind: ZoneKind
    count: int


def suggestions(practice: int) -> list[Suggestion]:
    """Zones that the register itself suggests, by where hosts stand."""
    register = StoredRegister(practice)
    zoning = Zoning(register.seen(Zone).facts)
    cards, told = register.seen(Interface).facts, register.seen(Host).facts
    masks = {one.split("/")[0]: one for card in cards for one in card.addresses or () if "/" in one}
    living: dict[str, list[Host]] = {}
    for one in standings(zoning, told, cards).values():
        for address in one.nowhere:
            if ":" not in address and zoning.of(address) is not zoning.outside:
                net = str(ip_interface(masks.get(address, f"{address}/{FIRST}")).network)
                living.setdefault(net, []).append(one.host)
    return [Suggestion(net, _likely(hosts), len(hosts)) for net, hosts in sorted(living.items())]


def _likely(hosts: Sequence[Host]) -> ZoneKind:
    kinds = [LIKELY.get(host.host_class, ZoneKind.USERS) if host.host_class else ZoneKind.USERS for host in hosts]
    return max(dict.fromkeys(kinds), key=kinds.count)
