"""Links with the networks of others: by which gateway, on whose word, and which of them nobody declared."""

from collections import defaultdict
from collections.abc import Iterator

from negatoscope.judge.exits import links
from negatoscope.judge.graph.ground import Net, inside, network_of
from negatoscope.judge.graph.known import Known
from negatoscope.model.drawing import Layer, Link, Node, Sort, Way
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.gateways import RuleBase
from negatoscope.model.traffic import Route
from negatoscope.model.zones import Partner

NAMED = 2
"""Networks that name a link of which no partner is known; more are counted."""


def interconnections(found: Known) -> Iterator[Link]:
    """A line from each gateway that knows a way to somebody else's networks, to whom they belong."""
    bases = found.register.seen(RuleBase)
    told: defaultdict[tuple[Ref, Ref], list[str]] = defaultdict(list)
    for one in links(bases.facts, map(str, found.ground.names), found.register.seen(Partner).facts):
        other = one.partner.ref if one.partner else nobodys(one.gateway, one.interface)
        told[one.gateway, other].append(f"{one.network} ({one.interface})")
    for (gateway, other), said in told.items():
        yield _led(gateway, other, ", ".join(dict.fromkeys(said)), bases.sources.get(gateway, ()))
    yield from _routed(found)


def _routed(found: Known) -> Iterator[Link]:
    """A host that sends a partner's packets to a router shows that router's link, and by a card of its own, its own."""
    routes = found.register.seen(Route)
    for route in routes.facts:
        other = whose(found, network_of(route.destination))
        router = found.by_address.get(route.gateway) if route.gateway else route.host
        if other is not None and router is not None:
            yield _led(router, other, route.destination, routes.sources.get(route.ref, ()))


def _led(gateway: Ref, other: Ref, said: str, sources: tuple[Source, ...]) -> Link:
    return Link(gateway, other, Layer.NETWORK, Way.PARTNER, measured=True, said=said, sources=sources)


def nobodys(gateway: Ref, interface: str) -> Ref:
    """What lies behind an interface of a gateway, where no partner is known to."""
    return f"beyond/{gateway.partition('/')[2]}/{interface}"


def whose(found: Known, net: Net | None) -> Ref | None:
    """The partner whose network holds this one; the practice's own networks are nobody else's."""
    if net is None or found.ground.net(str(net.network_address)) is not None:
        return None
    return next((ref for theirs, ref in found.beyond if inside(net, theirs)), None)


def others(found: Known, lines: list[Link]) -> Iterator[Node]:
    """Partners, and what lies behind links that nobody declared."""
    shown = {link.target for link in lines if link.way is Way.PARTNER}
    for partner in found.register.seen(Partner).facts:
        networks = partner.networks or ()
        yield Node(
            partner.ref, Sort.PARTNER, partner.name, None, partner.ref in shown, declared=True, addresses=networks
        )
    for link in lines:
        if link.way is Way.PARTNER and link.target.startswith("beyond/"):
            networks = tuple(one.partition(" ")[0] for one in link.said.split(", "))
            more = f" +{len(networks) - NAMED}" if len(networks) > NAMED else ""
            yield Node(link.target, Sort.PARTNER, ", ".join(networks[:NAMED]) + more, measured=True, addresses=networks)
