"""Where a Linux host sends what is not for its own networks, who stands beside it, and to whom it leases addresses."""

import re
from collections.abc import Iterator
from ipaddress import ip_network

import msgspec
from msgspec import Struct

from negatoscope.model.switching import Place, Sighting
from negatoscope.model.traffic import Route
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.leases import dnsmasq, isc, kea, neighbours
from negatoscope.observe.leases.station import sighted
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import DHCPD_LEASES, DNSMASQ_LEASES, KEA_LEASES, NEIGHBOURS, WAYS_OUT
from negatoscope.observe.linux.sections import Section, Sections

_INNER = re.compile(r"(?:docker|veth|virbr|cni|flannel|cali|podman|lxcbr|lxdbr)|br-[0-9a-f]{12}$")
"""Interfaces behind which only containers and machines of this very host stand."""
NOWHERE = frozenset({"unreachable", "blackhole", "prohibit", "local", "broadcast", "multicast", "anycast"})
"""Kinds of routes by which nothing leaves."""


class _Via(Struct, frozen=True):
    host: str = ""


class _Hop(Struct, frozen=True):
    gateway: str | None = None
    via: _Via = _Via()
    dev: str | None = None


class _Route(Struct, frozen=True):
    dst: str
    type: str = "unicast"
    gateway: str | None = None
    via: _Via = _Via()
    dev: str | None = None
    nexthops: list[_Hop] = []


def routes(sections: Sections) -> Iterator[Item]:
    """Ways out: by a next router, or a default straight out of the interface; not the networks on a card itself."""
    missing: dict[str, str] = {}
    for everywhere, probe in WAYS_OUT.items():
        section = sections[probe.section]
        told = _decoded(section)
        if told is None:
            missing[probe.argv[0]] = sections.why(section)
        for one in told or ():
            yield from _route(one, everywhere)
    yield from closed("Route", missing)


def _route(one: _Route, everywhere: str) -> Iterator[Route]:
    try:
        destination = everywhere if one.dst == "default" else str(ip_network(one.dst, strict=False))
    except ValueError:
        return
    for hop in one.nexthops or (_Hop(one.gateway, one.via, one.dev),):
        gateway = hop.gateway or hop.via.host or None
        if one.type not in NOWHERE and (gateway or one.dst == "default"):
            yield Route(HOST, destination, gateway, hop.dev)


def _decoded(section: Section) -> list[_Route] | None:
    if not section.ok:
        return None
    try:
        return msgspec.json.decode(section.text.strip() or "[]", type=list[_Route])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def sightings(sections: Sections) -> Iterator[Item]:
    """Neighbours outside the host (containers are within), and whoever asked it for an address if it leases any."""
    missing: dict[str, str] = {}
    near = sections[NEIGHBOURS.section]
    table = near.text.strip() if near.ok else "unread"
    try:
        near_by = [one for one in neighbours.of_ip(table) if not _INNER.match(one.where)]
        yield from _seen(sighted(near_by, HOST, Place.ARP))
    except Unreadable:
        missing[NEIGHBOURS.argv[0]] = sections.why(near)
    for path, read in _LEASES.items():
        section = sections.file(path)
        if not section.looked:
            missing[path] = sections.why(section)
        elif section.text.strip():
            yield from _leases(read(section.text.encode(), HOST), path, missing)
    yield from closed("Sighting", missing)


_LEASES = {
    **dict.fromkeys(DNSMASQ_LEASES, dnsmasq.read),
    **dict.fromkeys(DHCPD_LEASES, isc.read),
    **dict.fromkeys(KEA_LEASES, kea.read_csv),
}


def _leases(told: Iterator[Item], path: str, missing: dict[str, str]) -> Iterator[Item]:
    try:
        yield from _seen(told)
    except Unreadable:
        missing[path] = "unreadable"


def _seen(told: Iterator[Item]) -> Iterator[Item]:
    """Sightings alone: the whole look ends with one sweep, or a gap."""
    return (one for one in told if isinstance(one, Sighting))
