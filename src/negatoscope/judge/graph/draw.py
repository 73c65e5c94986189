"""The whole drawing, and how each host hangs on it."""

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from itertools import chain

from negatoscope.judge.graph import cables, flows, partners, roads
from negatoscope.judge.graph.critical import joined, weigh
from negatoscope.judge.graph.ground import Net, ref_of
from negatoscope.judge.graph.known import Known, instruments, known, leads
from negatoscope.model.atlas import Standing
from negatoscope.model.critical import CriticalPoint
from negatoscope.model.drawing import ADRIFT, OUTSIDE, Drawing, Layer, Link, Node, Sort, Way
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.register import Register
from negatoscope.model.zones import InternetAccess, Zone, ZoneKind

PHYSICAL = frozenset({Way.PORT, Way.WIFI})


def draw(register: Register, addressed: Container[Ref] | None = None) -> Drawing:
    """Everything that the register knows of who is joined to whom. ``addressed``: as in ``Known``."""
    found = known(register, addressed)
    homes = _homes(found)
    plugs = cables.plugs(found)
    links = _once(
        chain(
            cables.plugged(plugs),
            cables.neighbours(found),
            cables.serves(found, plugs, homes),
            roads.members(found),
            roads.gateways(found),
            roads.exits(found),
            partners.interconnections(found),
            flows.talks(found),
            flows.reached(found),
            flows.allowed(found),
        )
    )
    nodes = sorted(_nodes(found, homes, links), key=lambda node: (node.sort, node.ref))
    there = {node.ref for node in nodes}
    kept = tuple(link for link in links if link.source in there and link.target in there)
    hosts = frozenset(node.ref for node in nodes if node.sort is Sort.HOST)
    told = frozenset(node.ref for node in nodes if node.sort in {Sort.HOST, Sort.EXIT})
    weights = {ref: one for ref, one in weigh(joined(_solid(kept)), hosts).items() if ref in told}
    return Drawing(tuple(nodes), kept, weights)


def _once(links: Iterable[Link]) -> list[Link]:
    """The strongest word on each line: measured before declared, the first before the others."""
    told: dict[str, Link] = {}
    for link in links:
        if link.ref not in told or (link.measured and not told[link.ref].measured):
            told[link.ref] = link
    return [told[ref] for ref in sorted(told)]


def _solid(links: Iterable[Link]) -> Iterator[tuple[Ref, Ref]]:
    """What failures follow: a host that hangs on a switch hangs on its network by that switch alone.

    The networks of others are no way round for the practice's own packets.
    """
    links = [link for link in links if link.layer is Layer.NETWORK and link.way is not Way.PARTNER]
    hung = {link.source for link in links if link.way in PHYSICAL}
    leading = {link.source for link in links if link.way in {Way.GATEWAY, Way.SERVES, Way.NEIGHBOUR}}
    for link in links:
        if link.way is not Way.MEMBER or link.source not in hung or link.source in leading:
            yield link.source, link.target


def _homes(found: Known) -> dict[Ref, Ref]:
    """The network that each host is drawn in: that of its first address that has one."""
    homes = {}
    for ref, host in found.hosts.items():
        nets = (found.ground.net(text) for text in host.addresses or ())
        home = next((net for net in nets if net is not None), None)
        homes[ref] = ref_of(home) if home is not None else ADRIFT
    return homes


def _nodes(found: Known, homes: dict[Ref, Ref], links: list[Link]) -> Iterator[Node]:
    listed = {one.host: one.reason or "" for one in found.register.seen(CriticalPoint).facts}
    clear = flows.clear(found)
    for ref, host in found.hosts.items():
        yield _host(found, host, homes[ref], clear.get(ref, ()), listed.get(ref))
    for ref in sorted(found.gateways.keys() - found.hosts.keys()):
        address = ref.partition("/")[2]
        net = found.ground.net(address)
        home = ref_of(net) if net is not None else ADRIFT
        yield Node(ref, Sort.HOST, address, home, measured=True, host_class=HostClass.NETWORK, addresses=(address,))
    if ADRIFT in homes.values():
        yield Node(ADRIFT, Sort.NETWORK, "?")
    peopled = {link.target for link in links if link.way is Way.MEMBER and link.measured}
    for net, name in found.ground.names.items():
        yield _network(found, net, name, measured=ref_of(net) in peopled)
    yield from _beyond(found, links)


def _host(found: Known, host: Host, home: Ref, clear: tuple[str, ...], listed: str | None) -> Node:
    sources = found.sources(host.ref)
    met = instruments(sources)
    return Node(
        host.ref,
        Sort.HOST,
        host.hostname or host.ref.removeprefix("host/"),
        home,
        measured=bool(met),
        declared=len(met) < len(sources),
        host_class=host.host_class,
        addresses=host.addresses or (),
        clear=clear,
        listed=listed,
    )


def _network(found: Known, net: Net, name: str | None, *, measured: bool) -> Node:
    zone = found.ground.zones.get(net)
    return Node(ref_of(net), Sort.NETWORK, name or str(net), zone, measured, declared=True, addresses=(str(net),))


def _beyond(found: Known, links: list[Link]) -> Iterator[Node]:
    for zone in found.register.seen(Zone).facts:
        if zone.kind is not ZoneKind.INTERNET:
            yield Node(zone.ref, Sort.ZONE, zone.name, declared=True)
    for access in found.register.seen(InternetAccess).facts:
        met = any(link.measured for link in links if link.source == access.ref)
        yield Node(access.ref, Sort.EXIT, access.name, measured=met, declared=True)
    yield from partners.others(found, links)
    if any(OUTSIDE in {link.source, link.target} for link in links):
        yield Node(OUTSIDE, Sort.EXIT, "Internet", measured=any(link.target == OUTSIDE for link in links))


def standings(
    register: Register, addressed: Container[Ref] | None = None
) -> Iterator[tuple[Standing, tuple[Source, ...]]]:
    """How each host of the register hangs on the drawing, and the measured links behind."""
    found = known(register, addressed)
    plugs = cables.plugs(found)
    led: dict[Ref, datetime] = {}
    for link in roads.gateways(found):
        if link.measured and link.at is not None:
            led[link.target] = max(link.at, led.get(link.target, link.at))
    met: dict[Ref, list[Link]] = {ref: [] for ref in found.hosts}
    for link in roads.members(found):
        if link.measured:
            met[link.source].append(link)
    for ref, host in found.hosts.items():
        yield _standing(found, host, met[ref], plugs.get(ref), led)


def _standing(
    found: Known, host: Host, met: list[Link], plug: cables.Plug | None, led: dict[Ref, datetime]
) -> tuple[Standing, tuple[Source, ...]]:
    sources = tuple(dict.fromkeys(chain((plug.sources if plug else ()), *(link.sources for link in met))))
    nets = {link.target for link in met}
    zones = {zone for link in met if (zone := found.ground.holder(link.target)) is not None}
    gateway = leads(host, host.ref, found)
    fact = Standing(
        host.ref,
        addresses=host.addresses,
        networks=tuple(sorted(nets)) or None,
        zones=tuple(sorted(zones)) if nets else None,
        plugged=plug.device if plug else None,
        gateway=gateway,
        led_at=max((led[net] for net in nets if net in led), default=None),
        seen_at=max((source.at for source in sources), default=None),
    )
    return fact, sources
