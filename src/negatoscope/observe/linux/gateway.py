"""A Linux host that passes packets on for others: its rule base, its legs and its routes."""

from collections.abc import Iterator
from ipaddress import ip_interface

import msgspec
from msgspec import Struct

from negatoscope.model.gateways import Chain, GatewayInterface, RuleBase, Translation
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.firewall import iptables, nftables, openvpn, strongswan, wireguard
from negatoscope.observe.linux.identity import Link, links_of
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import IP6TABLES, IPTABLES, NFT, ROUTES, ROUTES6
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.upkeep import listed

FORWARDING = ("/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding")
LEGS = 2
"""A host with fewer networks passes nothing on."""
OLD_TABLES = frozenset(
    (family, table) for family in ("ip", "ip6") for table in ("filter", "nat", "mangle", "raw", "security")
)
"""Tables that iptables keeps in nftables, with conditions that nftables does not tell."""


class _Route(Struct):
    dst: str = ""
    dev: str = ""
    type: str = "unicast"


def rule_base(sections: Sections) -> Iterator[Item]:
    """The rule base of a gateway; a host that passes nothing on has none."""
    switches = [sections.file(path) for path in FORWARDING]
    links = links_of(sections)
    if not switches[0].looked or links is None:
        yield from closed("RuleBase", {"forwarding": sections.why(switches[0])})
        return
    legs = [link for link in links if not link.virtual and link.addresses]
    if all(section.text.strip() in {"", "0"} for section in switches) or _networks(legs) < LEGS:
        yield from closed("RuleBase", {})
        return
    nft = sections[NFT.section]
    if not nft.ok:
        yield from closed("RuleBase", {"chains": sections.why(nft)})
        return
    try:
        chains, turns = _rules(sections, nft)
    except Unreadable:
        yield from closed("RuleBase", {"chains": "unreadable"})
        return
    routes = _routes(sections)
    interfaces = tuple(GatewayInterface(link.ifname, link.addresses) for link in links if link.link_type != "loopback")
    yield RuleBase(HOST, "nftables", chains, turns, interfaces, routes)
    yield from closed("RuleBase", {} if routes is not None else {"routes": sections.why(sections[ROUTES.section])})


def _networks(legs: list[Link]) -> int:
    return len({ip_interface(address).network for link in legs for address in link.addresses if ":" not in address})


def _rules(sections: Sections, nft: Section) -> tuple[tuple[Chain, ...], tuple[Translation, ...]]:
    """What nftables tells; what iptables wrote there, as iptables tells it where it can be asked."""
    asked = {4: sections[IPTABLES.section], 6: sections[IP6TABLES.section]}
    if '"xt"' not in nft.text or not all(section.ok for section in asked.values()):
        return nftables.read(nft.text)
    chains, turns = nftables.read(nft.text, OLD_TABLES)
    for family, section in asked.items():
        more = iptables.read(section.text, family, prefix="" if family == 4 else "ip6 ")  # noqa: PLR2004
        chains, turns = chains + more[0], turns + more[1]
    return chains, turns


def _routes(sections: Sections) -> tuple[tuple[str, str], ...] | None:
    """Where packets go, beyond the interfaces' own networks; ``None``: the table was not read."""
    told: list[tuple[str, str]] = []
    for probe, everything in ((ROUTES, "0.0.0.0/0"), (ROUTES6, "::/0")):
        section = sections[probe.section]
        if not section.ok:
            return None
        try:
            routes = msgspec.json.decode(section.text or "[]", type=list[_Route])
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None
        ways = [(everything if route.dst == "default" else route.dst, route) for route in routes]
        told += [(to, route.dev) for to, route in ways if route.dev and route.type == "unicast" and to]
    return tuple(dict.fromkeys(told))


_FILES = {
    openvpn.accesses: ("/etc/openvpn/*.conf", "/etc/openvpn/server/*.conf"),
    wireguard.accesses: ("/etc/wireguard/*.conf",),
    strongswan.accesses: ("/etc/ipsec.conf", "/etc/swanctl/swanctl.conf", "/etc/swanctl/conf.d/*.conf"),
}


def remote_accesses(sections: Sections) -> Iterator[Item]:
    """Servers by which people come in from afar, as their files set them; without any file there is none."""
    missing: dict[str, str] = {}
    for accesses, patterns in _FILES.items():
        for path, section in listed(sections, *patterns):
            if section.ok and "*" not in path:
                yield from accesses(section.text, HOST)
            elif not section.looked:
                missing[path] = sections.why(section)
    yield from closed("RemoteAccess", missing)
