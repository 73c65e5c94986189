"""What pfSense and OPNsense have in common: settings of pf in XML, rules by interface, floating rules, port forwards.

Order of evaluation: floating rules that are *quick*, then those of interface groups, then those of interfaces, then the
floating rules that are not quick, the last first; what none decides on is refused. Rules on the way out come after.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_interface
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.gateways import (
    AutoOpening,
    Chain,
    Does,
    FilterRule,
    GatewayInterface,
    Hook,
    Match,
    Rewrites,
    Translation,
)
from negatoscope.model.presence import Span
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.firewall.lines import (
    LAST_PORT,
    Members,
    Narrowed,
    expiry,
    hours,
    is_address,
    port_range,
    short,
    week,
)
from negatoscope.observe.firewall.pf_kept import MAX_BYTES

MAX_RULES = 50_000
Node = Any
"""An XML element."""
_FAMILIES = {"inet": 4, "inet6": 6}
_DOES = {"pass": Does.ACCEPT, "block": Does.DROP, "reject": Does.REJECT}


@dataclass
class Settings:
    """A file, and what its rules refer to."""

    root: Node
    legs: dict[str, GatewayInterface] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: Members = field(default_factory=Members)

    def addresses(self, name: str) -> tuple[str, ...]:
        """Addresses of an interface, without prefix length."""
        return tuple(one.split("/")[0] for one in self.legs[name].addresses)


def parsed(data: bytes, tag: str) -> Node:
    """The root of a file. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable("too_large", f"byte {MAX_BYTES}")
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        raise Unreadable("not_xml", f"line {error.position[0]}") from error
    except (DefusedXmlException, ValueError, RecursionError) as error:
        raise Unreadable("not_xml") from error
    if root.tag != tag:
        raise Unreadable("not_a_configuration")
    return root


def text(node: Node, path: str) -> str:
    """The text of an element; empty where there is none."""
    return (node.findtext(path) or "").strip() if node is not None else ""


def flag(node: Node, path: str) -> bool:
    """An element that says yes: it is there, and not with ``0`` or ``no``."""
    return node.find(path) is not None and text(node, path).lower() not in {"0", "no", "false"}


UNREAD_TUNNELS = {
    "installedpackages/wireguard": "WireGuard",
    "installedpackages/tailscale": "Tailscale",
    "installedpackages/zerotier": "ZeroTier",
    "OPNsense/tailscale/settings": "Tailscale",
    "OPNsense/zerotier": "ZeroTier",
    "OPNsense/Swanctl/Connections/Connection": "IPsec (connexions)",
    "l2tp": "L2TP",
    "pptpd": "PPTP",
}
"""Ways in from afar that these files can tell of and that are not read."""


def tunnels_told(root: Node, host: Ref) -> Iterator[Item]:
    """Whether all ways in from afar were read: a sweep, or a gap that names the others."""
    others = [name for path, name in UNREAD_TUNNELS.items() if any(_turned_on(one) for one in root.findall(path))]
    if others:
        yield Gap("RemoteAccess", "tunnels_unread", host, {"names": ", ".join(others)})
    else:
        yield Sweep("RemoteAccess", host=host)


def opens_by_itself(root: Node, host: Ref) -> Iterator[Item]:
    """Whether devices inside may open ports (miniupnpd): what they opened stands in no file."""
    told = [node for node in root.findall("installedpackages/miniupnpd/config") if flag(node, "enable")]
    by = {name: any(flag(node, f"enable_{name}") for node in told) for name in ("upnp", "natpmp")}
    yield AutoOpening(host, upnp=by["upnp"], nat_pmp=by["natpmp"])
    yield Sweep("AutoOpening", host=host)
    yield Gap("PortMapping", "upnp_list_unread", host) if any(by.values()) else Sweep("PortMapping", host=host)


def _turned_on(node: Node) -> bool:
    """Whether an element holds settings and none of them says that it is off."""
    off = any(text(node, f".//{tag}").lower() in {"0", "no", "off"} for tag in ("enable", "enabled", "mode"))
    return len(node) > 0 and not off


def settings(root: Node, aliases: Mapping[str, tuple[str, ...]]) -> Settings:
    """Interfaces, groups and aliases."""
    told = Settings(root, aliases=dict(aliases))
    for node in root.find("interfaces") if root.find("interfaces") is not None else ():
        pairs = ((text(node, "ipaddr"), text(node, "subnet")), (text(node, "ipaddrv6"), text(node, "subnetv6")))
        found = tuple(f"{one}/{size}" for one, size in pairs if size and is_address(one))
        if text(node, "enable") != "0" and (node.find("enable") is not None or node.tag in {"wan", "lan"}):
            told.legs[node.tag] = GatewayInterface(node.tag, found, text(node, "descr") or node.tag.upper())
    for group in root.findall("ifgroups/ifgroupentry"):
        told.groups[text(group, "ifname")] = tuple(re.split(r"[\s,]+", text(group, "members")))
    return told


