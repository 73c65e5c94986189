"""What a FortiGate's policies refer to: addresses, groups, services, port forwards (VIP), zones, schedules."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_interface, ip_network

from negatoscope.kit.clock import PARIS
from negatoscope.model.gateways import Ports, Rewrites, Translation
from negatoscope.observe.firewall.fortigate_text import Entry, Tree
from negatoscope.observe.firewall.lines import (
    LAST_PORT,
    WEEKDAYS,
    Members,
    Narrowed,
    hours,
    is_address,
    port_range,
    week,
)

NOWHERE = "0.0.0.0"  # noqa: S104 -- FortiOS' word for no address
ANYWHERE = frozenset({"all", "any"})
Service = tuple[tuple[str, ...] | None, Ports | None, Ports | None]
"""Protocols, source ports, target ports."""
_KNOWN: dict[str, list[Service]] = {
    "ALL": [(None, None, None)],
    "ALL_TCP": [(("tcp",), None, None)],
    "ALL_UDP": [(("udp",), None, None)],
    "ALL_ICMP": [(("icmp",), None, None)],
    "PING": [(("icmp",), None, None)],
    "HTTP": [(("tcp",), None, ((80, 80),))],
    "HTTPS": [(("tcp",), None, ((443, 443),))],
    "SSH": [(("tcp",), None, ((22, 22),))],
    "DNS": [(("tcp", "udp"), None, ((53, 53),))],
}
"""Services that every FortiGate knows, where its file does not list them."""


TRANSLATED = ("firewall vip6", "firewall policy46", "firewall policy64")
"""Blocks that rewrite IPv6, or lead from one family to the other: where one is used, IPv6 is not read."""


def fours(told: Tree) -> Iterator[Entry]:
    """Policies of IPv4; one that names ends of IPv6 alone is none."""
    for entry in told.get("firewall policy", {}).values():
        if entry.words("srcaddr") or entry.words("dstaddr") or not entry.words("srcaddr6"):
            yield entry


def sixes(told: Tree) -> Iterator[Entry]:
    """Policies of IPv6: their own list in older versions, and since FortiOS 6.4 fields of the common one."""
    yield from (one for one in told.get("firewall policy6", {}).values() if one.sets)
    for entry in told.get("firewall policy", {}).values():
        if entry.words("srcaddr6") or entry.words("dstaddr6"):
            ends = {"srcaddr": entry.words("srcaddr6"), "dstaddr": entry.words("dstaddr6")}
            negated = {f"{end}-negate": entry.words(f"{end[:3]}addr6-negate") for end in ends}
            yield Entry(entry.name, {**entry.sets, **ends, **negated}, entry.within)


class Objects:
    """Addresses as FortiOS writes them."""

    @staticmethod
    def network(words: Sequence[str], *, host: bool = True) -> tuple[str, ...]:
        """``10.0.0.1 255.255.255.0`` or ``10.0.0.0/24``; all zeros are none."""
        written = "/".join(words[:2])
        if not written or written.startswith(NOWHERE):
            return ()
        try:
            return (str(ip_interface(written)) if host else str(ip_network(written, strict=False)),)
        except ValueError:
            return ()


class Book:
    """Objects by name; a name that is not known, or that the file does not settle, is ``None``."""

    def __init__(self, told: Tree, *, six: bool = False) -> None:
        """Take the blocks that define objects. ``six``: those of IPv6, which has no port forwards here."""
        self.told = told
        self._named = "6" if six else ""
        self.zones = {name: tuple(one.words("interface")) for name, one in told.get("system zone", {}).items()}
        self.vips = {} if six else told.get("firewall vip", {})
        self.vip_groups = {name: one.words("member") for name, one in told.get("firewall vipgrp", {}).items()}
        self._everywhere = "::/0" if six else "0.0.0.0/0"
        self.members = Members()

    def addresses(self, name: str) -> tuple[str, ...] | None:
        """Networks and ranges of an address or a group."""
        return self.members.of(name, self._group, self._single)

    def _group(self, name: str) -> list[str] | None:
        group = self.told.get(f"firewall addrgrp{self._named}", {}).get(name)
        known = group is not None and name not in ANYWHERE and not group.words("exclude-member")
        return group.words("member") if group is not None and known else None

    def _single(self, name: str) -> tuple[str, ...] | None:
        if name in ANYWHERE:
            return (self._everywhere,)
        entry = self.told.get(f"firewall address{self._named}", {}).get(name)
        return None if entry is None else self._address(entry)

    def _address(self, entry: Entry) -> tuple[str, ...] | None:
        kind = entry.one("type")
        if kind == "iprange":
            text = f"{entry.one('start-ip')}-{entry.one('end-ip')}"
            return (text,) if is_address(text) else None
        if kind not in {"", "ipmask", "subnet", "interface-subnet", "ipprefix"}:
            return None
        if self._named:
            return Objects.network(entry.words("ip6"), host=False) or None
        words = entry.words("subnet")
        if set(words[:2]) == {NOWHERE}:
            return ("0.0.0.0/0",)
        return Objects.network(words, host=False) or None

    def services(self, name: str) -> tuple[Service, ...] | None:
        """Protocols and ports of a service or a group."""
        groups, own = self.told.get("firewall service group", {}), self.told.get("firewall service custom", {})

        def single(name: str) -> list[Service] | None:
            return self._service(own[name]) if name in own else _KNOWN.get(name)

        return self.members.of(name, lambda one: groups[one].words("member") if one in groups else None, single)

    def _service(self, entry: Entry) -> list[Service] | None:
        kind = entry.one("protocol")
        if kind == "IP":
            number = entry.one("protocol-number")
            return [(None if number in {"", "0"} else (number,), None, None)]
        if kind in {"ICMP", "ICMP6"}:
            return [(("icmp" if kind == "ICMP" else "icmpv6",), None, None)] if not entry.one("icmptype") else None
        told: list[Service] = []
        for protocol in ("tcp", "udp", "sctp"):
            for words in entry.words(f"{protocol}-portrange"):
                target, _, source = words.partition(":")
                ports = [port_range(target), port_range(source) if source else None]
                if ports[0] is None or (source and ports[1] is None):
                    return None
                told.append(((protocol,), (ports[1],) if ports[1] else None, (ports[0],)))
        return told or None

    def narrowed(self, match: Narrowed, entry: Entry) -> Iterator[Narrowed]:
        """A policy's conditions: one for its plain targets, one for what its port forwards bring; by service."""
        match = self._end(match, "sources", entry.words("srcaddr"), entry.one("srcaddr-negate") == "enable")
        named = [part for one in entry.words("dstaddr") for part in self.vip_groups.get(one, [one])]
        vips = [name for name in named if name in self.vips]
        plain = [name for name in named if name not in self.vips]
        ends = [self._end(match, "targets", plain, entry.one("dstaddr-negate") == "enable")] if plain else []
        for end in ends or ([] if vips else [match.unread("no target")]):
            yield from self._by_service(end, entry)
        for vip in (self.vips[name] for name in vips):
            forwarded = match.by(translated=True).addresses("targets", vip.words("mappedip"))
            for told in self._by_service(forwarded, entry):
                yield from _on_port(told, vip)

    def _by_service(self, match: Narrowed, entry: Entry) -> Iterator[Narrowed]:
        if entry.one("internet-service") == "enable" or entry.one("service-negate") == "enable":
            yield match.unread("internet service")
            return
        for name in entry.words("service") or ["ALL"]:
            known = self.services(name)
            if known is None:
                yield match.unread(f"service {name}")
            for protocols, sources, targets in known or ():
                yield match.by(protocols=protocols, source_ports=sources, target_ports=targets)

    def _end(self, match: Narrowed, field: str, names: list[str], negated: bool) -> Narrowed:  # noqa: FBT001 -- read above
        found = [self.addresses(name) for name in names]
        if None in found or not found:
            return match.unread(f"{field} {' '.join(names)}")
        among = tuple(one for some in found for one in some or ())
        return match if self._everywhere in among and not negated else match.addresses(field, among, negated=negated)

    def translations(self) -> Iterator[Translation]:
        """Port forwards: each VIP, from the interface that it is on."""
        for name, vip in self.vips.items():
            match = Narrowed().by(family=4)
            if vip.one("extip") not in {"", NOWHERE}:
                match = match.addresses("targets", vip.words("extip"))
            if vip.one("extintf") not in {"", "any"}:
                match = match.by(entering=self.zones.get(vip.one("extintf"), (vip.one("extintf"),)))
            port = None
            if vip.one("portforward") == "enable":
                asked, port = port_range(vip.one("extport")), port_range(vip.one("mappedport") or vip.one("extport"))
                match = match.by(protocols=(vip.one("protocol") or "tcp",), target_ports=(asked,) if asked else None)
            mapped = vip.one("mappedip")
            known = is_address(mapped) and vip.one("type") in {"", "static-nat"}
            told = match if known else match.unread(f"vip {mapped}")
            yield Translation(name, told.match, Rewrites.TARGET, mapped if known else "0.0.0.0/0", port,
                              enabled=vip.one("status") != "disable")  # fmt: skip

    def ends(self, schedule: str) -> datetime | None:
        """When a schedule that happens once is over."""
        entry = self.told.get("firewall schedule onetime", {}).get(schedule)
        try:
            said = " ".join(entry.words("end")[:2]) if entry else ""
            return datetime.strptime(said, "%H:%M %Y/%m/%d").replace(tzinfo=PARIS).astimezone(UTC)
        except ValueError:
            return None

    def week(self, schedule: str) -> tuple[str, ...] | None:
        """When a schedule that comes back holds; hours that end before they begin go on past midnight."""
        entry = self.told.get("firewall schedule recurring", {}).get(schedule)
        if entry is None:
            return None
        span = hours(entry.one("start") or "00:00", entry.one("end") or "00:00")
        days = [WEEKDAYS.index(day) for day in entry.words("day") if day in WEEKDAYS]
        return week({day: [span] for day in days}) if span and days else None


def _on_port(match: Narrowed, vip: Entry) -> Iterator[Narrowed]:
    """What of a service a port forward brings: its mapped port alone, where it forwards one."""
    port = port_range(vip.one("mappedport") or vip.one("extport"))
    if vip.one("portforward") != "enable" or port is None:
        yield match
        return
    protocol, ports = vip.one("protocol") or "tcp", match.match.target_ports
    if match.match.protocols is not None and protocol not in match.match.protocols:
        return
    for low, high in ports or ((0, LAST_PORT),):
        both = (max(low, port[0]), min(high, port[1]))
        if both[0] <= both[1]:
            yield Narrowed(replace(match.match, protocols=(protocol,), target_ports=(both,)))
