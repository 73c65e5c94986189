"""The drawing of the network: what stands on it, what joins it, and on whose word. Never made of patient data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from negatoscope.model.evidence import Ref, Source
from negatoscope.model.hosts import HostClass

OUTSIDE = "internet"
"""All that is beyond the practice, as one point."""
ADRIFT = "network/?"
"""Where hosts hang whose network nobody knows."""


class Sort(StrEnum):
    """What a point of the drawing is. A zone holds networks, a network holds hosts."""

    ZONE = "zone"
    NETWORK = "network"
    HOST = "host"
    EXIT = "exit"
    PARTNER = "partner"


class Layer(StrEnum):
    """What a person may ask to see, apart from the rest."""

    NETWORK = "network"
    DICOM = "dicom"
    CLEAR = "clear"
    TALK = "talk"
    REACH = "reach"


class Way(StrEnum):
    """What a line says."""

    PORT = "port"
    """Plugged into this port of a switch."""
    WIFI = "wifi"
    NEIGHBOUR = "neighbour"
    """One device presents itself on the other's port (LLDP)."""
    MEMBER = "member"
    """It has an address in this network."""
    SERVES = "serves"
    """Hosts of this network are plugged into this switch."""
    GATEWAY = "gateway"
    """Packets leave this network through it."""
    EXIT = "exit"
    PARTNER = "partner"
    """It knows a way to the networks of somebody else."""
    TALK = "talk"
    REACH = "reach"
    """A look made from there got an answer here."""
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Node:
    """One point. ``measured``: an instrument saw it; ``declared``: a person spoke of it."""

    ref: Ref
    sort: Sort
    name: str
    parent: Ref | None = None
    measured: bool = False
    declared: bool = False
    host_class: HostClass | None = None
    addresses: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()
    """Protocols in which it answers without encryption."""
    listed: str | None = None
    """Why people call it a critical point."""


@dataclass(frozen=True, slots=True)
class Link:
    """One line, drawn once for each way in which two points are joined."""

    source: Ref
    target: Ref
    layer: Layer
    way: Way
    measured: bool
    said: str = ""
    """Port, services or networks, in nobody's language."""
    sources: tuple[Source, ...] = ()

    @property
    def ref(self) -> str:
        """What tells it from the others."""
        return f"{self.layer.value}|{self.way.value}|{self.source}|{self.target}"

    @property
    def at(self) -> datetime | None:
        """When the newest look or word behind it was true."""
        return max((source.at for source in self.sources), default=None)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much hangs on one point."""

    cut: int
    """Hosts that would be cut off from the most of the others without it."""
    between: float
    """Share of all pairs of hosts that can only, or also, meet through it: 0 to 1."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, in a lasting order."""

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    weights: Mapping[Ref, Weight] = field(default_factory=dict)
    """Of the points on which something hangs."""
