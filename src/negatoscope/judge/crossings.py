"""What rule bases let pass between zones, through one gateway or one after another; asked once a judgement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import ip_address, ip_interface, ip_network

from negatoscope.judge.segmentation.evaluate import Gate, Passage, Passages
from negatoscope.judge.segmentation.services import Services
from negatoscope.judge.zones import Net, Zoning
from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import GatewayInterface, RuleBase
from negatoscope.model.zones import Zone

WAYS_OUT = frozenset({"0.0.0.0/0", "::/0"})
FEW = 4
KEPT = 8
"""Judgements whose answers are remembered."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Connections that pass from one zone to another. ``gateway``: the one whose lines are told."""

    gateway: Ref
    passage: Passage

    @property
    def line(self) -> str:
        """The line that decided, as the maker's screen shows it; a default policy by its chain, in brackets."""
        entry = self.passage.entry
        if entry is not None:
            return entry.line
        ran = next(iter(self.passage.lines), None)
        return "?" if ran is None else ran.label or f"({ran.chain})"

    @property
    def services(self) -> str:
        """What passes, in words."""
        return said(self.passage.services)


def said(services: Services) -> str:
    """Services as a value of a finding: the first few of them, or a code for nearly all."""
    if services.rest:
        return "almost_any" if services.ports else "any"
    told = services.texts()
    return ", ".join((*told[:FEW], *(("more",) if len(told) > FEW else ())))


class Crossings:
    """The gateways that were read, and what each lets pass."""

    def __init__(self, zoning: Zoning, bases: Iterable[RuleBase]) -> None:
        """Make ready for every pair of zones."""
        self.zoning = zoning
        networks = [one for zone in zoning.everywhere for one in zoning.networks(zone)]
        self.gates = {base.host: Gate(base, networks) for base in bases if whole(base)}
        self._beside: defaultdict[Ref, list[Ref]] = defaultdict(list)
        for ref, gate in self.gates.items():
            stands = {zone.ref: self._legs(gate.base, zone) for zone in zoning.everywhere}
            if len(set().union(*stands.values())) > 1:
                for zone, through in stands.items():
                    self._beside[zone] += [ref] if through else []
        self._known: dict[tuple[Ref, Ref], tuple[Crossing, ...]] = {}
        self._exposed: dict[Ref, Passages] = {}
        self._stood: dict[Ref, list[Net]] = {}

    def _legs(self, base: RuleBase, zone: Zone) -> set[str]:
        """Interfaces by which a gateway stands in a zone; a host with one leg only separates nothing from anything."""
        if zone is self.zoning.outside:
            return {name for destination, name in base.routes or () if destination in WAYS_OUT}
        mine = [ip_network(one) for one in self.zoning.networks(zone)]
        return {leg.name for leg in base.interfaces or () for net in mine if _stands(leg, net)}

    def beside(self, zone: Zone) -> tuple[Ref, ...]:
        """Gateways with a leg in a zone; of the outside, those that know a way out."""
        return tuple(self._beside[zone.ref])

    def bare(self, zone: Zone) -> tuple[str, ...]:
        """Networks of a zone that no gateway read stands in: nobody knows what lets their packets through."""
        stood = [leg for ref in self._beside[zone.ref] for leg in legs(self.gates[ref].base)]
        if zone is self.zoning.outside:
            return () if self._beside[zone.ref] else ("0.0.0.0/0",)
        mine = self.zoning.networks(zone)
        return tuple(one for one in mine if not any(leg.overlaps(ip_network(one)) for leg in stood))

    def behind(self, zone: Zone, address: str) -> bool:
        """Whether a gateway with a leg in a zone knows where this address is: one of its legs, or of its routes."""
        at = ip_address(address)
        return any(at in net for ref in self._beside[zone.ref] for net in self._inside(ref))

    def _inside(self, gateway: Ref) -> list[Net]:
        if gateway not in self._stood:
            base = self.gates[gateway].base
            routes = [ip_network(to, strict=False) for to, _ in base.routes or () if to not in WAYS_OUT]
            self._stood[gateway] = [*legs(base), *routes]
        return self._stood[gateway]

    def astray(self) -> Iterator[tuple[Ref, str, str]]:
        """Networks in which a gateway between zones stands, and that no zone holds, but those by which it goes out."""
        known = [ip_network(one) for zone in self.zoning.everywhere for one in self.zoning.networks(zone)]
        for ref in sorted({ref for beside in self._beside.values() for ref in beside}):
            base = self.gates[ref].base
            out = {name for destination, name in base.routes or () if destination in WAYS_OUT}
            for leg in base.interfaces or ():
                for net in () if leg.name in out else _networks(leg):
                    if not any(net.overlaps(one) for one in known):
                        yield ref, leg.name, str(net)

    def exposed(self, gateway: Ref) -> Passages:
        """What the outside reaches through a gateway that was read, and on it."""
        if gateway not in self._exposed:
            self._exposed[gateway] = self.gates[gateway].exposed()
        return self._exposed[gateway]

    def between(self, source: Zone, target: Zone) -> tuple[Crossing, ...]:
        """All that passes, or may pass, from one zone to another."""
        pair = (source.ref, target.ref)
        if pair not in self._known:
            self._known[pair] = tuple(self._ways(source, target))
        return self._known[pair]

    def _ways(self, source: Zone, target: Zone) -> Iterator[Crossing]:
        origin, sought, last = self.zoning.networks(source), self.zoning.networks(target), self._beside[target.ref]
        for first in self._beside[source.ref]:
            for passage in self.gates[first].passages(origin, sought):
                if first in last:
                    yield Crossing(first, passage)
                elif not last:
                    yield Crossing(first, replace(passage, certain=False))
                else:
                    yield from (Crossing(first, both) for other in last for both in self._then(passage, other))

    def _then(self, passage: Passage, other: Ref) -> Iterator[Passage]:
        """What of a passage the next gateway lets through too."""
        for onward in self.gates[other].passages(passage.sources, passage.targets):
            both = passage.services.both(onward.services)
            if both:
                sure = passage.certain and onward.certain
                yield replace(onward, services=both, lines=passage.lines, entry=passage.entry, certain=sure)

    def beyond(self, source: Zone, target: Zone, allowed: Services) -> Iterator[Crossing]:
        """What passes, or may pass, without being allowed."""
        for one in self.between(source, target):
            left = one.passage.services.minus(allowed)
            if left:
                yield replace(one, passage=replace(one.passage, services=left))


