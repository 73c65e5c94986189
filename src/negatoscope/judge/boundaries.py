"""What controls on zones ask alike: whether zones, and the gateways between them, are known well enough to judge."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from negatoscope.judge.crossings import Crossing, Crossings, whole
from negatoscope.judge.matrix import within
from negatoscope.judge.segmentation.addresses import stretch
from negatoscope.judge.segmentation.services import Services
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.zones import INNER, Policy, Zoning, services, standings
from negatoscope.model.administration import BY_PORT, WEB_PORTS
from negatoscope.model.evidence import Fact, Ref, Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import Reach
from negatoscope.model.zones import Zone, ZoneKind

STANDS = timedelta(days=31)
"""How long a reading of a gateway, a route or a look from a place is taken as true."""
ADMINISTRATION = Services.made(
    {
        "tcp": [(port, port) for name, port in BY_PORT if name == "tcp"],
        "udp": [(port, port) for name, port in BY_PORT if name == "udp"],
    },
    rest=False,
)
"""Services that exist only to administer."""
PAGES = Services.made({"tcp": [(port, port) for port in WEB_PORTS]}, rest=False)
"""Services behind which a web page is most likely."""

EVERY = tuple(Services.made({name: [(1, 65_535)]}, rest=False) for name in ("tcp", "udp"))
"""All that TCP, or UDP, can ask for."""


def drawn(zones: Iterable[Zone], zoning: Zoning) -> Iterator[Doubt]:
    """Doubt zones that nobody declared, or that do not say where they are or what they are for."""
    zones = tuple(zones)
    if not zoning.zones:
        yield Doubt("practice", "no_zone")
    for zone in zones:
        if zone.kind is None:
            yield Doubt(zone.ref, "zone_kind_unknown")
    for zone in zoning.zones:
        if not zone.networks:
            yield Doubt(zone.ref, "zone_without_networks")
    for overlap in zoning.overlaps:
        yield Doubt(overlap.one.ref, "zones_overlap", {"other_zone": overlap.other.name, "network": overlap.network})


def read(crossings: Crossings, zones: Iterable[Zone]) -> Iterator[Doubt]:
    """Doubt zones whose packets go through something that nobody read, and networks that gateways join to no zone."""
    for gateway, leg, network in crossings.astray():
        yield Doubt(gateway, "leg_in_no_zone", {"network": network, "interface": leg})
    for zone in zones:
        for network in crossings.bare(zone):
            subject = "practice" if zone is crossings.zoning.outside else zone.ref
            yield Doubt(subject, "no_gateway_beside", {"zone": zone.name, "network": network})


def old(bases: Seen[RuleBase], now: datetime) -> Iterator[Doubt]:
    """Doubt rule bases that were read long ago, or in part."""
    for base in bases.facts:
        if not whole(base):
            yield Doubt(base.host, "rules_in_part")
        if not young(bases, base, now):
            at = max((source.at for source in bases.sources.get(base.ref, ())), default=now)
            yield Doubt(base.host, "rules_old", {"on": f"{at:%Y-%m-%d}"})


def young(seen: Seen[Any], fact: Fact, now: datetime) -> bool:
    """Tell whether a fact was confirmed not long ago."""
    return any(now - STANDS <= source.at <= now for source in seen.sources.get(fact.ref, ()))


def weighed(source: Zone, target: Zone, crossings: Iterable[Crossing], reason: str) -> Said:
    """Say what passes between two zones: a finding where it is certain, else a doubt."""
    for one in crossings:
        values = {"source_zone": source.name, "target_zone": target.name, "services": one.services, "line": one.line}
        if one.passage.certain:
            yield Finding(one.gateway, reason, values)
        else:
            yield Doubt(one.gateway, "may_pass", values)


Asked = Callable[[Zone, Zone], bool]
"""Whether a control is about what one zone says to another."""


def everything(source: Zone, target: Zone, policy: Policy) -> Iterator[Finding]:
    """Name the flows that allow whatever one may ask: each service, or every port of TCP or of UDP.

    From where one administers, and sweeps, every port may be asked: such a line is the console's own.
    """
    wide = (lambda told: told.rest) if source.kind is ZoneKind.ADMINISTRATION else _wide
    holding = [one for one in policy.flows[source.ref, target.ref] if policy.holds(one)]
    if wide(policy.allowed(source, target)):
        for flow in [one for one in holding if wide(services(one) or Services())] or holding[:1]:
            zones = {"source_zone": source.name, "target_zone": target.name}
            yield Finding(flow.ref, "everything_allowed", zones)


def _wide(allowed: Services) -> bool:
    return allowed.rest or any(not every.minus(allowed) for every in EVERY)


def crossing(crossings: Crossings, policy: Policy, asked: Asked, reason: str) -> Said:
    """What gateways let pass between zones without anybody having allowed it."""
    for source, target in pairs(crossings.zoning, asked):
        beyond = crossings.beyond(source, target, policy.allowed(source, target))
        yield from weighed(source, target, beyond, reason)


def pairs(zoning: Zoning, asked: Asked) -> Iterator[tuple[Zone, Zone]]:
    """Zones, two by two, that a control is about."""
    for source in zoning.everywhere:
        for target in zoning.everywhere:
            if source.ref != target.ref and asked(source, target):
                yield source, target


def answering(zoning: Zoning, policy: Policy, reached: Iterable[Reach], asked: Asked) -> Said:
    """Services that answered somebody in another zone, or nobody knows where, without anybody having allowed it."""
    for one in reached:
        source, target = zoning.holding(one.origin), zoning.of(one.address)
        if source is None and target is not None and any(asked(other, target) for other in zoning.everywhere):
            yield Doubt(one.ref, "origin_in_no_zone", {"origin": one.origin, "target_zone": target.name})
        if target is None and source is not None and any(asked(source, other) for other in zoning.everywhere):
            yield Doubt(one.ref, "target_in_no_zone", {"address": one.address, "source_zone": source.name})
        if source is None or target is None or source.ref == target.ref or not asked(source, target):
            continue
        if not within(policy.allowed(source, target), one.protocol, one.port):
            values = {"source_zone": source.name, "target_zone": target.name, "address": one.address}
            yield Finding(one.ref, "answers_beyond", {**values, "services": f"{one.protocol}/{one.port}"})


def holds(texts: Iterable[str], address: str) -> bool:
    """Tell whether an address is among networks and ranges."""
    family, at, _ = stretch(address)
    return any(known == family and low <= at <= high for known, low, high in map(stretch, texts))


OUTER = frozenset({ZoneKind.INTERNET, ZoneKind.DMZ})


def comes_inside(source: Zone, target: Zone) -> bool:
    """From the Internet, or from the zone of public servers, to where people and what matters are."""
    return source.kind in OUTER and target.kind in INNER


def astride(zoning: Zoning, hosts: Iterable[Host], cards: Iterable[Interface], gates: Collection[Ref]) -> Said:
    """A host with one leg outside and another inside leads around the gateway; one in no zone may be anywhere."""
    for one in standings(zoning, hosts, cards).values() if zoning.zones else ():
        kinds = {zone.kind for zone in one.zones}
        bridges = one.host.ref not in gates and one.host.host_class is not HostClass.NETWORK
        if bridges and kinds & OUTER and kinds & INNER:
            yield Finding(one.host.ref, "stands_in_both", {"zones": ", ".join(sorted(zone.name for zone in one.zones))})
        if bridges and one.host.addresses is None:
            yield unread(one.host.ref, "addresses")
        for address in one.nowhere if bridges else ():
            yield Doubt(one.host.ref, "in_no_zone", {"address": address})
