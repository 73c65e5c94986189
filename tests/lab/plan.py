"""What will be built: the description in good health, on which flaws then lay their hands."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import ldap3

from tests.lab.afar import SETTINGS, TunnelName
from tests.lab.description import Description, Segment, Wifi, Wrong, inside
from tests.lab.filtering import Rules, allowed
from tests.lab.services import Dicom, Listening, Quiet, Ssh, Switch, Vpn

ANY = "*"
"""A subject that depends on who sees it first; the values then tell what it is about."""


class Truth(NamedTuple):
    """A finding that must come: its control, and what it is about, as the register calls it.

    A subject that ends with a slash stands for whatever is below it. Where one subject may have several findings:
    ``reason``, the code that it must bear, and values that it must name.
    """

    control: str
    subject: str
    reason: str = ""
    about: frozenset[tuple[str, str]] = frozenset()
    otherwise: "Truth | None" = None
    """Another finding that says the same: one of both must come, both may."""

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in sorted(self.about))
        return " ".join(filter(None, (self.control, self.subject, self.reason, told)))

    def explains(self, found: "Truth") -> bool:
        """Whether this is what was found."""
        within = self.subject.endswith("/") and found.subject.startswith(self.subject)
        same = self.control == found.control and (within or self.subject in {ANY, found.subject})
        told = same and self.reason in {"", found.reason} and self.about <= found.about
        return told or (self.otherwise is not None and self.otherwise.explains(found))


@dataclass(frozen=True)
class Server:
    """One program that listens. ``tls``: the versions it takes, oldest first; empty: it speaks in clear."""

    host: str
    program: str
    port: int
    tls: tuple[str, ...] = ()
    expired: bool = False
    title: str = ""
    anyone: bool = False
    """Of a DICOM node: it answers whoever calls."""
    orthanc: bool = False
    hasty: bool = False
    """Of a print queue: it prints before anybody stands there."""

    @property
    def ref(self) -> str:
        return f"service/{self.host}/tcp/{self.port}"


MODERN = ("TLSv1.2", "TLSv1.3")


class Talk(NamedTuple):
    """A client that speaks with a server, once."""

    source: str
    address: str
    port: int


@dataclass
class Linux:
    """The settings of a Linux server, below ``/etc``: files in the place of the sound ones, and what else is done."""

    sshd: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """Files below ``/home``."""
    spoil: list[Callable[[Path], None]] = field(default_factory=list)


@dataclass
class Plan:
    """All that is built."""

    lab: Description
    servers: list[Server] = field(default_factory=list)
    linux: dict[str, Linux] = field(default_factory=lambda: defaultdict(Linux))
    strangers: dict[str, str] = field(default_factory=dict)
    """Hosts that nobody declared: address by name."""

    states: dict[str, str] = field(default_factory=dict)
    """Of sockets that are not as they are described."""
    radio: dict[str, Wifi] = field(default_factory=dict)
    """Radio networks that are not as they are described, by SSID."""
    unlisted: set[str] = field(default_factory=set)
    """Access points that no list names."""
    tunnels: dict[str, TunnelName] = field(default_factory=dict)
    """By what people come in from afar, by the host that lets them."""
    cards: dict[str, tuple[Segment, str]] = field(default_factory=dict)
    """Second cards: into which segment, and their address there."""
    nameless: set[str] = field(default_factory=set)
    """Switches that do not say what they are."""
    talks: list[Talk] = field(default_factory=list)
    models: dict[str, str] = field(default_factory=dict)
    """Of hosts, as the practice's list says them."""
    rules: Rules = field(init=False)
    modems: list[str] = field(default_factory=list)
    """Hosts with a mobile card of their own."""
    excused: set[str] = field(default_factory=set)
    """Hosts of which a flaw says that they stand where they should not."""
    directory: list[Callable[[ldap3.Connection], None]] = field(default_factory=list)
    """What is changed in the directory once it runs."""

    def __post_init__(self) -> None:
        """Write the router's rules."""
        self.rules = Rules(self.lab, list(allowed(self.lab)))

    def domain(self) -> list[Callable[[ldap3.Connection], None]]:
        """What is changed in the directory. Raises Wrong: there is none."""
        if not any(one.program == "domain" for one in self.servers):
            raise Wrong("no host has a service of kind 'domain'")
        return self.directory

    def listening(self, host: str, program: str) -> Server:
        """The server of a host that runs this program. Raises Wrong."""
        self.known(host)
        found = [one for one in self.servers if one.host == host and one.program == program]
        if not found:
            raise Wrong(f"host '{host}' has no service of kind '{program}'")
        return found[0]

    def known(self, host: str) -> None:
        """Raise Wrong unless the host is described."""
        names = [one.name for one in self.lab.hosts]
        if host not in names:
            raise Wrong(f"no host '{host}' ({', '.join(names)})")

    def free(self, segment: Segment, address: str) -> None:
        """Raise Wrong unless this address may be given to one host more of this segment."""
        taken = {one.address for one in self.lab.hosts} | set(self.strangers) | {one for _, one in self.cards.values()}
        if address in taken or not inside(address, segment):
            raise Wrong(f"'{address}' is taken, or not a host's address of '{segment.name}'")

    def start(self, server: Server) -> None:
        """Have one more program listen. Raises Wrong: the port is taken."""
        self.known(server.host)
        if any(one.host == server.host and one.port == server.port for one in self.servers):
            raise Wrong(f"port {server.port} of '{server.host}' is taken")
        self.servers.append(server)

    def change(self, old: Server, **what: object) -> None:
        """Have a server run otherwise."""
        self.servers[self.servers.index(old)] = replace(old, **what)  # type: ignore[arg-type]


def sound(lab: Description) -> Plan:
    """The practice without its flaws."""
    plan = Plan(lab, [Server(lab.router.name, "ssh", 22)])
    plan.models |= {one.name: one.model for one in lab.hosts if one.model}
    for host in lab.hosts:
        plan.servers.extend(_server(host.name, one) for one in host.services if not isinstance(one, Quiet))
        _tunnels(plan, host.name, [service.tunnel for service in host.services if isinstance(service, Vpn)])
    _tunnels(plan, lab.router.name, [lab.router.vpn] if lab.router.vpn else [])
    return plan


def _tunnels(plan: Plan, host: str, tunnels: list[TunnelName]) -> None:
    for one in tunnels:
        if host != plan.lab.router.name:
            plan.listening(host, "ssh")
        path, text = SETTINGS[one]
        plan.tunnels[host] = one
        plan.linux[host].files[path] = text


def _server(host: str, service: Listening) -> Server:
    kind = type(service).__struct_config__.tag
    tls: tuple[str, ...] = MODERN
    match service:
        case Dicom():
            orthanc = service.server == "orthanc"
            return Server(host, "dicom", service.port, tls, title=service.title, orthanc=orthanc)
        case Ssh() | Switch():
            tls = ()
    return Server(host, str(kind), service.port, tls)
