"""Declared networks, what listens on hosts, and the consent to probe a modality."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class Network:
    """A network that the practice declares as its own: the only place where anything active may look."""

    SCOPE: ClassVar[Scope] = "practice"

    cidr: str
    name: str | None = None

    @property
    def ref(self) -> Ref:
        """``network/<cidr>``."""
        return f"network/{self.cidr}"


@dataclass(frozen=True, slots=True)
class Service:
    """A port on which a host answers. ``name`` is the IANA service name where known."""

    SCOPE: ClassVar[Scope] = "host"
    WORST: ClassVar[Mapping[str, bool]] = {"reachable": True, "encrypted": False}
    """Where instruments disagree, the worst is believed."""

    host: Ref
    protocol: str
    """``tcp`` or ``udp``."""
    port: int
    name: str | None = None
    product: str | None = None
    version: str | None = None
    encrypted: bool | None = None
    """TLS or SSH from the first byte."""
    reachable: bool | None = None
    """Answers beyond the host itself; ``False``: bound to loopback only."""

    @property
    def ref(self) -> Ref:
        """``service/<host>/<protocol>/<port>``."""
        return f"service/{self.host.removeprefix('host/')}/{self.protocol}/{self.port}"


@dataclass(frozen=True, slots=True)
class Consent:
    """A named person allows an active look at one modality, until a date."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    given_by: str
    until: datetime
    reason: str | None = None

    @property
    def ref(self) -> Ref:
        """``consent/<host>``."""
        return f"consent/{self.host.removeprefix('host/')}"


@dataclass(frozen=True, slots=True)
class HostKey:
    """The SSH key of a host, compared with the host's own words and accepted by a person; no other is spoken to."""

    SCOPE: ClassVar[Scope] = "practice"

    place: str
    """``address:port``; an IPv6 address in brackets."""
    key: str
    """Algorithm and key in base64, as in ``known_hosts``."""
    accepted_by: str

    @property
    def ref(self) -> Ref:
        """``hostkey/<address:port>``."""
        return f"hostkey/{self.place}"
