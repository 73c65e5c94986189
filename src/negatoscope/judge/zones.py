"""Which zone an address stands in, which zones hold which hosts, and what the practice allows between two zones."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_interface, ip_network

from negatoscope.judge.segmentation.services import Services
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.services import NoService, service
from negatoscope.model.traffic import INTERNET
from negatoscope.model.zones import AllowedFlow, Zone, ZoneKind

Net = IPv4Network | IPv6Network
OUTSIDE = Zone("Internet", ZoneKind.INTERNET)
"""What is outside, where nobody declared a zone for it."""
PRIVATE: tuple[Net, ...] = tuple(map(ip_network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/3",
)))  # fmt: skip
"""Never outside, whoever declares what (RFC 1918, 6598, 3927, 1122, 1112). Of IPv6 only 2000::/3 is (RFC 4291)."""
WHOLE: tuple[Net, ...] = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))
INNER = frozenset(ZoneKind) - {ZoneKind.INTERNET, ZoneKind.DMZ}
"""What must not be met from outside."""
PROTECTED = frozenset({ZoneKind.IMAGING, ZoneKind.SERVERS, ZoneKind.ADMINISTRATION})
"""Where what matters stands."""
SHARED = frozenset({ZoneKind.USERS, ZoneKind.GUEST, ZoneKind.PUBLIC, ZoneKind.INTERNET})
"""Where anybody stands."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A network that two zones both claim."""

    one: Zone
    other: Zone
    network: str


class Zoning:
    """The declared zones as one partition of the addresses: the narrowest network that holds an address decides."""

    def __init__(self, zones: Iterable[Zone]) -> None:
        """Draw the zones; all those of kind Internet are one, and stand for all that is outside."""
        known = sorted(zones, key=lambda zone: zone.name.casefold())
        self.outside = next((zone for zone in known if zone.kind is ZoneKind.INTERNET), OUTSIDE)
        self.zones = tuple(zone for zone in known if zone.kind is not ZoneKind.INTERNET)
        """All zones but the outside, by name."""
        self._apart = {zone.ref: self.outside for zone in known if zone.kind is ZoneKind.INTERNET}
        self._claims: defaultdict[Net, list[Zone]] = defaultdict(list)
        for zone in known:
            for network in map(_network, zone.networks or ()):
                self._claims[network].append(self._apart.get(zone.ref, zone))
        self._lengths = {4: self._prefixes(4), 6: self._prefixes(6)}

    def _prefixes(self, version: int) -> list[int]:
        return sorted({net.prefixlen for net in self._claims if net.version == version}, reverse=True)

    @property
    def everywhere(self) -> tuple[Zone, ...]:
        """All zones, the outside first."""
        return (self.outside, *self.zones)

    def named(self, ref: Ref) -> Zone | None:
        """The zone of a reference."""
        found = self._apart.get(ref) or next((zone for zone in self.zones if zone.ref == ref), None)
        return found or (self.outside if ref == self.outside.ref else None)

    def own(self, address: str) -> Zone | None:
        """The zone that an address of the practice's own stands in; ``None``: in none, or two claim it alike."""
        try:
            one = ip_address(address.partition("/")[0].partition("%")[0])
        except ValueError:
            return None
        for length in self._lengths[one.version]:
            claims = self._claims.get(ip_network((one, length), strict=False))
            if claims:
                return claims[0] if len({zone.ref for zone in claims}) == 1 else None
        return None

    def of(self, address: str) -> Zone | None:
        """The zone of any address, or of the word ``internet``; outside is what nobody declared and is not private."""
        if address == INTERNET:
            return self.outside
        found = self.own(address)
        if found is not None:
            return found
        try:
            one = ip_network(address.partition("%")[0], strict=False)
        except ValueError:
            return None
        claimed = any(one.version == net.version and one.subnet_of(net) for net in self._claims)  # type: ignore[arg-type]
        return self.outside if not claimed and _is_outside(one) else None

    def holding(self, network: str) -> Zone | None:
        """The zone that holds a whole network; ``None``: none, or several share it."""
        if network == INTERNET:
            return self.outside
        try:
            net = ip_network(network, strict=False)
        except ValueError:
            return None
        first, last = self.own(str(net[0])), self.own(str(net[-1]))
        inside = [zone for other, claims in self._claims.items() for zone in claims if _within(other, net)]
        whole = first is not None and last is not None and all(zone.ref == first.ref for zone in (last, *inside))
        return first if whole else None

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """Networks that two zones claim alike: what stands there is in neither for certain."""
        told = []
        for network, claims in sorted(self._claims.items(), key=lambda one: str(one[0])):
            others = {zone.ref: zone for zone in claims}
            if len(others) > 1:
                one, other, *_rest = others.values()
                told.append(Overlap(one, other, str(network)))
        return tuple(told)

    @cached_property
    def _networks(self) -> Mapping[Ref, tuple[str, ...]]:
        told = {zone.ref: tuple(map(str, self._held(zone))) for zone in self.zones}
        outside = _less(WHOLE, (*PRIVATE, *self._claims))
        return {**told, self.outside.ref: tuple(map(str, _collapsed((*outside, *self._held(self.outside)))))}

    def _held(self, zone: Zone) -> list[Net]:
        """The networks that a zone alone claims, each less those that others claim within it."""
        alone = [net for net, claims in self._claims.items() if all(one.ref == zone.ref for one in claims)]
        return _collapsed(
            part
            for net in alone
            for part in _less((net,), (other for other in self._claims if other not in alone and _within(other, net)))
        )

    def networks(self, zone: Zone) -> tuple[str, ...]:
        """What a zone is made of, less what other zones claim within it; of the outside, all that is nobody's here."""
        return self._networks.get(zone.ref, ())


