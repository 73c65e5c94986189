"""A capture of agents, read: what each device is, its ports, neighbours and ways out, and what it says in clear."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Interface, ip_address, ip_interface
from typing import BinaryIO

from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.networks import Service
from negatoscope.model.traffic import Route
from negatoscope.observe.collector import Item
from negatoscope.observe.snmp import columns
from negatoscope.observe.snmp.bridge import neighbours, ports, sightings, vlans
from negatoscope.observe.snmp.device import device
from negatoscope.observe.snmp.frames import Agent, End, Knock, Part, Row, lines
from negatoscope.observe.snmp.message import Arcs
from negatoscope.observe.snmp.table import Told, address

GIVES = (
    "Host", "Interface", "SwitchPort", "Vlan", "Neighbour", "Sighting", "Route", "Service", "ClearAnswer",
)  # fmt: skip
READ: Mapping[str, tuple[str, ...]] = {
    "Interface": (*columns.INTERFACES, *columns.ADDRESSES),
    "SwitchPort": (*columns.INTERFACES, *columns.PORTS),
    "Vlan": (*columns.INTERFACES, *columns.ADDRESSES, *columns.PORTS),
    "Neighbour": tuple(columns.LLDP),
    "Sighting": (*columns.INTERFACES, *columns.NEAR, *columns.PORTS, *columns.LEARNT),
    "Route": (*columns.INTERFACES, *columns.ROUTES),
}
"""Columns that each kind of fact is read from: only where all were read to their end was it looked for."""
CLEAR = frozenset({"1", "2c"})
DIRECT, INDIRECT = 3, 4
"""``ipRouteType``."""
LOCAL, REMOTE = 3, 4
"""``inetCidrRouteType``: of this link, or through a router."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """Facts, sweeps and gaps of every device that answered. Raises Unreadable."""
    knocks: dict[str, dict[tuple[int, str], str]] = {}
    agents: dict[str, Told] = {}
    told: Told | None = None
    left = 0
    for line in lines(stream):
        if isinstance(line, Knock):
            knocks.setdefault(line.address, {})[line.port, line.asks] = line.outcome
        elif isinstance(line, Agent):
            told = agents.setdefault(line.address, Told(line))
        elif isinstance(line, Row | Part) and told:
            told.take(line)
        elif isinstance(line, End):
            left = line.left
    for place in sorted(knocks.keys() | agents.keys()):
        yield from _host(place, knocks.get(place, {}), agents.get(place))
    if left:
        yield Gap("Host", "snmp_not_reached", None, {"count": left})


def _host(place: str, knocks: Mapping[tuple[int, str], str], told: Told | None) -> Iterator[Item]:
    if set(knocks.values()) <= {"filtered"} and told is None:
        return  # somebody on the way spoke for it
    host = f"host/{place}"
    if told is None:
        yield Host(host, addresses=(place,))
    else:
        yield from _agent(host, place, told)
    yield from _spoken(host, knocks, told)


def _agent(host: Ref, place: str, told: Told) -> Iterator[Item]:
    interfaces = _addresses(told)
    own = {str(ip_interface(one).ip) for some in interfaces.values() for one in some}
    usable = {one for one in own | {place} if not _unusable(one)}
    yield device(told, host, tuple(sorted(usable, key=lambda one: (one != place, ip_address(one)))))
    switch = list(ports(told, host))
    bridged = {port.name for port in switch}
    for index, name in told.names.items():
        if name not in bridged or name in interfaces:
            card = told.macs("if_mac").get((index,))
            yield Interface(host, name, card, interfaces.get(name, ()))
    yield from switch
    yield from vlans(told, host, interfaces)
    yield from neighbours(told, host)
    yield from sightings(told, host)
    yield from _routes(told, host)
    for kind, needed in READ.items():
        trouble = told.trouble(needed)
        yield Sweep(kind, host) if trouble is None else Gap(kind, f"snmp_{trouble}", host)


def _unusable(one: str) -> bool:
    plain = ip_address(one)
    return plain.is_loopback or plain.is_link_local or plain.is_unspecified


def _addresses(told: Told) -> dict[str, tuple[str, ...]]:
    """Addresses with their prefix, by interface."""
    names, masks = told.names, {row: one.value for row, one in told.columns["address_mask"].items()}
    found: dict[str, list[str]] = {}
    for row, index in sorted(told.numbers("address_if").items()):
        plain, mask = address(row), masks.get(row, b"")
        prefix = _prefix(mask)
        if plain and prefix is not None:
            found.setdefault(names.get(index, str(index)), []).append(str(IPv4Interface(f"{plain}/{prefix}")))
    return {name: tuple(some) for name, some in found.items()}


def _prefix(mask: bytes) -> int | None:
    """Length of a mask of four bytes; ``None``: it has holes."""
    bits = "".join(f"{byte:08b}" for byte in mask)
    return bits.count("1") if len(mask) == 4 and "01" not in bits else None  # noqa: PLR2004 -- IPv4


def _routes(told: Told, host: Ref) -> Iterator[Route]:
    """The newest table that the agent fills."""
    names = told.names
    found: dict[Ref, Route] = {}
    for destination, gateway, index in _ways(told):
        through = names.get(index) if index else None
        route = Route(host, destination, gateway, through)
        found[route.ref] = route
    yield from found.values()


def _ways(told: Told) -> Iterator[tuple[str, str | None, int | None]]:
    """Destination, next router, ``ifIndex``."""
    kinds = told.numbers("inet_type") or told.numbers("cidr_type")
    indices = told.numbers("inet_if") if told.numbers("inet_type") else told.numbers("cidr_if")
    read_row = _inet_way if told.numbers("inet_type") else _cidr_way
    for row, kind in sorted(kinds.items()):
        way = read_row(row)
        if way and kind in {LOCAL, REMOTE}:
            yield way[0], way[1] if kind == REMOTE else None, indices.get(row)
    if kinds:
        return
    masks, nexts = told.columns["route_mask"], told.columns["route_next"]
    for row, kind in sorted(told.numbers("route_type").items()):
        plain, prefix = address(row), _prefix(masks[row].value) if row in masks else None
        gateway = address(tuple(nexts[row].value)) if row in nexts else None
        if plain and prefix is not None and kind in {DIRECT, INDIRECT}:
            through = gateway if kind == INDIRECT else None
            yield f"{plain}/{prefix}", through, told.numbers("route_if").get(row)


def _inet_way(row: Arcs) -> tuple[str, str | None] | None:
    """``1.4.a.b.c.d.prefix.<length>.<policy…>.1.4.a.b.c.d``; IPv4 alone."""
    if len(row) < 8 or row[:2] != (1, 4):  # noqa: PLR2004 -- kind, length, address, prefix, policy
        return None
    after = row[8 + row[7] :]
    plain, gateway = address(row[2:6]), address(after[2:6]) if after[:2] == (1, 4) else None
    return (f"{plain}/{row[6]}", gateway) if plain and row[6] <= 32 else None  # noqa: PLR2004 -- bits


def _cidr_way(row: Arcs) -> tuple[str, str | None] | None:
    """``a.b.c.d.<mask>.<service>.<next>``."""
    plain, prefix = address(row[:4]), _prefix(bytes(row[4:8])) if row and max(row) < 256 else None  # noqa: PLR2004
    return (f"{plain}/{prefix}", address(row[9:13])) if plain and prefix is not None else None


def _spoken(host: Ref, knocks: Mapping[tuple[int, str], str], told: Told | None) -> Iterator[Item]:
    """What it says in clear, and to whom."""
    by_asks: dict[str, str] = {asks: outcome for (_, asks), outcome in knocks.items()}
    heard = {asks for asks, outcome in by_asks.items() if outcome == "answered"}
    published = bool(heard & {"snmp1", "snmp2c"})
    clear = {asks.removeprefix("snmp").removesuffix("_lent") for asks in heard if asks.startswith("snmp")} & CLEAR
    if told and told.agent.version in CLEAR:
        clear.add(told.agent.version)
    third = "snmp3" in heard or (told is not None and told.agent.version == "3")
    if clear or third:
        yield _service(host, clear, told if third else None)
    if clear:
        yield ClearAnswer(host, 161, "snmp", answers=True, published=published or None)
    elif by_asks.get("snmp") == "closed":
        yield ClearAnswer(host, 161, "snmp", answers=False, published=False)
    else:
        yield ClearAnswer(host, 161, "snmp", answers=_lets_earlier(told) if told else None)
    if "tftp" in heard:
        yield Service(host, "udp", 69, "tftp", encrypted=False, reachable=True)
    answers = True if "tftp" in heard else False if by_asks.get("tftp") == "closed" else None
    yield ClearAnswer(host, 69, "tftp", answers=answers)


def _service(host: Ref, clear: set[str], told: Told | None) -> Service:
    """The agent's port. Only a talk that was itself encrypted proves that it can be."""
    said = sorted(clear)
    encrypted = False if clear else None
    if told and told.agent.version == "3":
        agent = told.agent
        said.append(f"3 {agent.digest} {agent.cipher}".strip())
        encrypted = False if clear else bool(agent.cipher)
    elif told is None and not clear:
        said.append("3")
    return Service(host, "udp", 161, "snmp", version=", ".join(said), encrypted=encrypted, reachable=True)


def _lets_earlier(told: Told) -> bool | None:
    """Whether the agent's own list of who may ask names anybody of a version before the third."""
    spoken = {row[0] for row in told.columns["model"] if row}
    if spoken & {1, 2}:
        return True
    return False if spoken == {3} and told.trouble(columns.MODELS) is None else None
