"""Who truly talks with whom, who can be reached from where, and which way packets leave."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope

INTERNET = "internet"
"""The origin of a look made from outside, and the other end of a conversation with no network of the practice."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a host sends what is not for its own networks."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    destination: str
    """CIDR; ``0.0.0.0/0`` or ``::/0``: everything else."""
    gateway: str | None = None
    """Address of the next router; ``None``: straight out of the interface."""
    interface: str | None = None

    @property
    def ref(self) -> Ref:
        """``route/<host>/<destination>/<gateway or interface>``."""
        return f"route/{self.host.removeprefix('host/')}/{self.destination}/{self.gateway or self.interface}"


@dataclass(frozen=True, slots=True)
class FlowWatch:
    """What a flow exporter told, from when to when; without it, silence proves nothing."""

    SCOPE: ClassVar[Scope] = "practice"

    exporter: str
    """Address of the exporter, or name of the file."""
    networks: tuple[str, ...] | None = None
    """Blocks of 256 addresses (IPv6: /64) of which at least one host was seen to send."""
    first: datetime | None = None
    """Since when it has been listened to without a break; of a table, its first exchange."""
    last: datetime | None = None
    records: int | None = None
    lost: int | None = None
    """Records that the exporter's sequence numbers say never arrived."""
    sampled: int | None = None
    """One packet in so many is counted; 1: each."""

    @property
    def ref(self) -> Ref:
        """``flowwatch/<exporter>``."""
        return f"flowwatch/{self.exporter}"


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that one address said to one service in the time watched: an edge of the talk graph."""

    SCOPE: ClassVar[Scope] = "practice"

    exporter: str
    source: str
    """Address of the side that began; ``internet`` for all addresses outside together."""
    target: str
    """Address of the side that answered; outside addresses stay themselves when a host of ours began."""
    protocol: str
    """``tcp``, ``udp``, ``icmp`` or the IANA number."""
    port: int
    """Of the target; 0 where the protocol has none."""
    octets: int | None = None
    """Both ways together, multiplied by the sampling rate."""
    octets_out: int | None = None
    """From source to target."""
    flows: int | None = None
    first: datetime | None = None
    last: datetime | None = None
    answered: bool | None = None
    """Something came back: not a mere knock."""

    @property
    def ref(self) -> Ref:
        """``conversation/<exporter>/<source>/<target>/<protocol>/<port>``."""
        return f"conversation/{self.exporter}/{self.source}/{self.target}/{self.protocol}/{self.port}"


@dataclass(frozen=True, slots=True)
class Vantage:
    """A look at what can be reached of a network from one place: who was tried, on what."""

    SCOPE: ClassVar[Scope] = "practice"

    origin: str
    """The network (CIDR) in which the look stood, or ``internet``."""
    target: str
    """The network, or the address, that it tried."""
    address: str | None = None
    """Of the one who looked."""
    ports: str | None = None
    """TCP ports tried, as in ``1-1024,8080``; UDP ports after ``U:``."""
    complete: bool | None = None
    """Every address and port was tried to the end."""

    @property
    def ref(self) -> Ref:
        """``vantage/<origin>/<target>``."""
        return f"vantage/{self.origin}/{self.target}"


@dataclass(frozen=True, slots=True)
class Reach:
    """A service that answered a look from one place."""

    SCOPE: ClassVar[Scope] = "practice"

    origin: str
    """As in ``Vantage``."""
    address: str
    protocol: str
    port: int
    name: str | None = None
    """What spoke there, if it said so: the IANA service name."""
    administers: bool | None = None
    """It is an administration interface: a log-in page of a device, SSH, RDP, SNMP, a hypervisor's console."""

    @property
    def ref(self) -> Ref:
        """``reach/<origin>/<address>/<protocol>/<port>``."""
        return f"reach/{self.origin}/{self.address}/{self.protocol}/{self.port}"
