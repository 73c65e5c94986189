"""Every way out to the Internet that anything shows, and which of them somebody declared."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address, ip_network

from negatoscope.judge.crossings import WAYS_OUT, legs
from negatoscope.judge.gateways import forwards
from negatoscope.kit.accents import without_accents
from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.traffic import Route
from negatoscope.model.zones import InternetAccess, Partner, Zone

MODEM = re.compile(r"(?i)(wwan|wwp|wwx|ww\d|ppp|rmnet|cdc-?wdm|mbim|cellul|mobile|haut débit mobile|4g|5g|lte|modem)")
"""What systems call a card of the mobile network, or a line dialled up."""

MAC_PARTS = 6


class Way(StrEnum):
    """By what packets leave."""

    GATEWAY = "gateway"
    """A gateway whose rule base was read."""
    ROUTER = "router"
    """A router that hosts send everything to, and of which nothing was read."""
    MODEM = "modem"
    """A mobile or dialled line of the host itself."""


@dataclass(frozen=True)
class Exit:
    """One way out. ``label``: as people find it again; ``users``: hosts whose default route is known to take it."""

    subject: Ref
    way: Way
    label: str
    via: str | None = None
    users: tuple[Ref, ...] = ()
    access: InternetAccess | None = None


@dataclass(frozen=True)
class Traces:
    """All that shows a way out, and what is declared of them."""

    hosts: Iterable[Host] = ()
    cards: Iterable[Interface] = ()
    routes: Iterable[Route] = ()
    bases: Iterable[RuleBase] = ()
    zones: Iterable[Zone] = ()
    accesses: Iterable[InternetAccess] = ()


@dataclass
class Exits:
    """Ways out, and declared accesses that nothing shows."""

    told: list[Exit] = field(default_factory=list)
    unseen: list[InternetAccess] = field(default_factory=list)
    between: list[tuple[Ref, str]] = field(default_factory=list)
    """Gateways of zones, and their address, to which hosts send everything and of which no route was read."""
    nameless: list[Route] = field(default_factory=list)
    """Default routes that do not tell where they lead: a link-local address of nobody known, a card and no router."""

    @property
    def undeclared(self) -> list[Exit]:
        """Ways out that no declared access accounts for."""
        return [one for one in self.told if one.access is None]


class Names:
    """Hosts by their addresses and names; one that two share names neither."""

    def __init__(self, hosts: Iterable[Host], bases: Iterable[RuleBase] = ()) -> None:
        """Gather every name."""
        told: defaultdict[str, set[Ref]] = defaultdict(set)
        for host in hosts:
            short = (host.hostname or "").split(".")[0]
            near = map(link_local, host.macs or ())
            own = (host.ref, host.ref.removeprefix("host/"), host.hostname, short, *(host.addresses or ()), *near)
            for name in filter(None, own):
                told[key(name)].add(host.ref)
        for base in bases:
            for leg in base.interfaces or ():
                for address in leg.addresses:
                    told[key(address.partition("/")[0])].add(base.host)
        self._told: Mapping[str, Ref] = {name: min(refs) for name, refs in told.items() if len(refs) == 1}

    def ref(self, name: str) -> Ref | None:
        """The host of this name or address."""
        return self._told.get(key(name))

    def thing(self, name: str) -> str:
        """The host of this name, else the name in the one spelling."""
        return self.ref(name) or key(name)


def key(name: str) -> str:
    """Addresses in one spelling, names in lower case and without accents."""
    bare = without_accents(name.strip().lower())
    try:
        return str(ip_address(bare.split("%", maxsplit=1)[0]))
    except ValueError:
        return bare


def link_local(mac: str) -> str | None:
    """The address that a card gives itself on its own link (RFC 4291, modified EUI-64); ``None``: it is no card."""
    parts = mac.split(":")
    if len(parts) != MAC_PARTS:
        return None
    head = f"{int(parts[0], 16) ^ 2:02x}"
    return str(ip_address(f"fe80::{head}{parts[1]}:{parts[2]}ff:fe{parts[3]}:{parts[4]}{parts[5]}"))


def _near(address: str) -> bool:
    """Link-local addresses mean something on one link only."""
    try:
        return ip_address(key(address)).is_link_local
    except ValueError:
        return False


def exits(told: Traces) -> Exits:
    """Find the ways out, and give each the declared access that names it; one access accounts for one exit."""
    bases = {base.host: base for base in told.bases if forwards(base)}
    names = Names(told.hosts, bases.values())
    left = sorted(told.accesses, key=lambda access: access.name)
    out = Exits()
    routers = []
    for one in _routers(told, bases, names):
        if _only_between(one, told, names):
            out.between.append((one.subject, one.label))
        else:
            routers.append(one)
    for one in (*_gateways(bases, told.routes), *routers, *_modems(told, bases)):
        mine = {names.thing(name) for name in (one.subject, one.via or one.subject)}
        access = next((each for each in left if each.router and names.thing(each.router) in mine), None)
        if access is not None:
            left.remove(access)
        out.told.append(Exit(one.subject, one.way, one.label, one.via, one.users, access))
    out.unseen = left
    ways = [one for one in told.routes if one.destination in WAYS_OUT and one.host not in bases]
    out.nameless = [one for one in ways if _leads_nowhere(one, names)]
    return out


def _gateways(bases: Mapping[Ref, RuleBase], routes: Iterable[Route]) -> Iterator[Exit]:
    """Interfaces by which gateways that were read reach everything else; both families of one interface are one way."""
    beyond = {(one.host, one.interface): one.gateway for one in routes if one.destination in WAYS_OUT and one.gateway}
    users = _users(bases, routes)
    for ref, base in bases.items():
        ways = dict.fromkeys(name for destination, name in base.routes or () if destination in WAYS_OUT)
        for name in ways:
            via = beyond.get((ref, name)) or (beyond.get((ref, None)) if len(ways) == 1 else None)
            yield Exit(ref, Way.GATEWAY, name, via, users.get(ref, ()))


def _users(bases: Mapping[Ref, RuleBase], routes: Iterable[Route]) -> dict[Ref, tuple[Ref, ...]]:
    """Hosts by the gateway that they send everything to."""
    names = Names((), bases.values())
    told: defaultdict[Ref, set[Ref]] = defaultdict(set)
    for one in routes:
        ref = names.ref(one.gateway) if one.destination in WAYS_OUT and one.gateway else None
        if ref is not None and one.host != ref:
            told[ref].add(one.host)
    return {ref: tuple(sorted(hosts)) for ref, hosts in told.items()}


def _routers(told: Traces, bases: Mapping[Ref, RuleBase], names: Names) -> Iterator[Exit]:
    """Routers that hosts send everything to, each once, less those that are known to send it on."""
    routes = [one for one in told.routes if one.destination in WAYS_OUT and one.gateway]
    passing = {one.host for one in routes}
    users: defaultdict[str, set[Ref]] = defaultdict(set)
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    for one in routes:
        if one.gateway and one.host not in bases:
            users[names.thing(one.gateway)].add(one.host)
            addresses[names.thing(one.gateway)].add(key(one.gateway))
    for thing, hosts in sorted(users.items()):
        address = min(addresses[thing])
        ref = names.ref(address)
        if ref in bases or ref in passing or (ref is None and _near(address)):
            continue
        taken = tuple(sorted(hosts))
        yield Exit(ref or taken[0], Way.ROUTER, address, address, taken)


def _only_between(one: Exit, told: Traces, names: Names) -> bool:
    """Whether people name a router as a zone's gateway, and not as that of an access: it may send on, or out."""
    thing = names.thing(one.label)
    gateways = {names.thing(zone.gateway) for zone in told.zones if zone.gateway}
    return thing in gateways and thing not in {names.thing(one.router) for one in told.accesses if one.router}