def _stands(leg: GatewayInterface, network: Net) -> bool:
    return any(ip_interface(one).network.overlaps(network) for one in leg.addresses)


def _networks(leg: GatewayInterface) -> Iterator[Net]:
    """The networks of a leg in which others may stand."""
    nets = (ip_interface(one).network for one in leg.addresses)
    yield from (net for net in nets if net.num_addresses > 1 and not (net.is_link_local or net.is_loopback))


def legs(base: RuleBase) -> list[Net]:
    """The networks that a gateway stands in."""
    return [ip_interface(one).network for leg in base.interfaces or () for one in leg.addresses]


def whole(base: RuleBase) -> bool:
    """Tell whether nothing of a rule base was left unread."""
    return None not in (base.chains, base.translations, base.interfaces, base.routes)


class _Same:
    """Facts, told apart by what they are, not by what they say: a rule base is long."""

    def __init__(self, facts: Iterable[object]) -> None:
        self.facts = tuple(facts)
        self._told = tuple(map(id, self.facts))

    def __hash__(self) -> int:
        return hash(self._told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._told == other._told


@lru_cache(maxsize=KEPT)
def _made(zones: _Same, bases: _Same) -> Crossings:
    return Crossings(Zoning(zones.facts), bases.facts)  # type: ignore[arg-type]  # made by crossings


def crossings(zones: Iterable[Zone], bases: Iterable[RuleBase]) -> Crossings:
    """What these gateways let pass between these zones; controls of one judgement share the answers."""
    return _made(_Same(zones), _Same(bases))
