"""Where a socket in a wall leads: to which port of which switch, into which VLAN, among whom."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from negatoscope.judge.apart import Apart
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.premises import Socket
from negatoscope.model.switching import Place, Sighting, SwitchPort, Vlan
from negatoscope.model.zones import Zone, ZoneKind

LEADS = {"reach": "leads_inside", "rules": "leads_inside_by_rules"}
LED_BY = {"reach": "address", "rules": "line"}
APART = frozenset({ZoneKind.GUEST, ZoneKind.PUBLIC})
"""Where whoever plugs in may be."""
INSIDE = frozenset(ZoneKind) - APART - {ZoneKind.INTERNET, ZoneKind.DMZ}
_LAST_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True)
class Cabling:
    """All that is known of switches and of where their VLANs lead."""

    ports: Seen[SwitchPort]
    vlans: Seen[Vlan]
    sightings: Seen[Sighting]
    apart: Apart
    """What is known of zones, and of what leads from one to another."""

    @property
    def hosts(self) -> Seen[Host]:
        """All hosts."""
        return self.apart.told.hosts

    @cached_property
    def _switches(self) -> dict[Ref, frozenset[str]]:
        """Every name of each switch."""
        known = {host.ref: host for host in self.hosts.facts}
        names: dict[Ref, frozenset[str]] = {}
        for ref in {port.host for port in self.ports.facts}:
            host = known.get(ref, Host(ref))
            short = (host.hostname or "").partition(".")[0]
            said = (host.hostname, short, ref.removeprefix("host/"), *(host.addresses or ()))
            names[ref] = frozenset(folded(one) for one in said if one)
        return names

    def name(self, switch: Ref) -> str:
        """What people call a switch."""
        host = next((host for host in self.hosts.facts if host.ref == switch), None)
        return (host and host.hostname) or switch.removeprefix("host/")

    def ends(self, socket: Socket) -> tuple[SwitchPort, ...]:
        """The ports where its cable may end: as people wrote it, and as the switch's administrator did."""
        labelled = [port for port in self.ports.facts if port.alias and _tells(port.alias, socket.name)]
        return tuple(dict.fromkeys((*self._written(folded(socket.port or "")), *labelled)))

    def _written(self, said: str) -> list[SwitchPort]:
        if not said:
            return []
        found = []
        for switch, names in self._switches.items():
            rest = _after(said, names)
            if rest is None and len(self._switches) == 1:
                rest = said
            if rest:
                found += _called([port for port in self.ports.facts if port.host == switch], rest)
        return found

    def behind(self, host: Ref) -> tuple[SwitchPort, ...]:
        """The port that a host is plugged into: the one, of those that learnt its card, with the fewest others."""
        cards = {mac for one in self.hosts.facts if one.ref == host for mac in one.macs or ()}
        where = {(s.host, s.where) for s in self.sightings.facts if s.by is Place.PORT and s.mac in cards}
        ports = [port for port in self.ports.facts if (port.host, port.name) in where]
        return tuple(sorted(ports, key=lambda port: (port.stations is None, port.stations or 0))[:1])

    def lets_in(self, subject: Ref, port: SwitchPort, used: str) -> Said:
        """Say what speaks against a port that anybody may plug into; nothing: it is dead, guarded, or leads nowhere."""
        where = {"switch": self.name(port.host), "port": port.name, "vlan": port.vlan, "used": used}
        if all(source.at < self.apart.since for source in self.ports.sources.get(port.ref, ())):
            yield Doubt(subject, "switch_read_long_ago", {"switch": where["switch"]})
        if port.enabled is False or port.authenticated:
            return
        if port.enabled is None:
            yield unread(subject, "port_state")
        elif port.vlan is None or port.tagged is None:
            yield Doubt(subject, "vlan_unknown", where)
        else:
            for vlan in (port.vlan, *port.tagged):
                yield from self._leads(subject, port, {**where, "vlan": vlan})

    def _leads(self, subject: Ref, port: SwitchPort, where: dict[str, str | int | None]) -> Said:
        zones = self._among(where["vlan"])
        inside = next((zone for zone in zones if zone.kind in INSIDE), None)
        if inside is not None and port.authenticated is None:
            yield Doubt(subject, "authentication_unknown", where)
        elif inside is not None:
            yield Finding(subject, "live", {**where, "zone": inside.name})
        elif not zones or any(zone.kind is None for zone in zones):
            yield Doubt(subject, "vlan_nowhere", where)
        else:
            for zone in zones:
                yield from self._apart(subject, zone, where)

    def _among(self, vlan: object) -> tuple[Zone, ...]:
        """Zones that a VLAN leads to: as declared, and by the addresses met in it."""
        found = {zone.ref: zone for zone in self.apart.told.zones.facts if zone.vlan == vlan}
        networks = [net for one in self.vlans.facts if one.number == vlan for net in one.networks or ()]
        addresses = [one.address for one in self.sightings.facts if one.vlan == vlan and one.address]
        met = (*map(self.apart.zoning.holding, networks), *map(self.apart.zoning.own, addresses))
        found |= {zone.ref: zone for zone in met if zone is not None}
        return tuple(found.values())

    def _apart(self, subject: Ref, zone: Zone, where: dict[str, str | int | None]) -> Said:
        """Ask for proof that nothing inside can be reached from a zone where anybody may be."""
        leaks = list(self.apart.leaks(zone))
        for leak in leaks:
            yield Finding(subject, LEADS[leak.how], {**where, "zone": leak.zone.name, LED_BY[leak.how]: leak.what})
        if not leaks and not self.apart.proven(zone):
            yield Doubt(subject, "isolation_unproven", {**where, "zone": zone.name})


def folded(said: str) -> str:
    """Lower case, without accents, single spaces."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", said) if not unicodedata.combining(one))
    return " ".join(bare.casefold().split())


def _tells(alias: str, name: str) -> bool:
    """Whether what is written on a port names a socket, as a word of its own."""
    return bool(re.search(rf"(?<![\w.]){re.escape(folded(name))}(?![\w.])", folded(alias)))


def _after(said: str, names: Iterable[str]) -> str | None:
    """What follows the switch's name; ``None``: it is not named."""
    for name in sorted(names, key=len, reverse=True):
        rest = said.removeprefix(name)
        if rest != said and not rest[:1].isalnum():
            return rest.strip(" /:;,|>–—-")
    return None


def _called(ports: list[SwitchPort], said: str) -> list[SwitchPort]:
    """Ports of one switch by their name or label, else by the last number of their name, else by their own number."""
    said = re.sub(r"^port\W*", "", said)
    ways: defaultdict[int, list[SwitchPort]] = defaultdict(list)
    for port in ports:
        last = _LAST_NUMBER.search(port.name)
        tries = ((port.name, port.alias), (last and last[1],), (port.index and str(port.index),))
        for rank, names in enumerate(tries):
            if any(one and folded(one) == said for one in names):
                ways[rank].append(port)
    return next((found for _, found in sorted(ways.items())), [])


__all__ = ["Cabling", "folded"]
