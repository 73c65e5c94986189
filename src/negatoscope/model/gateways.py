"""Rule bases: what a firewall lets through, in one shape for every maker, exact enough to be evaluated."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope

Ports = tuple[tuple[int, int], ...]
"""Ranges, both ends included."""


class Does(StrEnum):
    """What becomes of a packet that a line matches."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    JUMP = "jump"
    """Goes on in another chain, and comes back where that one decides nothing."""
    GOTO = "goto"
    """Goes on in another chain, and does not come back."""
    RETURN = "return"
    NOTHING = "nothing"
    """Counted, logged or marked only."""
    UNREAD = "unread"
    """The reader does not know what it does: nothing after it is certain for what it matches."""


class Hook(StrEnum):
    """Where packets meet a chain."""

    ARRIVAL = "arrival"
    """They have just come in, whoever they are for."""
    FORWARD = "forward"
    """They pass through."""
    INPUT = "input"
    """They are for the gateway itself."""
    OUTPUT = "output"
    """The gateway itself sends them."""
    DEPARTURE = "departure"
    """They are about to leave."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """A set of addresses: networks or ranges (``10.0.0.1-10.0.0.9``), or all that are in none of these."""

    among: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Which packets a line is about; ``None`` in a field: any. All fields must match."""

    sources: Addresses | None = None
    targets: Addresses | None = None
    protocols: tuple[str, ...] | None = None
    """``tcp``, ``udp``, ``icmp``, ``icmpv6``, or the IANA number as text."""
    not_protocols: bool = False
    source_ports: Ports | None = None
    target_ports: Ports | None = None
    not_target_ports: bool = False
    entering: tuple[str, ...] | None = None
    """Interfaces by which packets come in."""
    not_entering: bool = False
    leaving: tuple[str, ...] | None = None
    not_leaving: bool = False
    states: tuple[str, ...] | None = None
    """Of connection tracking: ``new``, ``established``, ``related``, ``invalid``, ``untracked``."""
    not_states: bool = False
    translated: bool | None = None
    """Only those whose target a translation has changed, or (``False``) only the others."""
    family: int | None = None
    """4 or 6."""
    unread: str | None = None
    """A condition that the reader does not know, in the maker's words: the line may match less than it says."""


@dataclass(frozen=True, slots=True)
class FilterRule:
    """One line of a rule base, in the order in which packets meet it."""

    label: str
    """As its maker's screen shows it: number, name or description."""
    match: Match
    does: Does
    chain: str | None = None
    """Where a jump goes."""
    logged: bool | None = None
    packets: int | None = None
    """Counted since the gateway started, or since the counter was reset."""
    enabled: bool = True
    until: datetime | None = None
    """When it stops, as its maker's schedule or its own comment says."""
    comment: str | None = None
    week: tuple[str, ...] | None = None
    """When it holds, Monday to Sunday, each day as ``presence.said`` writes hours, in the gateway's own time; ``None``:
    always, or its schedule was not read (then ``match.unread`` names it all the same)."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Lines in order. ``hook``: where packets meet it by themselves; ``None``: only by a jump."""

    name: str
    rules: tuple[FilterRule, ...]
    hook: Hook | None = None
    policy: Does | None = None
    """What becomes of packets that no line decided on, in a hooked chain."""
    priority: int = 0
    """Several chains of one hook are met in this order; each of them must accept. Below -100, those of arrival are met
    before any address is rewritten."""
    family: int | None = None
    """It sees packets of IPv4 (4) or IPv6 (6) alone."""


class Rewrites(StrEnum):
    """What a translation changes."""

    TARGET = "target"
    """Port forwarding: the address, or the port, that packets go to (DNAT)."""
    SOURCE = "source"
    """The address that they seem to come from (SNAT, masquerade)."""


