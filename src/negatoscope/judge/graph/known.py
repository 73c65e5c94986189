"""Hosts by their addresses, cards and names; and what instruments, rather than people, say of them."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from negatoscope.judge.graph.ground import Ground, Net, address_of, network_of
from negatoscope.model.atlas import HEARSAY
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.register import Register
from negatoscope.model.traffic import Route
from negatoscope.model.zones import Partner, Zone

PEOPLE = frozenset({"declared", "spreadsheet"})
"""Collectors that bring the word of people."""
EVERYWHERE = frozenset({"0.0.0.0/0", "::/0", "default"})


def instruments(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Those that met what they speak of."""
    return tuple(one for one in sources if one.collector not in PEOPLE | HEARSAY)


@dataclass
class Known:
    """The register's hosts, as lines look for their ends."""

    register: Register
    ground: Ground
    hosts: dict[Ref, Host] = field(default_factory=dict)
    by_address: dict[str, Ref] = field(default_factory=dict)
    by_mac: dict[str, Ref] = field(default_factory=dict)
    by_name: dict[str, Ref] = field(default_factory=dict)
    addressed: Container[Ref] | None = None
    """Hosts whose addresses an instrument saw, where some have theirs from people alone; ``None``: not told apart."""
    beyond: list[tuple[Net, Ref]] = field(default_factory=list)
    """Networks of others, and the partner whose they are."""
    gateways: dict[Ref, tuple[Source, ...]] = field(default_factory=dict)
    """Hosts that were seen to lead from one network to another, and by what."""

    def named(self, text: str | None) -> Ref | None:
        """A host that people call by its name or its address."""
        if not text:
            return None
        plain = text.strip().casefold()
        return self.by_name.get(plain) or self.by_address.get(plain) or self.by_name.get(plain.partition(".")[0])

    def sources(self, host: Ref) -> tuple[Source, ...]:
        """Who speaks of a host."""
        return self.register.seen(Host).sources.get(host, ())

    def met(self, host: Ref) -> tuple[Source, ...]:
        """Instruments that saw where a host is; none, if its addresses are the word of people."""
        seen = self.addressed is None or host in self.addressed
        return instruments(self.sources(host)) if seen else ()


def known(register: Register, addressed: Container[Ref] | None = None) -> Known:
    """Look hosts, networks and gateways up once, for all lines."""
    ground = Ground(register.seen(Network).facts, register.seen(Zone).facts)
    found = Known(register, ground, addressed=addressed)
    for host in register.seen(Host).facts:
        found.hosts[host.ref] = host
        found.by_address |= dict.fromkeys(_plain(host.addresses), host.ref)
        found.by_mac |= dict.fromkeys(host.macs or (), host.ref)
        for name in (host.hostname, host.ref.removeprefix("host/")):
            if name:
                found.by_name.setdefault(name.casefold(), host.ref)
                found.by_name.setdefault(name.casefold().partition(".")[0], host.ref)
    for partner in register.seen(Partner).facts:
        found.beyond += [(net, partner.ref) for net in map(network_of, partner.networks or ()) if net is not None]
    found.beyond.sort(key=lambda one: (-one[0].prefixlen, one[1]))
    _lead(found)
    return found


def _lead(found: Known) -> None:
    """Note who leads from one network to another: gateways that were read, and those that hosts send packets to."""
    bases, routes = found.register.seen(RuleBase), found.register.seen(Route)
    for base in bases.facts:
        found.gateways[base.host] = bases.sources.get(base.ref, ())
        for leg in base.interfaces or ():
            for text in _plain(leg.addresses):
                found.by_address.setdefault(text, base.host)
    for route in routes.facts:
        if route.destination in EVERYWHERE and route.gateway:
            router = found.by_address.get(route.gateway, nameless(route.gateway))
            found.gateways[router] = (*found.gateways.get(router, ()), *routes.sources.get(route.ref, ()))


def nameless(address: str) -> Ref:
    """A gateway of which only the address is known."""
    return f"gateway/{address}"


def leads(host: Host | None, ref: Ref, found: Known) -> bool | None:
    """Whether a host may stand in several zones because it leads from one to another; ``None``: nobody can tell."""
    if ref in found.gateways or ref in {found.named(zone.gateway) for zone in found.register.seen(Zone).facts}:
        return True
    if host is None or host.host_class is None:
        return None
    return host.host_class is HostClass.NETWORK


def _plain(addresses: Iterable[str] | None) -> list[str]:
    return [str(one) for text in addresses or () if (one := address_of(text)) is not None]