def _modems(told: Traces, bases: Mapping[Ref, RuleBase]) -> Iterator[Exit]:
    """Mobile cards with an address, and default routes that name no next router."""
    found: dict[tuple[Ref, str], None] = {}
    for card in told.cards:
        if card.host not in bases and card.addresses and MODEM.match(card.name):
            found[card.host, card.name] = None
    for one in told.routes:
        dialled = one.interface is not None and MODEM.match(one.interface)
        if one.host not in bases and one.destination in WAYS_OUT and not one.gateway and dialled:
            found[one.host, str(one.interface)] = None
    for ref, name in sorted(found):
        yield Exit(ref, Way.MODEM, name, None, (ref,))


def _leads_nowhere(one: Route, names: Names) -> bool:
    if not one.gateway:
        return one.interface is None or not MODEM.match(one.interface)
    return _near(one.gateway) and names.ref(one.gateway) is None


@dataclass(frozen=True, slots=True)
class Link:
    """A network of somebody else's that a gateway knows the way to. ``partner``: whose it is, where declared."""

    gateway: Ref
    network: str
    interface: str
    partner: Partner | None


def links(bases: Iterable[RuleBase], own: Iterable[str], partners: Iterable[Partner]) -> list[Link]:
    """Networks beyond the practice's own (``own``, CIDR) that gateways have routes to."""
    mine = [ip_network(one, strict=False) for one in own]
    theirs = [(ip_network(one, strict=False), partner) for partner in partners for one in partner.networks or ()]
    told = []
    for base in bases:
        stands = legs(base)
        for destination, name in base.routes or ():
            net = ip_network(destination, strict=False)
            if not net.prefixlen or net.is_link_local or net.is_multicast or net.is_loopback:
                continue
            if any(net.overlaps(one) for one in (*mine, *stands)):
                continue
            partner = next((one for other, one in theirs if net.overlaps(other)), None)
            told.append(Link(base.host, destination, name, partner))
    return told
