"""Which ways lead from one network to another, and outside: addresses, gateways, exits."""

from collections.abc import Iterable, Iterator

from negatoscope.judge.exits import Traces
from negatoscope.judge.exits import Way as Leads
from negatoscope.judge.exits import exits as ways_out
from negatoscope.judge.graph.ground import Net, network_of, ref_of
from negatoscope.judge.graph.known import EVERYWHERE, Known, nameless
from negatoscope.model.drawing import OUTSIDE, Layer, Link, Way
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.switching import Place, Sighting
from negatoscope.model.traffic import Route
from negatoscope.model.zones import InternetAccess, Zone


def members(found: Known) -> Iterator[Link]:
    """A line from each host to every declared network in which it has an address; a router's table counts."""
    for ref, host in found.hosts.items():
        met = found.met(ref)
        for net in dict.fromkeys(found.ground.net(text) for text in host.addresses or ()):
            if net is not None:
                yield _member(ref, net, met or found.sources(ref), measured=bool(met))
    seen = found.register.seen(Sighting)
    for one in seen.facts:
        sighted, net = found.by_mac.get(one.mac), found.ground.net(one.address or "")
        if sighted is not None and net is not None and one.by is Place.ARP:
            yield _member(sighted, net, seen.sources.get(one.ref, ()), measured=True)


def _member(host: Ref, net: Net, sources: tuple[Source, ...], *, measured: bool) -> Link:
    return Link(host, ref_of(net), Layer.NETWORK, Way.MEMBER, measured=measured, said=str(net), sources=sources)


def gateways(found: Known) -> Iterator[Link]:
    """A line from each gateway to each network that it serves: as its settings, a host's route or people say."""
    bases = found.register.seen(RuleBase)
    for base in bases.facts:
        for leg in base.interfaces or ():
            for net in _nets(found.ground.net(text) for text in leg.addresses):
                yield _leads(base.host, net, leg.label or leg.name, bases.sources.get(base.ref, ()))
    yield from _followed(found)
    zones = found.register.seen(Zone)
    for zone in zones.facts:
        router = found.named(zone.gateway)
        for net in _nets(map(network_of, zone.networks or ())) if router else ():
            sources = zones.sources.get(zone.ref, ())
            yield Link(router or "", ref_of(net), Layer.NETWORK, Way.GATEWAY, measured=False, sources=sources)


def _followed(found: Known) -> Iterator[Link]:
    """Where hosts send what is not for their own network."""
    routes = found.register.seen(Route)
    for route in routes.facts:
        net = found.ground.net(route.gateway or "") if route.destination in EVERYWHERE else None
        if net is not None and route.gateway:
            router = found.by_address.get(route.gateway, nameless(route.gateway))
            if router != route.host:
                yield _leads(router, net, route.gateway, routes.sources.get(route.ref, ()))


def _nets(found: Iterable[Net | None]) -> Iterator[Net]:
    return (net for net in found if net is not None)


def _leads(router: Ref, net: Net, said: str, sources: tuple[Source, ...]) -> Link:
    return Link(router, ref_of(net), Layer.NETWORK, Way.GATEWAY, measured=True, said=said, sources=sources)


def exits(found: Known) -> Iterator[Link]:
    """A line to the outside from each gateway that has a way out, and to each access that people declared."""
    bases, routes = found.register.seen(RuleBase), found.register.seen(Route)
    for base in bases.facts:
        for destination, interface in base.routes or ():
            if destination in EVERYWHERE:
                yield _out(base.host, interface, bases.sources.get(base.ref, ()))
    for route in routes.facts:
        if route.destination in EVERYWHERE and route.host in found.gateways:
            yield _out(route.host, route.gateway or route.interface or "", routes.sources.get(route.ref, ()))
    yield from _accesses(found)


def _accesses(found: Known) -> Iterator[Link]:
    """Through each access that people declared, measured where a gateway that was read goes out by it."""
    bases, accesses = found.register.seen(RuleBase), found.register.seen(InternetAccess)
    taken = {
        one.access.ref: bases.sources.get(one.subject, ())
        for one in ways_out(_traces(found, accesses.facts)).told
        if one.access and one.way is Leads.GATEWAY
    }
    for access in accesses.facts:
        measured, sources = access.ref in taken, taken.get(access.ref) or accesses.sources.get(access.ref, ())
        yield Link(access.ref, OUTSIDE, Layer.NETWORK, Way.EXIT, measured=measured, sources=sources)
        router = found.named(access.router)
        if router is not None:
            yield Link(router, access.ref, Layer.NETWORK, Way.EXIT, measured=measured, sources=sources)


def _traces(found: Known, accesses: Iterable[InternetAccess]) -> Traces:
    seen = found.register.seen
    return Traces(
        seen(Host).facts, seen(Interface).facts, seen(Route).facts, seen(RuleBase).facts, seen(Zone).facts, accesses
    )


def _out(router: Ref, said: str, sources: tuple[Source, ...]) -> Link:
    return Link(router, OUTSIDE, Layer.NETWORK, Way.EXIT, measured=True, said=said, sources=sources)