@dataclass(frozen=True, slots=True)
class Translation:
    """One line of address translation (RFC 3022), in order; the first that matches counts."""

    label: str
    match: Match
    rewrites: Rewrites
    address: str | None = None
    """The new one, or a range; ``None``: the gateway's own."""
    port: tuple[int, int] | None = None
    exempt: bool = False
    """It says that what matches is left as it is."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class GatewayInterface:
    """One leg of a gateway."""

    name: str
    addresses: tuple[str, ...] = ()
    """With prefix length."""
    label: str | None = None
    """What its administrator calls it: ``LAN``, ``WAN``."""


@dataclass(frozen=True, slots=True)
class RuleBase:
    """All that a gateway filters and translates, as one reading of its settings."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    product: str | None = None
    """``nftables``, ``iptables``, ``pfSense``, ``OPNsense``, ``FortiGate``."""
    chains: tuple[Chain, ...] | None = None
    translations: tuple[Translation, ...] | None = None
    interfaces: tuple[GatewayInterface, ...] | None = None
    routes: tuple[tuple[str, str], ...] | None = None
    """Destination (CIDR) and interface, beyond the interfaces' own networks; ``0.0.0.0/0`` is the way out."""
    families: tuple[int, ...] = (4, 6)
    """Whose filtering this reading covers: a file of iptables speaks of IPv4 alone."""

    @property
    def ref(self) -> Ref:
        """The gateway itself."""
        return self.host


class Tunnel(StrEnum):
    """How people come in from afar."""

    OPENVPN = "openvpn"
    IPSEC = "ipsec"
    WIREGUARD = "wireguard"
    SSL = "ssl"
    """A maker's own tunnel in TLS: FortiGate SSL VPN, AnyConnect."""


@dataclass(frozen=True, slots=True)
class RemoteAccess:
    """A service by which people come in from afar; links between two sites are none."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    name: str
    tunnel: Tunnel
    certificates: bool | None = None
    """Each person or device proves itself by a certificate or key of its own."""
    second_factor: bool | None = None
    """A password alone does not let in: a code, a token or a smart card is asked for too."""
    shared_secret: bool | None = None
    """All come in with one same secret (pre-shared key)."""
    known_devices: bool | None = None
    """Only computers of the practice are let in: by their certificate, or a check of the host."""
    weak: tuple[str, ...] | None = None
    """Ciphers, digests, groups or protocol versions that no longer protect, as configured."""
    peers: tuple[str, ...] | None = None
    """Names of those who may come in, where the settings list them."""

    @property
    def ref(self) -> Ref:
        """``remoteaccess/<host>/<name>``."""
        return f"remoteaccess/{self.host.removeprefix('host/')}/{self.name}"


@dataclass(frozen=True, slots=True)
class AutoOpening:
    """Whether a gateway lets any device inside open ports of the outside by itself."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    upnp: bool | None = None
    """It answers as a gateway of UPnP (WANIPConnection, WANPPPConnection), or its settings turn that on."""
    nat_pmp: bool | None = None
    """It answers NAT-PMP (RFC 6886), which lists nothing: what was opened by it stays unknown."""
    external: str | None = None
    """Its address outside, as NAT-PMP tells it."""

    @property
    def ref(self) -> Ref:
        """``autoopening/<host>``."""
        return f"autoopening/{self.host.removeprefix('host/')}"


@dataclass(frozen=True, slots=True)
class PortMapping:
    """A port of the outside that a device inside had its gateway open (GetGenericPortMappingEntry)."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    """The gateway."""
    protocol: str
    """``tcp`` or ``udp``."""
    external_port: int
    internal: str | None = None
    """Address, or name, to which it leads."""
    internal_port: int | None = None
    enabled: bool | None = None
    description: str | None = None
    """What the device that asked wrote."""
    remote: str | None = None
    """Who alone may come in; ``None``: everybody."""

    @property
    def ref(self) -> Ref:
        """``portmapping/<host>/<protocol>/<port>``, and who alone may come in."""
        told = f"portmapping/{self.host.removeprefix('host/')}/{self.protocol}/{self.external_port}"
        return f"{told}/{self.remote}" if self.remote else told
