"""Where what people declared and what instruments saw part: unknown, ghost, drifted. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from negatoscope.model.hosts import Host
from negatoscope.model.memory import drift

GHOST_AFTER = timedelta(days=30)
"""Not seen for so long by looks that should have seen it, a declared host is a ghost."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A network that was looked through for hosts, and when last."""

    cidr: str
    at: datetime


def unseen(host: Host, last: datetime, passages: Iterable[Passage], now: datetime) -> datetime | None:
    """When a look last went where this host should be and did not find it; ``None``: it is seen, or nobody can tell.

    ``last``: when an instrument last saw it, or else when it was declared.
    """
    if now - last <= GHOST_AFTER:
        return None
    went = [one.at for one in passages if _inside(host, one.cidr) and one.at > last]
    return max(went, default=None)


def _inside(host: Host, cidr: str) -> bool:
    network = ip_network(cidr, strict=False)
    return any(ip_address(address) in network for address in host.addresses or ())


def accepted(declared: Host, measured: Host) -> Host:
    """Take back from a declaration what instruments contradict."""
    taken: dict[str, Any] = dict.fromkeys(drift(declared, measured))
    return replace(declared, **taken)


__all__ = ["GHOST_AFTER", "Passage", "accepted", "drift", "unseen"]
