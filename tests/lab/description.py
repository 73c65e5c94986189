"""A practice described in one TOML file: who and what is there, and what is wrong with it (docs/lab-format.md)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from ipaddress import IPv4Address, IPv4Network, ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from negatoscope.kit.accents import without_accents
from negatoscope.model.hosts import HostClass
from negatoscope.model.zones import ZoneKind
from tests.lab.afar import TunnelName
from tests.lab.services import SERVICES, Agent, Backups, Quiet, Service, Smtps, Ssh, Switch

Name = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9-]{0,11}\Z")]
"""Short and plain, because interfaces bear it too."""
HostName = Annotated[str, Meta(pattern=r"\A[^\W_](?:[^\W_]|-){0,39}\Z")]
"""Letters with accents too."""
Ident = Annotated[str, Meta(pattern=r"\A[a-z][a-z0-9-]{0,30}\Z")]
FIRST_FREE = 3
"""Of a segment's addresses: the first is the router's, the second the console's, hosts follow."""


class Wrong(Exception):  # noqa: N818 -- what it is
    """The description cannot be used; the message says where, and what is known instead."""


class Practice(Struct, frozen=True, forbid_unknown_fields=True):
    """The practice itself."""

    name: str


class Segment(Struct, frozen=True, forbid_unknown_fields=True):
    """A network kept apart by the router. Exactly one is ``internet``, and one ``administration``."""

    name: Name
    kind: ZoneKind
    cidr: str
    vlan: int | None = None
    leases: bool = False
    """The router lends addresses there."""

    @property
    def network(self) -> IPv4Network:
        return IPv4Network(self.cidr)

    @property
    def router(self) -> str:
        return str(self.network[1])

    @property
    def console(self) -> str:
        return str(self.network[2])


class Router(Struct, frozen=True, forbid_unknown_fields=True):
    """The firewall between all segments."""

    name: HostName = "fw-1"
    vpn: TunnelName | None = None
    """By which people come in from afar."""
    exports: Literal["netflow5", "netflow9", "ipfix"] | None = None
    """How it tells the console who talks with whom."""


