"""Hosts and their network interfaces."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class HostClass(StrEnum):
    """What a host is for. A host whose class nobody knows is never left out of a control."""

    WORKSTATION = "workstation"
    LAPTOP = "laptop"
    SERVER = "server"
    MODALITY = "modality"
    PRINTER = "printer"
    NETWORK = "network"
    OTHER = "other"


CLIENTS = frozenset({HostClass.WORKSTATION, HostClass.LAPTOP})
COMPUTERS = CLIENTS | {HostClass.SERVER}
PORTABLE = frozenset({HostClass.LAPTOP})
EVERY_CLASS = frozenset(HostClass)


@dataclass(frozen=True, slots=True)
class Host:
    """Something with an address. In a capture ``ref`` is a handle; the register gives the lasting name."""

    SCOPE: ClassVar[Scope] = "practice"

    ref: Ref
    hostname: str | None = None
    host_class: HostClass | None = None
    os_name: str | None = None
    os_version: str | None = None
    vendor: str | None = None
    model: str | None = None
    serial: str | None = None
    machine_id: str | None = None
    directory_id: str | None = None
    """``objectGUID`` of the computer's account (MS-ADTS 3.1.1.1.4), lower case."""
    agent_id: str | None = None
    """What an inventory agent calls itself for life (``GLPI-Agent-ID``, or ``DEVICEID``)."""
    ae_titles: tuple[str, ...] | None = None
    """DICOM application entity titles under which it answers or calls (PS3.5 6.2, VR AE)."""
    macs: tuple[str, ...] | None = None
    """Burned-in addresses, lower case, colon-separated; virtual interfaces left out."""
    card_maker: str | None = None
    """Who made the network card, by its address (IEEE OUI): a hint on an unknown host, not who made the host."""
    addresses: tuple[str, ...] | None = None
    """IPv4 and IPv6, without loopback, link-local and virtual bridges."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface of a host."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    name: str
    mac: str | None = None
    addresses: tuple[str, ...] | None = None
    """With prefix length: ``192.168.1.5/24``."""
    wireless: bool | None = None

    @property
    def ref(self) -> Ref:
        """``interface/<host>/<name>``."""
        return f"interface/{self.host.removeprefix('host/')}/{self.name}"
