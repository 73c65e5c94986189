"""The annexes, in the order of a reader's questions; each row is a fact or a line of the drawing, with who says it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from negatoscope.model.drawing import Sort, Way
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.gateways import RemoteAccess, RuleBase
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.printing import PrintQueue
from negatoscope.model.radio import AccessPoint
from negatoscope.model.switching import Neighbour, Sighting, SwitchPort, WifiNetwork
from negatoscope.model.traffic import INTERNET, Reach, Route, Vantage
from negatoscope.model.zones import AllowedFlow, InternetAccess, Partner, Zone
from negatoscope.prove.annexes.content import Book, Line, Sheet

JOINED = (Way.NEIGHBOUR, Way.WIFI, Way.GATEWAY, Way.SERVES)
"""What stands among the links; who is plugged in stands beside the ports."""


def _zones(book: Book) -> Iterator[Line]:
    for one in book.register.seen(Zone).facts:
        told = (book.choice("zones", one.kind), *map(book.fact, (one.networks, one.vlan, one.gateway)))
        yield Line((one.name, *told), book.sources(Zone, one.ref))


def _networks(book: Book) -> Iterator[Line]:
    swept = {one.sweep.network: one.source for one in book.register.seen(Host).sweeps if one.sweep.network}
    hosts: defaultdict[Ref, int] = defaultdict(int)
    for point in book.drawing.nodes:
        hosts[point.parent or ""] += point.sort is Sort.HOST
    for one in book.register.seen(Network).facts:
        node, look = book.nodes.get(one.ref), swept.get(one.cidr)
        zone = book.name(node.parent) if node is not None and node.parent else book.fact(None)
        passed = book.day(look.at) if look else book.word("never")
        yield Line(
            (one.cidr, one.name or "", zone, str(hosts[one.ref]), passed),
            (*book.sources(Network, one.ref), *((look,) if look else ())),
        )


def _hosts(book: Book) -> Iterator[Line]:
    for one in book.register.seen(Host).facts:
        node = book.nodes.get(one.ref)
        model, system = (
            " ".join(filter(None, pair)) or book.fact(None)
            for pair in ((one.vendor, one.model), (one.os_name, one.os_version))
        )
        home = book.name(node.parent) if node else book.fact(None)
        told = (book.choice("classes", one.host_class), model, book.fact(one.serial), system, book.fact(one.addresses))
        yield Line((book.name(one.ref), *told, home), book.sources(Host, one.ref))


def _critical(book: Book) -> Iterator[Line]:
    for node in book.drawing.nodes:
        weight = book.drawing.weights.get(node.ref)
        if weight is not None or node.listed is not None:
            yield Line((node.name, str(weight.cut) if weight else "", node.listed or ""), book.sources(Host, node.ref))


def _links(book: Book) -> Iterator[Line]:
    for way in JOINED:
        for one in book.links.get(way, ()):
            ends = book.name(one.source), book.choice("ways", way), book.name(one.target)
            yield Line((*ends, one.said), one.sources)


def _flows(book: Book) -> Iterator[Line]:
    for one in book.register.seen(AllowedFlow).facts:
        days = tuple(_day(book, day) for day in (one.starts_on, one.until))
        ends = one.source.partition("/")[2], one.target.partition("/")[2]
        yield Line((*ends, one.service, one.purpose or "", *days), book.sources(AllowedFlow, one.ref))


def _day(book: Book, day: date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}" if book.lang == "fr" else day.isoformat()


def _accesses(book: Book) -> Iterator[Line]:
    for one in book.register.seen(InternetAccess).facts:
        told = map(book.fact, (one.operator, one.router, one.addresses, one.reason))
        yield Line((one.name, *told), book.sources(InternetAccess, one.ref))


def _exits(book: Book) -> Iterator[Line]:
    named = {(one.source, one.target) for one in book.links.get(Way.EXIT, ())}
    accesses = {source for source, _ in named if source.startswith("internetaccess/")}
    for one in book.links.get(Way.EXIT, ()):
        if one.measured:
            by = [book.name(access) for access in sorted(accesses) if (one.source, access) in named]
            yield Line((book.name(one.source), one.said, ", ".join(by) or book.word("undeclared")), one.sources)


def _partners(book: Book) -> Iterator[Line]:
    ways: defaultdict[Ref, list[str]] = defaultdict(list)
    seen: defaultdict[Ref, list[Source]] = defaultdict(list)
    for link in book.links.get(Way.PARTNER, ()):
        ways[link.target].append(book.name(link.source))
        seen[link.target] += link.sources
    told = {one.ref: one for one in book.register.seen(Partner).facts}
    for node in book.drawing.nodes:
        if node.sort is Sort.PARTNER:
            one = told.get(node.ref)
            by = ", ".join(ways[node.ref]) or book.word("unseen")
            said = (book.fact(one.means), one.reason or "", _day(book, one.reviewed_on)) if one else ("", "", "")
            name = node.name if one else book.word("undeclared")
            sources = (*book.sources(Partner, node.ref), *seen[node.ref])
            yield Line((name, said[0], book.fact(node.addresses or None), by, *said[1:]), sources)


def _open(book: Book) -> Iterator[Line]:
    for one in book.register.seen(Reach).facts:
        if one.origin == INTERNET:
            told = f"{one.protocol}/{one.port}", one.name or book.fact(None), book.fact(one.administers)
            yield Line((one.address, *told), book.sources(Reach, one.ref))


def _remote(book: Book) -> Iterator[Line]:
    for one in book.register.seen(RemoteAccess).facts:
        told = (one.certificates, one.second_factor, one.known_devices, one.weak)
        who = book.name(one.host), one.name, book.choice("tunnels", one.tunnel)
        yield Line((*who, *map(book.fact, told)), book.sources(RemoteAccess, one.ref))


def _wifi(book: Book) -> Iterator[Line]:
    for one in book.register.seen(WifiNetwork).facts:
        told = map(book.fact, (one.vlan, one.network, one.isolated, one.guest))
        who = one.ssid, book.name(one.host), book.choice("wifi", one.security)
        yield Line((*who, *told), book.sources(WifiNetwork, one.ref))
    for point in book.register.seen(AccessPoint).facts:
        about = point.name, book.word("declared_point"), " · ".join(filter(None, (point.place, point.reason)))
        yield Line(("", *about, "", "", ""), book.sources(AccessPoint, point.ref))


def _ports(book: Book) -> Iterator[Line]:
    behind: defaultdict[tuple[Ref, str], list[str]] = defaultdict(list)
    for link in book.links.get(Way.PORT, ()):
        behind[link.target, link.said].append(book.name(link.source))
    for near in book.register.seen(Neighbour).facts:
        behind[near.host, near.port].append(near.system or near.chassis)
    for one in book.register.seen(SwitchPort).facts:
        vlans = " · ".join(filter(None, (str(one.vlan or ""), ", ".join(map(str, one.tagged or ())))))
        names = sorted(dict.fromkeys(behind[one.host, one.name]))
        told = (book.name(one.host), one.name, one.alias or "", vlans or book.fact(None))
        state = map(book.fact, (one.enabled, one.linked, one.authenticated))
        yield Line((*told, *state, ", ".join(names)), book.sources(SwitchPort, one.ref))


def _printers(book: Book) -> Iterator[Line]:
    queues: defaultdict[Ref, list[PrintQueue]] = defaultdict(list)
    for queue in book.register.seen(PrintQueue).facts:
        queues[queue.host].append(queue)
    for one in book.register.seen(Host).facts:
        if one.host_class is HostClass.PRINTER or one.ref in queues:
            who = book.name(one.ref), " ".join(filter(None, (one.vendor, one.model))), book.fact(one.addresses)
            if not queues[one.ref]:
                yield Line((*who, book.word("queue_unread"), *(book.fact(None),) * 3), book.sources(Host, one.ref))
            for queue in queues[one.ref]:
                told = map(book.fact, (queue.held, queue.authenticated, queue.encrypted))
                yield Line((*who, queue.name, *told), book.sources(PrintQueue, queue.ref))


SHEETS = (
    Sheet("zones", (("name", 4), ("kind", 3), ("networks", 6), ("vlan", 2), ("gateway", 4)), (Zone,), _zones),
    Sheet(
        "networks",
        (("cidr", 4), ("name", 5), ("zone", 4), ("hosts", 2), ("swept", 3)),
        (Network,),
        _networks,
    ),
    Sheet(
        "hosts",
        (("name", 5), ("class", 3), ("model", 5), ("serial", 4), ("system", 5), ("addresses", 5), ("network", 4)),
        (Host,),
        _hosts,
    ),
    Sheet("critical", (("name", 5), ("cut", 4), ("reason", 8)), (), _critical),
    Sheet("links", (("from", 5), ("way", 3), ("to", 5), ("detail", 6)), (SwitchPort, Sighting, Route), _links),
    Sheet(
        "flows",
        (("from", 4), ("to", 4), ("service", 4), ("reason", 7), ("starts", 3), ("until", 3)),
        (AllowedFlow,),
        _flows,
    ),
    Sheet(
        "accesses",
        (("access", 5), ("operator", 4), ("router", 4), ("public", 5), ("reason", 7)),
        (InternetAccess,),
        _accesses,
    ),
    Sheet("exits", (("by", 5), ("detail", 5), ("access", 5)), (RuleBase, Route), _exits),
    Sheet(
        "partners",
        (("partner", 5), ("means", 3), ("networks", 5), ("by", 4), ("reason", 6), ("reviewed", 3)),
        (Partner, RuleBase),
        _partners,
    ),
    Sheet("open", (("addresses", 4), ("service", 3), ("name", 4), ("administers", 3)), (Reach, Vantage), _open),
    Sheet(
        "remote",
        (("host", 4), ("name", 4), ("tunnel", 3), ("certificates", 3), ("factor", 3), ("devices", 3), ("weak", 5)),
        (RemoteAccess,),
        _remote,
    ),
    Sheet(
        "wifi",
        (("ssid", 4), ("host", 4), ("security", 4), ("vlan", 3), ("network", 4), ("isolated", 3), ("guest", 3)),
        (WifiNetwork, AccessPoint),
        _wifi,
    ),
    Sheet(
        "ports",
        (
            ("switch", 4), ("port", 3), ("label", 4), ("vlans", 3), ("enabled", 2), ("linked", 2), ("8021x", 2),
            ("behind", 6),
        ),
        (SwitchPort,),
        _ports,
    ),
    Sheet(
        "printers",
        (
            ("name", 4), ("model", 5), ("addresses", 4), ("queue", 4), ("held", 3), ("authenticated", 3),
            ("encrypted", 3),
        ),
        (PrintQueue,),
        _printers,
    ),
)  # fmt: skip
"""Annexes, numbered as they stand here."""
