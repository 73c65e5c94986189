"""Where addresses stand: the networks and zones that the practice declared, the narrowest first."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface, ip_network

from negatoscope.model.evidence import Ref
from negatoscope.model.networks import Network
from negatoscope.model.zones import Zone, ZoneKind

Net = IPv4Network | IPv6Network


def network_of(cidr: str) -> Net | None:
    """A network as people write it; ``None`` for what is none."""
    try:
        return ip_network(cidr.strip(), strict=False)
    except ValueError:
        return None


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with or without the length of its prefix; ``None`` for what is none."""
    try:
        return ip_interface(text).ip if "/" in text else ip_address(text)
    except ValueError:
        return None


class Ground:
    """Declared networks, each in the zone that holds it."""

    def __init__(self, networks: Iterable[Network], zones: Iterable[Zone]) -> None:
        """Lay out what was declared; a zone's own networks count, whether declared apart or not."""
        self.names: dict[Net, str | None] = {}
        self.zones: dict[Net, Ref] = {}
        self._homes: dict[str, Net | None] = {}
        within = [
            (net, zone.ref)
            for zone in sorted(zones, key=lambda zone: zone.ref)
            if zone.kind is not ZoneKind.INTERNET
            for cidr in zone.networks or ()
            if (net := network_of(cidr)) is not None
        ]
        for network in networks:
            if (net := network_of(network.cidr)) is not None:
                self.names[net] = network.name
        for net, _zone in within:
            self.names.setdefault(net, None)
        within.sort(key=lambda one: -one[0].prefixlen)
        for net in self.names:
            holder = next((zone for around, zone in within if inside(net, around)), None)
            if holder is not None:
                self.zones[net] = holder
        self._narrowest = sorted({(net.version, net.prefixlen) for net in self.names}, key=lambda one: -one[1])

    def net(self, text: str) -> Net | None:
        """The narrowest declared network in which an address stands."""
        if text not in self._homes:
            self._homes[text] = self._find(text)
        return self._homes[text]

    def _find(self, text: str) -> Net | None:
        address = address_of(text)
        if address is None:
            return None
        for version, length in self._narrowest:
            if address.version == version:
                net = ip_network((address, length), strict=False)
                if net in self.names:
                    return net
        return None

    def holder(self, network: Ref) -> Ref | None:
        """The zone of a declared network."""
        net = network_of(network.partition("/")[2])
        return self.zones.get(net) if net is not None else None


def inside(net: Net, around: Net) -> bool:
    """Tell whether a network is part of another, or is it."""
    return net.version == around.version and net.subnet_of(around)  # type: ignore[arg-type]  # of one version


def ref_of(net: Net) -> Ref:
    """``network/<cidr>``, as the fact calls itself."""
    return f"network/{net}"


def stands_among(seats: Iterable[str], networks: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Networks of the cards ``seats`` (with prefix) that overlap a declared network, or hold another's address."""
    shown = [net for text in networks if (net := network_of(text)) is not None]
    known = [address for text in others if (address := address_of(text)) is not None]
    met = []
    for text in seats:
        net = network_of(text)
        if net is None:
            continue
        around = any(net.version == one.version and net.overlaps(one) for one in shown)
        if around or any(address in net for address in known if address.version == net.version):
            met.append(str(net))
    return tuple(dict.fromkeys(met))
