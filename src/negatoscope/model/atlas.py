"""How each host stands on the map: what people declared of it, held against what looks saw. Made from facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope

GHOST_AFTER = timedelta(days=30)
"""Not seen for so long by looks that should have seen it, a declared host is a ghost."""

HEARSAY = frozenset({"directory"})
"""Collectors that name a host without meeting it: the account of a computer outlives the computer."""


@dataclass(frozen=True, slots=True)
class MapEntry:
    """One host: who speaks of it, when it was last seen, where it was sought in vain, and what is contradicted."""

    SCOPE: ClassVar[Scope] = "practice"
    SWEPT_AS: ClassVar[str] = "Host"
    """As complete as the list of hosts."""

    host: Ref
    declared: bool
    """A person put it on the map; otherwise instruments alone speak of it."""
    told_at: datetime | None = None
    """When a person last said something of it."""
    seen_at: datetime | None = None
    """When an instrument last met it."""
    sought_at: datetime | None = None
    """When a look, later than all these, last went where it should be and did not find it."""
    drifted: tuple[str, ...] | None = None
    """Fields on which instruments contradict people; ``None``: nothing to hold against each other."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class Standing:
    """How one host hangs on the drawing of the network. Made from facts."""

    SCOPE: ClassVar[Scope] = "practice"
    SWEPT_AS: ClassVar[str] = "Host"
    """As complete as the list of hosts."""

    host: Ref
    addresses: tuple[str, ...] | None = None
    """All that anybody knows of it."""
    networks: tuple[Ref, ...] | None = None
    """Declared networks in which instruments saw it."""
    zones: tuple[Ref, ...] | None = None
    """Declared zones in which instruments saw it."""
    plugged: Ref | None = None
    """The switch or access point that sees it."""
    gateway: bool | None = None
    """It joins networks on purpose: a gateway that was read or declared, or another network device."""
    led_at: datetime | None = None
    """When an instrument last saw a gateway that leads out of its network."""
    seen_at: datetime | None = None
    """When an instrument last saw one of these links."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host
