"""What switches and radio access points tell: their ports, who stands beside them, and who is plugged in or near."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class SwitchPort:
    """A port of a switch (IF-MIB RFC 2863, BRIDGE-MIB RFC 4188, Q-BRIDGE-MIB RFC 4363, IEEE8021-PAE-MIB)."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    """The switch."""
    name: str
    """``ifName``: ``Gi1/0/14``."""
    index: int | None = None
    """``ifIndex``."""
    alias: str | None = None
    """What its administrator wrote on it (``ifAlias``)."""
    enabled: bool | None = None
    """Administratively up: whoever plugs in gets a link."""
    linked: bool | None = None
    """Something is plugged in and awake."""
    vlan: int | None = None
    """The VLAN of untagged frames."""
    tagged: tuple[int, ...] | None = None
    """VLANs that it carries with their tag; none on an access port."""
    authenticated: bool | None = None
    """Nothing passes before 802.1X allows it (``dot1xAuthAuthControlledPortControl`` = auto)."""
    stations: int | None = None
    """Addresses learnt behind it."""

    @property
    def ref(self) -> Ref:
        """``port/<switch>/<name>``."""
        return f"port/{self.host.removeprefix('host/')}/{self.name}"


@dataclass(frozen=True, slots=True)
class Vlan:
    """A VLAN that a switch or router knows, and the networks in which it has an address itself there."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    number: int
    name: str | None = None
    """What its administrator called it (``dot1qVlanStaticName``)."""
    networks: tuple[str, ...] | None = None
    """CIDR, from the addresses of its own interface in that VLAN."""

    @property
    def ref(self) -> Ref:
        """``vlan/<host>/<number>``."""
        return f"vlan/{self.host.removeprefix('host/')}/{self.number}"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A device that presents itself on a port (LLDP, IEEE 802.1AB)."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    port: str
    """The local port's name, as in ``SwitchPort``."""
    chassis: str
    """Who speaks: a MAC in lower case, or the identifier that it gives."""
    system: str | None = None
    """The name that it gives itself."""
    remote_port: str | None = None

    @property
    def ref(self) -> Ref:
        """``neighbour/<host>/<port>/<chassis>``."""
        return f"neighbour/{self.host.removeprefix('host/')}/{self.port}/{self.chassis}"


class Place(StrEnum):
    """By what a station was seen."""

    PORT = "port"
    """In the forwarding table of a switch."""
    WIFI = "wifi"
    """Associated with a radio network."""
    LEASE = "lease"
    """It asked a DHCP server for an address."""
    ARP = "arp"
    """In a table of neighbours (ARP, RFC 826; NDP, RFC 4861)."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A network card seen somewhere by a device of the practice: by what, where, under which address, since when."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    """The device that saw it: switch, access point, DHCP server, router."""
    mac: str
    """Lower case, colon-separated."""
    by: Place
    where: str
    """Port name, SSID, or network."""
    address: str | None = None
    name: str | None = None
    """What it calls itself."""
    vlan: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    maker: str | None = None
    """Who made the card, by its address (IEEE OUI)."""

    @property
    def ref(self) -> Ref:
        """``sighting/<host>/<by>/<where>/<mac>``."""
        return f"sighting/{self.host.removeprefix('host/')}/{self.by.value}/{self.where}/{self.mac}"


class WifiSecurity(StrEnum):
    """How a radio network lets stations in, from the weakest to the strongest."""

    OPEN = "open"
    WEP = "wep"
    WPA = "wpa"
    """WPA 1 or TKIP, alone or beside something better."""
    WPA2_PERSONAL = "wpa2_personal"
    WPA3_PERSONAL = "wpa3_personal"
    """SAE alone, without WPA2 beside."""
    ENTERPRISE = "enterprise"
    """802.1X: each person or device by itself, WPA2 at least."""


@dataclass(frozen=True, slots=True)
class WifiNetwork:
    """A radio network that an access point or its controller serves."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    """The access point, or the controller that speaks for many."""
    ssid: str
    security: WifiSecurity | None = None
    isolated: bool | None = None
    """Stations cannot talk with one another."""
    vlan: int | None = None
    network: str | None = None
    """The network (CIDR) that its stations stand in."""
    guest: bool | None = None
    wps: bool | None = None
    """Lets in with a push button or a PIN (Wi-Fi Protected Setup)."""

    @property
    def ref(self) -> Ref:
        """``wifi/<host>/<ssid>``."""
        return f"wifi/{self.host.removeprefix('host/')}/{self.ssid}"
