"""Cards that were seen: which are the practice's own, which stand in a network for guests, and who watches where."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import ip_address, ip_network

from negatoscope.judge.zones import Standing, Zoning, standings
from negatoscope.model.atlas import MapEntry
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.marks import FILLERS, INNER
from negatoscope.model.networks import Network
from negatoscope.model.switching import Place, Sighting, WifiNetwork
from negatoscope.model.traffic import Route
from negatoscope.model.zones import Zone, ZoneKind

HANDED_STANDS = timedelta(days=31)
"""How long a file that people hand over is taken as it is; looks that come back by themselves are asked for more."""
DEFAULTS = frozenset({"0.0.0.0/0", "::/0"})
VISITORS = frozenset({ZoneKind.GUEST, ZoneKind.PUBLIC})
SHARED = (*FILLERS, "00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f")
"""Cards of no device: fillers, and those of several routers together (VRRP, RFC 5798; HSRP)."""
NEAREST = (Place.PORT, Place.WIFI, Place.LEASE, Place.ARP)
"""What leads best to a device, the best first."""
_PHONES = re.compile(r"iphone|ipad|android|galaxy|pixel-|redmi|xiaomi|oneplus|huawei|telephone|mobile", re.IGNORECASE)
_MAKERS = re.compile(r"apple|samsung|xiaomi|huawei|oneplus|oppo|motorola mobility|google", re.IGNORECASE)


def lent(mac: str) -> bool:
    """Whether software chose this address, as telephones do for each Wi-Fi (IEEE 802, bit « local »)."""
    return bool(int(mac[:2], 16) & 2)


def likeness(seen: Sighting) -> str:
    """What a stranger may be, by hints alone: ``phone`` or ``device``."""
    hinted = _PHONES.search(seen.name or "") or _MAKERS.search(seen.maker or "")
    return "phone" if hinted or lent(seen.mac) else "device"


@dataclass(frozen=True, slots=True)
class Told:
    """All that speaks of cards."""

    hosts: Seen[Host]
    entries: Seen[MapEntry]
    cards: Seen[Interface]
    sightings: Seen[Sighting]
    wifi: Seen[WifiNetwork]
    zones: Seen[Zone]
    routes: Seen[Route]


class Stations:
    """The cards that a practice's devices saw lately."""

    def __init__(self, told: Told, now: datetime, fresh: timedelta) -> None:
        """Sort what was seen at most ``fresh`` ago."""
        self.told = told
        self.since = now - fresh
        self.now = now
        self.zoning = Zoning(told.zones.facts)
        self.declared = {entry.host for entry in told.entries.facts if entry.declared}
        self.owners = self._owners()
        self._radio = {(one.host, one.ssid): one for one in told.wifi.facts}

    def _owners(self) -> dict[str, Ref]:
        owners = {card.mac: card.host for card in self.told.cards.facts if card.mac and card.host in self.declared}
        named = ((mac, host.ref) for host in self.told.hosts.facts for mac in host.macs or ())
        return owners | {mac: ref for mac, ref in named if ref in self.declared}

    def strangers(self) -> Iterator[tuple[Sighting, Zone | None]]:
        """Each card of no declared host, once, where it is easiest to find, with the zone that it stands in."""
        by_card: defaultdict[str, list[Sighting]] = defaultdict(list)
        for seen in self.told.sightings.facts:
            known = seen.mac in self.owners or self._nobody_s(seen)
            if not known and self.recent(seen) and not self._upstream(seen):
                by_card[seen.mac].append(seen)
        for mac in sorted(by_card.keys() - self.perhaps.keys()):
            told = sorted(by_card[mac], key=lambda one: (NEAREST.index(one.by), one.ref))
            zones = [zone for one in told if (zone := self.zone(one)) is not None]
            inside = [zone for zone in zones if zone.kind not in VISITORS]
            yield told[0], next(iter(inside or zones), None)

    def _nobody_s(self, seen: Sighting) -> bool:
        """Routers in common; or a container, which its host alone meets, at an address outside the networks."""
        inside = seen.mac.startswith(INNER) and seen.by is Place.ARP and self.zone(seen) is None
        return inside or seen.mac.startswith(SHARED)

    @cached_property
    def perhaps(self) -> Mapping[str, Ref]:
        """Cards seen lately at the address of a declared host of which nobody knows the card, and that host."""
        carded = {*self.owners.values()}
        bare = {
            address: host.ref
            for host in self.told.hosts.facts
            if host.ref in self.declared - carded
            for address in host.addresses or ()
        }
        return {
            seen.mac: bare[seen.address]
            for seen in self.told.sightings.facts
            if seen.mac not in self.owners and seen.address in bare and self.recent(seen)
        }

    def _upstream(self, seen: Sighting) -> bool:
        """The operator's router: where the one who saw it sends everything, with an address in no zone of ours."""
        if seen.address is None or (seen.host, seen.address) not in self._ways_out:
            return False
        return self.zoning.own(seen.address) is None

    @cached_property
    def _ways_out(self) -> frozenset[tuple[Ref, str | None]]:
        """Each host, and where it sends everything."""
        routes = self.told.routes.facts
        return frozenset((route.host, route.gateway) for route in routes if route.destination in DEFAULTS)

    def recent(self, seen: Sighting) -> bool:
        """Whether it was there lately: by its own instant, or else that of the look."""
        return self.looked(seen) and (seen.last_seen is None or seen.last_seen >= self.since)

    def looked(self, seen: Sighting) -> bool:
        """Whether the look that tells of it is recent."""
        return any(source.at >= self.since for source in self.told.sightings.sources.get(seen.ref, ()))

    def zone(self, seen: Sighting) -> Zone | None:
        """The zone where a card was seen: by its address, its VLAN, its radio network."""
        if seen.address and (own := self.zoning.own(seen.address)):
            return own
        if _is_network(seen.where) and (held := self.zoning.holding(seen.where)):
            return held
        radio = self._radio.get((seen.host, seen.where)) if seen.by is Place.WIFI else None
        if radio is not None and radio.network and (held := self.zoning.holding(radio.network)):
            return held
        return self.of_vlan(seen.vlan if seen.vlan is not None else radio.vlan if radio else None)

    def of_vlan(self, number: int | None) -> Zone | None:
        """The one zone of a VLAN."""
        found = [zone for zone in self.zoning.zones if number is not None and zone.vlan == number]
        return found[0] if len(found) == 1 else None

    def unwatched(self, networks: Iterable[Network]) -> Iterator[Network]:
        """Networks of which no switch, DHCP server, access point or gateway lately told who is there."""
        watched = {address for seen in self.told.sightings.facts if self._watches(seen) for address in self._at(seen)}
        for network in networks:
            held = self.zoning.holding(network.cidr)
            inside = ip_network(network.cidr, strict=False)
            if (held is None or held.kind not in VISITORS) and not any(
                ip_address(address) in inside for address in watched
            ):
                yield network

    def _watches(self, seen: Sighting) -> bool:
        """A table of neighbours is a watch only where all pass: at a gateway."""
        return self.looked(seen) and (seen.by is not Place.ARP or seen.host in self.gateways)

    def _at(self, seen: Sighting) -> tuple[str, ...]:
        """Where the card stands: by its own address, or those of the host that it belongs to."""
        if seen.address:
            return (seen.address,)
        stands = self.standing.get(self.owners.get(seen.mac, ""))
        return stands.addresses if stands else ()

    @cached_property
    def standing(self) -> Mapping[Ref, Standing]:
        """Where each host stands."""
        return standings(self.zoning, self.told.hosts.facts, self.told.cards.facts)

    @cached_property
    def gateways(self) -> frozenset[Ref]:
        """Network devices, and hosts through which others leave."""
        next_routers = {route.gateway for route in self.told.routes.facts}
        return frozenset(
            host.ref
            for host in self.told.hosts.facts
            if host.host_class is HostClass.NETWORK or next_routers & {*(host.addresses or ())}
        )


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return "/" in text
