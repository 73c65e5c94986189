"""Factory log-ins: who allowed them to be tried, on whom they were tried and when, and whether one works."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.hosts import HostClass

NO_LOG_IN = "no-log-in"
"""In the place of a pair: the service asks nobody who they are, and shows nothing that could be changed."""
UNRECOGNISED = "unrecognised"
"""In the place of a pair: it asks for a log-in, and no maker's published one is known for it."""

LEFT_ALONE = "left-alone"
"""In the place of a pair: its product is never tried, since one attempt may lock it, or none is known for all of it."""


@dataclass(frozen=True, slots=True)
class FactoryLogin:
    """One published log-in of a maker, tried on one service. What was sent is in the product's list, never here."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    protocol: str
    """``http``, ``ssh``, ``telnet``, ``ftp`` or ``snmp``."""
    port: int
    pair: str
    """Which one, by its name in the product's list."""
    works: bool | None = None
    """``None``: tried, and the answer says neither yes nor no, or it was broken off."""

    @property
    def ref(self) -> Ref:
        """``factorylogin/<host>/<protocol>/<port>/<pair>``."""
        return f"factorylogin/{self.host.removeprefix('host/')}/{self.protocol}/{self.port}/{self.pair}"


@dataclass(frozen=True, slots=True)
class TrialConsent:
    """A named person allows factory log-ins to be tried on one class of hosts, until a date."""

    SCOPE: ClassVar[Scope] = "practice"

    host_class: HostClass
    given_by: str
    until: datetime

    @property
    def ref(self) -> Ref:
        """``trialconsent/<class>``."""
        return f"trialconsent/{self.host_class.value}"


@dataclass(frozen=True, slots=True)
class Trial:
    """Factory log-ins are about to be tried on an address: written first, so that none is repeated."""

    SCOPE: ClassVar[Scope] = "practice"

    address: str
    at: datetime

    @property
    def ref(self) -> Ref:
        """``trial/<address>``."""
        return f"trial/{self.address}"
