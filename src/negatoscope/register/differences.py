"""Where what people declared and what instruments saw part: unknown, ghost, drifted. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from negatoscope.model.atlas import GHOST_AFTER, MapEntry
from negatoscope.model.hosts import Host
from negatoscope.model.memory import combine, drift


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
    return _sought(host, last, passages)


def _sought(host: Host, last: datetime, passages: Iterable[Passage]) -> datetime | None:
    return max((one.at for one in passages if one.at > last and _inside(host, one.cidr)), default=None)


def _inside(host: Host, cidr: str) -> bool:
    network = ip_network(cidr, strict=False)
    return any(ip_address(address) in network for address in host.addresses or ())


@dataclass(frozen=True, slots=True)
class Told:
    """One statement on a host: what, when it was true, whether a person says it, and else whether it was met."""

    fact: Host
    at: datetime
    declared: bool
    met: bool = True


def entry(told: Sequence[Told], passages: Iterable[Passage]) -> MapEntry:
    """Say how one host stands on the map. ``told``: everything said of it, the weightiest first; at least one."""
    declared = [one for one in told if one.declared]
    measured = [one for one in told if not one.declared]
    met = [one for one in measured if one.met]
    told_at, seen_at = (max((one.at for one in said), default=None) for said in (declared, met))
    host = combine([one.fact for one in (*measured, *declared)], len(measured))
    return MapEntry(
        host.ref,
        bool(declared),
        told_at,
        seen_at,
        _sought(host, seen_at or told_at or max(one.at for one in told), passages),
        drift(*(combine([one.fact for one in said]) for said in (declared, measured)))
        if declared and measured
        else None,
    )


def accepted(declared: Host, measured: Host) -> Host:
    """Take back from a declaration what instruments contradict."""
    taken: dict[str, Any] = dict.fromkeys(drift(declared, measured))
    return replace(declared, **taken)


__all__ = ["GHOST_AFTER", "Passage", "Told", "accepted", "drift", "entry", "unseen"]