def routes(told: Settings) -> tuple[tuple[str, str], ...]:
    """Static routes, and the way out: by the default gateway, or where an interface asks a provider for its address."""
    gateways = {text(one, "name"): text(one, "interface") for one in told.root.iter("gateway_item")}
    ways: list[tuple[str, str]] = []
    for route in told.root.findall("staticroutes/route"):
        leg = gateways.get(text(route, "gateway"), "")
        if leg and is_address(text(route, "network")) and not flag(route, "disabled"):
            ways.append((text(route, "network"), leg))
    chosen = gateways.get(text(told.root, "gateways/defaultgw4"))
    asked = (name for name in told.legs if text(told.root, f"interfaces/{name}/ipaddr") in {"dhcp", "pppoe", "ppp"})
    named = (name for name in told.legs if text(told.root, f"interfaces/{name}/gateway"))
    way = chosen or next(iter((*named, *asked, *(["wan"] if "wan" in told.legs else []))), None)
    ways += [("0.0.0.0/0", way)] if way else []
    six = gateways.get(text(told.root, "gateways/defaultgw6")) or way
    return (*ways, *([("::/0", six)] if six else []))


def chains(told: Settings, *, log_rest: bool) -> tuple[Chain, ...]:
    """Rules in the order in which pf meets them."""
    every = told.root.findall("filter/rule")
    if len(every) > MAX_RULES:
        raise Unreadable("too_many_rules", str(MAX_RULES))
    rules = [rule for rule in every if not flag(rule, "disabled")]
    late = [rule for rule in rules if _late(rule)]
    early = [rule for rule in rules if not _late(rule)]
    quick = [rule for rule in early if flag(rule, "floating")]
    mine = [rule for rule in early if not flag(rule, "floating")]
    grouped = [rule for rule in mine if text(rule, "interface") in told.groups]
    alone = [rule for rule in mine if text(rule, "interface") not in told.groups]
    later = late[::-1]
    ordered = [*quick, *grouped, *alone, *later]
    number = {id(rule): at for at, rule in enumerate(every, 1)}
    incoming = [line for rule in ordered if text(rule, "direction") != "out"
                for line in _lines(told, rule, number[id(rule)], "entering")]  # fmt: skip
    outgoing = [line for rule in [*quick, *later] if text(rule, "direction") in {"out", "any"}
                for line in _lines(told, rule, number[id(rule)], "leaving")]  # fmt: skip
    rest = FilterRule("default deny", Match(), Does.DROP, logged=log_rest)
    forwards = tuple(_passes(told))
    lines = (*forwards, *incoming, rest)
    return (
        Chain("in", lines, Hook.FORWARD, Does.DROP),
        Chain("out", tuple(outgoing), Hook.FORWARD, Does.ACCEPT, 10),
        Chain("self", lines, Hook.INPUT, Does.DROP),
    )


def _late(rule: Node) -> bool:
    """Whether it only decides where nothing later does."""
    return not flag(rule, "quick") and (flag(rule, "floating") or text(rule, "quick") == "0")


def _passes(told: Settings) -> Iterator[FilterRule]:
    """Port forwards that need no rule: whatever they forward is let pass."""
    for at, rule in enumerate(told.root.findall("nat/rule"), 1):
        if text(rule, "associated-rule-id") == "pass" and not flag(rule, "disabled"):
            yield FilterRule(f"NAT {_label(rule, at)}", Narrowed().by(translated=True).match, Does.ACCEPT, logged=False)


def _label(rule: Node, position: int) -> str:
    said = short(text(rule, "descr"))
    return f"#{position} {said}" if said else f"#{position}"


def _lines(told: Settings, rule: Node, position: int, side: str) -> Iterator[FilterRule]:
    match, held = _narrowed(told, rule, side), None
    if name := text(rule, "sched"):
        match, held = match.unread(f"schedule {name}"), _week(told, name)
    does = _DOES.get(text(rule, "type"), Does.UNREAD)
    said = text(rule, "descr") or None
    yield FilterRule(
        _label(rule, position),
        match.match,
        does,
        logged=flag(rule, "log"),
        until=expiry(said),
        comment=said,
        week=held,
    )


def _week(told: Settings, name: str) -> tuple[str, ...] | None:
    """When a schedule holds, where it comes back every week; days of the calendar come once."""
    entry = next((one for one in told.root.findall("schedules/schedule") if text(one, "name") == name), None)
    days: dict[int, list[Span]] = {}
    for part in entry.findall("timerange") if entry is not None else ():
        span = hours(*text(part, "hour").partition("-")[::2])
        numbers = re.findall(r"[1-7]", text(part, "position"))
        if span is None or not numbers or text(part, "month"):
            return None
        for number in numbers:
            days.setdefault(int(number) - 1, []).append(span)
    return week(days) if days else None