class Flow(Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from", "target": "to"}):
    """What one segment may say to another: declared as policy, and let through by the router."""

    source: Name
    target: Name
    service: str
    purpose: str = ""


class Host(Struct, frozen=True, forbid_unknown_fields=True, rename={"host_class": "class"}):
    """Something with an address."""

    name: HostName
    segment: Name
    host_class: HostClass
    address: str = ""
    """The next free one of its segment, where nothing is said."""
    consent: bool = True
    """Of a modality: somebody allows it to be asked."""
    called: HostName | None = None
    """By itself, and by the practice's list; several may bear one name. Default: ``name``."""
    services: tuple[Service, ...] = ()
    model: str | None = None
    """As the practice's list says it."""

    @property
    def ref(self) -> str:
        return f"host/{self.name}"


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody of the practice."""

    ident: Ident
    name: str
    left_on: date | None = None


class Wall(Struct, frozen=True, forbid_unknown_fields=True):
    """A network socket in a wall, wired to the switch."""

    name: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9.-]{0,15}\Z")]
    port: Annotated[int, Meta(ge=1, le=15)]
    """Of the switch; its sixteenth leads up."""
    segment: Name
    room: str
    public: bool = False
    """Patients may be there alone."""
    used_by: Literal["", "printer", "screen", "camera", "phone"] = ""
    state: Literal["live", "dead", "checked"] = "dead"
    """``checked``: 802.1X decides."""

    @property
    def ref(self) -> str:
        return f"socket/{self.name}"


class Wifi(Struct, frozen=True, forbid_unknown_fields=True):
    """A radio network. ``point``: the host that serves it, or whose controller does."""

    ssid: Annotated[str, Meta(pattern=r"\A[^\x00-\x1f/]{1,30}\Z")]
    point: HostName
    segment: Name
    security: Literal["wpa3", "wpa2", "wpa", "wep", "open"] = "wpa2"

    @property
    def ref(self) -> str:
        return f"wifi/{self.point}/{self.ssid}"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file, before its flaws are understood."""

    practice: Practice
    segments: tuple[Segment, ...]
    hosts: tuple[Host, ...]
    router: Router = Router()
    flows: tuple[Flow, ...] = ()
    people: tuple[Person, ...] = ()
    sockets: tuple[Wall, ...] = ()
    wifi: tuple[Wifi, ...] = ()
    flaws: tuple[dict[str, Any], ...] = ()


class Description(Struct, frozen=True):
    """A practice as its file tells it; every host has its address. ``flaws`` are told one by one by ``flaws.py``."""

    practice: Practice
    segments: tuple[Segment, ...]
    router: Router
    hosts: tuple[Host, ...]
    flows: tuple[Flow, ...]
    people: tuple[Person, ...]
    sockets: tuple[Wall, ...]
    wifi: tuple[Wifi, ...]
    flaws: tuple[dict[str, Any], ...]
    lines: tuple[int, ...] = ()
    """Where each flaw begins in the file, if it is a table of its own."""

    def where(self, place: int) -> str:
        """Where the flaw of this place stands, in words."""
        line = f"line {self.lines[place]}: " if len(self.lines) == len(self.flaws) else ""
        return f"{line}flaws[{place}]"

    def vlan(self, segment: Segment) -> int:
        """Its number on the switch."""
        return segment.vlan or 10 * (self.segments.index(segment) + 1)

    def segment(self, name: str) -> Segment:
        return next(one for one in self.segments if one.name == name)

    def of_kind(self, kind: ZoneKind) -> Segment:
        return next(one for one in self.segments if one.kind is kind)

    def called(self, name: str) -> str:
        """What a host, or whatever else has a namespace, calls itself: no machine bears an accent."""
        told = next((one.called or name for one in self.hosts if one.name == name), name)
        return without_accents(told)

    def host(self, name: str) -> Host:
        return next(one for one in self.hosts if one.name == name)

    @property
    def ref(self) -> str:
        """Of the router."""
        return f"host/{self.router.name}"

    def named_segment(self, name: str) -> None:
        """Raise Wrong unless the segment is described."""
        names = [one.name for one in self.segments]
        if name not in names:
            raise Wrong(f"no segment '{name}' ({', '.join(names)})")

    @property
    def outside(self) -> Segment:
        return self.of_kind(ZoneKind.INTERNET)

    @property
    def administration(self) -> Segment:
        """Where the console stands."""
        return self.of_kind(ZoneKind.ADMINISTRATION)

    @property
    def inside(self) -> tuple[Segment, ...]:
        """What the practice calls its own."""
        return tuple(one for one in self.segments if one.kind is not ZoneKind.INTERNET)


def read(file: Path) -> Description:
    """Read a description. Raises Wrong."""
    try:
        return parse(file.read_text("utf-8"))
    except Wrong as error:
        raise Wrong(f"{file}: {error}") from error


def parse(text: str) -> Description:
    """Read a description from its text. Raises Wrong."""
    try:
        said = msgspec.toml.decode(text, type=_File)
    except msgspec.DecodeError as error:
        hint = f" (service kinds: {', '.join(SERVICES)})" if "services" in str(error) else ""
        raise Wrong(f"{error}{hint}") from error
    problems = [*_segments(said), *_hosts(said), *_flows(said), *_walls(said), *_radio(said)]
    if problems:
        raise Wrong("; ".join(problems))
    hosts = tuple(_addressed(said))
    lists = said.flows, said.people, said.sockets, said.wifi, said.flaws
    lines = tuple(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith("[[flaws]]"))
    return Description(said.practice, said.segments, said.router, hosts, *lists, lines)


def _segments(said: _File) -> Iterator[str]:
    kinds = Counter(one.kind for one in said.segments)
    for kind in (ZoneKind.INTERNET, ZoneKind.ADMINISTRATION):
        if kinds[kind] != 1:
            yield f"segments: exactly one of kind '{kind}' is needed, {kinds[kind]} described"
    yield from _twice("segments", (one.name for one in said.segments))
    networks: list[tuple[str, IPv4Network]] = []
    for one in said.segments:
        try:
            network = one.network
        except ValueError:
            yield f"segments: '{one.name}': '{one.cidr}' is no IPv4 network (10.0.0.0/24)"
            continue
        if network.prefixlen > 28:
            yield f"segments: '{one.name}': /28 at most, room for a router, a console and hosts"
        yield from (f"segments: '{one.name}' overlaps '{name}'" for name, had in networks if had.overlaps(network))
        networks.append((one.name, network))


def _hosts(said: _File) -> Iterator[str]:
    names = {one.name: one for one in said.segments}
    yield from _twice("hosts", (said.router.name, "console", "switch", "outside", *(one.name for one in said.hosts)))
    yield from _twice("hosts: address", (one.address for one in said.hosts if one.address))
    for one in said.hosts:
        if one.segment not in names:
            yield f"hosts: '{one.name}': no segment '{one.segment}' ({', '.join(names)})"
        elif one.address and not inside(one.address, names[one.segment]):
            yield f"hosts: '{one.name}': '{one.address}' is not a host's address of '{one.segment}'"
        yield from _twice(
            f"hosts: '{one.name}': port",
            (str(service.port) for service in one.services if not isinstance(service, Quiet)),
        )
        yield from _on_linux(one)
        if Agent() in one.services and one.segment in names and names[one.segment].kind is ZoneKind.INTERNET:
            yield f"hosts: '{one.name}': from the Internet an agent reaches no console"


def _on_linux(host: Host) -> Iterator[str]:
    """What is read, or lives, on a Linux server."""
    kinds = {type(one) for one in host.services}
    if kinds & {Smtps, Backups} and Ssh not in kinds:
        yield f"hosts: '{host.name}': a service of kind 'smtps' or 'backups' needs one of kind 'ssh' beside it"


def inside(address: str, segment: Segment) -> bool:
    """Whether a host of this segment may bear this address."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    reserved = {segment.network[place] for place in (0, 1, 2, -2, -1)}
    return known in segment.network and known not in reserved


def _flows(said: _File) -> Iterator[str]:
    names = {one.name for one in said.segments}
    for flow in said.flows:
        yield from (f"flows: no segment '{one}'" for one in (flow.source, flow.target) if one not in names)


def _walls(said: _File) -> Iterator[str]:
    names = {one.name: one.kind for one in said.segments}
    yield from _twice("sockets", tuple(one.name for one in said.sockets))
    yield from _twice("sockets: port", tuple(str(one.port) for one in said.sockets))
    if said.sockets and sum(service == Switch() for one in said.hosts for service in one.services) != 1:
        yield "sockets: exactly one host needs a service of kind 'switch'"
    for one in said.sockets:
        if one.segment not in names:
            yield f"sockets: '{one.name}': no segment '{one.segment}'"
        elif one.public and one.state == "live" and names[one.segment] not in {ZoneKind.GUEST, ZoneKind.PUBLIC}:
            yield f"sockets: '{one.name}': live in public is a flaw: describe it dead, and plant 'live_socket'"


def _radio(said: _File) -> Iterator[str]:
    names = {one.name: one.kind for one in said.segments}
    hosts = {one.name for one in said.hosts}
    yield from _twice("wifi", tuple(one.ssid for one in said.wifi))
    for one in said.wifi:
        if one.point not in hosts:
            yield f"wifi: '{one.ssid}': no host '{one.point}'"
        if names.get(one.segment) not in {ZoneKind.GUEST, ZoneKind.PUBLIC}:
            yield f"wifi: '{one.ssid}': '{one.segment}' is no segment for visitors; plant 'wifi_among_wired' otherwise"
        if one.security not in {"wpa2", "wpa3"}:
            yield f"wifi: '{one.ssid}': '{one.security}' is a flaw: plant 'weak_wifi'"


def _twice(what: str, names: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    yield from (f"{what}: '{name}' is described twice" for name, count in Counter(names).items() if count > 1)


def _addressed(said: _File) -> Iterator[Host]:
    taken = {ip_address(one.address) for one in said.hosts if one.address}
    for one in said.hosts:
        segment = next(known for known in said.segments if known.name == one.segment)
        if one.address:
            yield one
            continue
        places = range(FIRST_FREE, segment.network.num_addresses - 2)
        free = (IPv4Address(int(segment.network[0]) + place) for place in places)
        address = next((place for place in free if place not in taken), None)
        if address is None:
            raise Wrong(f"hosts: '{one.name}': no address is left in '{one.segment}'")
        taken.add(address)
        yield msgspec.structs.replace(one, address=str(address))
