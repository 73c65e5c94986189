"""Administration of network devices: which zones may reach it, as rule bases say and as looks saw."""

from collections.abc import Collection, Iterable, Iterator

from negatoscope.judge.boundaries import ADMINISTRATION, PAGES, holds
from negatoscope.judge.crossings import Crossing, Crossings, said
from negatoscope.judge.exposure import tcp_ports
from negatoscope.judge.shapes import Said
from negatoscope.judge.zones import Zoning
from negatoscope.model.administration import BY_PORT, WEB_PORTS, interface
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import Reach, Vantage
from negatoscope.model.zones import Zone, ZoneKind

ASKED = ADMINISTRATION.plus(PAGES)
CONSOLES = frozenset(port for protocol, port in BY_PORT if protocol == "tcp") | WEB_PORTS
"""TCP ports that a look tries before its silence says something of a device."""


def others(zoning: Zoning) -> list[Zone]:
    """Zones from which nothing is administered; one whose kind nobody told is in doubt already."""
    return [zone for zone in zoning.everywhere if zone.kind not in {None, ZoneKind.ADMINISTRATION}]


def answered(zoning: Zoning, devices: Iterable[Host], reached: Iterable[Reach]) -> Said:
    """What was seen to answer from where nothing is administered."""
    owners = {address: host for host in devices for address in host.addresses or ()}
    elsewhere = others(zoning)
    for one in reached:
        origin, device = zoning.holding(one.origin), owners.get(one.address)
        if device is None or (origin is not None and origin not in elsewhere):
            continue
        name = one.origin if origin is None else origin.name
        values = {"source_zone": name, "services": f"{one.protocol}/{one.port}", "address": one.address}
        told = interface(one.protocol, one.port, one.name).administers if one.administers is None else one.administers
        if told is not False and origin is None:
            yield Doubt(device.ref, "answers_nobody_knows_where", values)
        elif told is None:
            yield Doubt(device.ref, "answers_perhaps", values)
        elif told:
            yield Finding(device.ref, "answers_elsewhere", values)


def answering(crossed: Crossings, zone: Zone, host: Host, tried: Collection[Vantage]) -> Said:
    """What the device's own rules, or gateways before it, let a zone ask."""
    gate = crossed.gates.get(host.ref)
    if gate is not None:
        onto = gate.onto(crossed.zoning.networks(zone))
        yield from _weighed(zone, host, (Crossing(host.ref, one) for one in onto))
        return
    for address in host.addresses or ():
        yield from _behind(crossed, zone, host, address, tried)


def _behind(crossed: Crossings, zone: Zone, host: Host, address: str, tried: Iterable[Vantage]) -> Said:
    """What gateways let that zone ask of a device behind them; nothing filters within one network."""
    zoning, target = crossed.zoning, crossed.zoning.own(address)
    if target is None:
        yield Doubt(host.ref, "in_no_zone", {"address": address})
    elif target.ref != zone.ref:
        yield from _weighed(zone, host, _towards(crossed, zone, target, address))
    elif not any(_covers(look, zone, address, zoning) for look in tried):
        yield Doubt(host.ref, "not_tried", {"source_zone": zone.name, "address": address})


def _towards(crossed: Crossings, zone: Zone, target: Zone, address: str) -> Iterator[Crossing]:
    return (one for one in crossed.between(zone, target) if holds(one.passage.targets, address))


def _covers(look: Vantage, zone: Zone, address: str, zoning: Zoning) -> bool:
    asked = tcp_ports(look.ports or "") >= CONSOLES
    return asked and zoning.holding(look.origin) == zone and holds((look.target,), address)


def _weighed(zone: Zone, host: Host, told: Iterable[Crossing]) -> Said:
    for one in told:
        services = one.passage.services.both(ASKED)
        if services:
            values = {"source_zone": zone.name, "services": said(services), "line": one.line}
            if one.passage.certain:
                yield Finding(host.ref, "reached_elsewhere", values)
            else:
                yield Doubt(host.ref, "perhaps_elsewhere", values)