def _narrowed(told: Settings, rule: Node, side: str) -> Narrowed:
    match = Narrowed()
    family = text(rule, "ipprotocol") or "inet"
    match = match.by(family=_FAMILIES.get(family))
    names = [name for one in re.split(r"[\s,]+", text(rule, "interface")) for name in told.groups.get(one, (one,))]
    if any(names) and "any" not in names:
        match = match.by(**{side: tuple(names)}, **({"not_entering": True} if flag(rule, "interfacenot") else {}))
    protocol = text(rule, "protocol").lower()
    if protocol and protocol != "any":
        match = match.by(protocols=tuple(protocol.split("/")))
    for tag, addresses, ports in (("source", "sources", "source_ports"), ("destination", "targets", "target_ports")):
        match = _end(told, rule.find(tag), match, (addresses, ports))
    for condition in ("os", "tcpflags1", "dscp", "tag", "tagged", "max-src-conn", "icmptype", "vlanprio"):
        if text(rule, condition) and text(rule, condition) not in {"any", "none"}:
            match = match.unread(f"{condition} {text(rule, condition)}")
    return match


def _end(told: Settings, node: Node, match: Narrowed, names: tuple[str, str]) -> Narrowed:
    """One end of a rule: addresses, or a network by its interface, and ports."""
    if node is None:
        return match
    if node.find("any") is None:
        wanted = text(node, "address") or text(node, "network")
        found = _addresses(told, wanted) if wanted else None
        if found is None:
            match = match.unread(f"{names[0]} {wanted}")
        else:
            match = match.addresses(names[0], found, negated=flag(node, "not"))
    port = text(node, "port")
    if port and port != "any":
        ranges = _ports(told, port)
        match = match.unread(f"port {port}") if ranges is None else match.by(**{names[1]: ranges})
    return match


def _addresses(told: Settings, name: str) -> tuple[str, ...] | None:
    """What a rule calls an address; ``None``: not known."""
    return told.members.of(name, lambda one: None if one in told.legs else told.aliases.get(one), _place_in(told))


def _place_in(told: Settings) -> Callable[[str], tuple[str, ...] | None]:
    return lambda name: _place(told, name)


def _place(told: Settings, name: str) -> tuple[str, ...] | None:
    """What an address, a network or an interface stands for; ``None``: it is none of these."""
    if is_address(name):
        return (name,)
    if name in told.legs:
        nets = tuple(str(ip_interface(one).network) for one in told.legs[name].addresses)
        return nets or None
    if name.removesuffix("ip") in told.legs:
        return told.addresses(name.removesuffix("ip")) or None
    if name == "(self)":
        return tuple(one for leg in told.legs for one in told.addresses(leg)) or None
    return None


def _ports(told: Settings, name: str) -> tuple[tuple[int, int], ...] | None:
    def ranged(name: str) -> tuple[tuple[int, int], ...] | None:
        found = port_range(name)
        return (found,) if found else None

    return told.members.of(name, lambda one: None if ranged(one) else told.aliases.get(one), ranged)


def translations(told: Settings) -> tuple[Translation, ...]:
    """Port forwards and one-to-one translations; of those of sources, that there are any."""
    turns = [_forward(told, rule, at) for at, rule in enumerate(told.root.findall("nat/rule"), 1)]
    for at, rule in enumerate(told.root.findall("nat/onetoone"), 1):
        inner = _addresses(told, text(rule, "source/address") or text(rule, "internal"))
        match = Narrowed().by(entering=(text(rule, "interface"),)).addresses("targets", (text(rule, "external"),))
        turns.append(Translation(f"1:1 {_label(rule, at)}", match.match, Rewrites.TARGET,
                                 inner[0] if inner else "0.0.0.0/0", enabled=not flag(rule, "disabled")))  # fmt: skip
    if text(told.root, "nat/outbound/mode") != "disabled":
        ways = tuple(dict.fromkeys(leg for cidr, leg in routes(told) if cidr == "0.0.0.0/0"))
        turns.append(Translation("outbound", Narrowed().by(leaving=ways).match, Rewrites.SOURCE))
    return tuple(turns)


def _forward(told: Settings, rule: Node, position: int) -> Translation:
    match = _narrowed(told, rule, "entering")
    inner = _addresses(told, text(rule, "target"))
    port, asked = port_range(text(rule, "local-port") or text(rule, "target-port")), match.match.target_ports
    if port and asked and len(asked) == 1:
        port = (port[0], min(port[0] + asked[0][1] - asked[0][0], LAST_PORT))
    exempt = flag(rule, "nordr") or flag(rule, "nordr4")
    if not exempt and (inner is None or len(inner) != 1):
        match, inner = match.unread(f"target {text(rule, 'target')}"), ("0.0.0.0/0",)
    return Translation(
        f"NAT {_label(rule, position)}", match.match, Rewrites.TARGET, None if exempt or not inner else inner[0], port,
        exempt=exempt, enabled=not flag(rule, "disabled"),
    )  # fmt: skip


def recogniser(tag: bytes) -> Callable[[bytes], bool]:
    """Tell a file by its root element."""

    def recognises(data: bytes) -> bool:
        root = re.search(rb"<\s*([A-Za-z]+)[\s>]", re.sub(rb"<[?!][^>]*>", b"", data[:4096]))
        return root is not None and root[1] == tag

    return recognises


def items(nodes: Iterable[Node], path: str) -> tuple[str, ...]:
    """The text of one element of each."""
    return tuple(text(node, path) for node in nodes)
