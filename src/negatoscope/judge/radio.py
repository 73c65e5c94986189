"""Radio networks: which access points are listed and read, and in which zone the stations of each network stand."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_address, ip_network

from negatoscope.judge.stations import HANDED_STANDS, Stations
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Network
from negatoscope.model.radio import AccessPoint
from negatoscope.model.switching import Place, WifiNetwork
from negatoscope.model.zones import Zone


class Radio:
    """The access points that people list, and those whose settings were read."""

    def __init__(
        self, points: Seen[AccessPoint], networks: Seen[WifiNetwork], hosts: Seen[Host], now: datetime
    ) -> None:
        """Hold what is known at the instant ``now``."""
        self.points, self.networks, self.now = points, networks, now
        self.names: dict[Ref, set[str]] = {host.ref: _names(host) for host in hosts.facts}

    def unlisted(self) -> Iterator[WifiNetwork]:
        """Networks of devices that nobody lists, one a device."""
        listed = {point.name.casefold() for point in self.points.facts}
        told = {one.host: one for one in reversed(self.networks.facts)}
        for host, network in sorted(told.items()):
            if listed.isdisjoint(self.names.get(host, {host.removeprefix("host/").casefold()})):
                yield network

    def unread(self) -> Iterator[Doubt]:
        """Doubt access points that nobody read, or read long ago."""
        read = {one.host for one in self.networks.facts}
        known = {name for host in read for name in self.names.get(host, {host.removeprefix("host/").casefold()})}
        for point in self.points.facts:
            if point.name.casefold() not in known:
                yield Doubt(point.ref, "point_unread")
        for host in sorted(read):
            told = (self.networks.sources.get(one.ref, ()) for one in self.networks.facts if one.host == host)
            last = max((source.at for sources in told for source in sources), default=None)
            if last is None or self.now - last > HANDED_STANDS:
                yield Doubt(host, "stale", {"kind": "WifiNetwork", "on": f"{last:%Y-%m-%d}" if last else "?"})


def _names(host: Host) -> set[str]:
    name = (host.hostname or "").casefold()
    found = {name, name.partition(".")[0], host.ref.removeprefix("host/").casefold(), *(host.addresses or ())}
    return found - {""}


def elsewhere(
    networks: Seen[WifiNetwork], stations: Stations, declared: Iterable[Network]
) -> Iterator[Finding | Doubt]:
    """Hosts that reach the practice's own networks by a radio network that no access point read is known to serve."""
    served = {network.ssid for network in networks.facts}
    inside = [ip_network(network.cidr, strict=False) for network in declared]
    for seen in stations.told.sightings.facts:
        if seen.by is not Place.WIFI or seen.where in served or not stations.recent(seen):
            continue
        values = {"ssid": seen.where, "host": seen.host}
        if seen.address is None:
            yield Doubt(seen.ref, "ssid_perhaps", values)
        elif any(ip_address(seen.address) in network for network in inside) or stations.zoning.own(seen.address):
            yield Finding(seen.ref, "ssid_unknown", values)


def zones_of(network: WifiNetwork, stations: Stations) -> list[Zone]:
    """The zones in which its stations stand: as its settings say, and as stations were seen."""
    found: dict[Ref, Zone] = {}
    told = stations.zoning.holding(network.network) if network.network else None
    for zone in (told, stations.of_vlan(network.vlan)):
        if zone is not None:
            found[zone.ref] = zone
    for seen in stations.told.sightings.facts:
        if seen.by is Place.WIFI and seen.where == network.ssid and seen.address:
            zone = stations.zoning.own(seen.address)
            if zone is not None:
                found[zone.ref] = zone
    return list(found.values())