def _network(text: str) -> Net:
    return ip_network(text, strict=False)


def _within(inner: Net, outer: Net) -> bool:
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _is_outside(one: Net) -> bool:
    return any(_within(one, net) for net in WHOLE) and not any(one.overlaps(net) for net in PRIVATE)


def _less(networks: Iterable[Net], gone: Iterable[Net]) -> list[Net]:
    left = list(networks)
    for cut in gone:
        left = [part for net in left for part in _cut(net, cut)]
    return _collapsed(left)


def _cut(net: Net, gone: Net) -> list[Net]:
    if not net.overlaps(gone):
        return [net]
    return [] if _within(net, gone) else list(net.address_exclude(gone))  # type: ignore[arg-type]


def _collapsed(networks: Iterable[Net]) -> list[Net]:
    told = list(networks)
    four = collapse_addresses(net for net in told if isinstance(net, IPv4Network))
    six = collapse_addresses(net for net in told if isinstance(net, IPv6Network))
    return [*four, *six]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one host stands. ``nowhere``: addresses in no zone, or in two."""

    host: Host
    addresses: tuple[str, ...]
    zones: tuple[Zone, ...]
    nowhere: tuple[str, ...]


def standings(zoning: Zoning, hosts: Iterable[Host], cards: Iterable[Interface] = ()) -> dict[Ref, Standing]:
    """Place each host by its addresses and those of its cards."""
    more: defaultdict[Ref, list[str]] = defaultdict(list)
    for card in cards:
        more[card.host] += [one.partition("/")[0] for one in card.addresses or () if _travels(one)]
    return {host.ref: _standing(zoning, host, more[host.ref]) for host in hosts}


def _travels(address: str) -> bool:
    """Loopback and link-local addresses lead nowhere."""
    try:
        one = ip_interface(address.partition("%")[0])
    except ValueError:
        return False
    return not one.ip.is_loopback and not one.ip.is_link_local


def _standing(zoning: Zoning, host: Host, more: Iterable[str]) -> Standing:
    addresses = tuple(dict.fromkeys((*(host.addresses or ()), *more)))
    found = {address: zoning.own(address) for address in addresses}
    zones = {zone.ref: zone for zone in found.values() if zone is not None}
    return Standing(host, addresses, tuple(zones.values()), tuple(one for one, zone in found.items() if zone is None))


class Policy:
    """What may pass between zones on one day."""

    def __init__(self, zoning: Zoning, flows: Iterable[AllowedFlow], today: date) -> None:
        """Take the flows that hold ``today``."""
        self.flows: defaultdict[tuple[Ref, Ref], list[AllowedFlow]] = defaultdict(list)
        """All declared, those that do not hold included, by zones."""
        self.unread: list[AllowedFlow] = []
        """Flows whose service, or zones, nobody can read: they allow nothing."""
        self._services: dict[tuple[Ref, Ref], Services] = {}
        self._today = today
        for flow in flows:
            source, target = zoning.named(flow.source), zoning.named(flow.target)
            asked = services(flow)
            if source is None or target is None or asked is None:
                self.unread.append(flow)
                continue
            pair = (source.ref, target.ref)
            self.flows[pair].append(flow)
            if self.holds(flow):
                self._services[pair] = self._services.get(pair, Services()).plus(asked)

    def holds(self, flow: AllowedFlow) -> bool:
        """Whether a flow is allowed today; its last day still counts."""
        begun = flow.starts_on is None or flow.starts_on <= self._today
        return begun and (flow.until is None or self._today <= flow.until)

    def allowed(self, source: Zone, target: Zone) -> Services:
        """What the first may ask of the second."""
        return self._services.get((source.ref, target.ref), Services())


def services(flow: AllowedFlow) -> Services | None:
    """What a flow allows, in the terms of rule bases; ``None``: nobody can read it."""
    try:
        return Services.of(service(flow.service))
    except NoService:
        return None
