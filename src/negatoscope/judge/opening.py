"""What gateways open to the outside by themselves, because a device inside asked: where it leads. Pure."""

from collections.abc import Iterable

from negatoscope.judge.boundaries import ADMINISTRATION, PAGES
from negatoscope.judge.matrix import within
from negatoscope.judge.shapes import Said
from negatoscope.model.gateways import AutoOpening, PortMapping
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Doubt, Finding

DEVICES = frozenset({HostClass.NETWORK, HostClass.PRINTER})
"""Hosts whose own web page administers them."""


def opened_by_itself(gateways: Iterable[AutoOpening], mappings: Iterable[PortMapping], hosts: Iterable[Host]) -> Said:
    """Find openings that lead to administration; doubt those nobody can name, and gateways that open on request."""
    classes = {address: host.host_class for host in hosts for address in host.addresses or ()}
    for gateway in gateways:
        if gateway.upnp or gateway.nat_pmp:
            yield Doubt(gateway.host, "opens_by_itself", {"by": "UPnP" if gateway.upnp else "NAT-PMP"})
    for one in mappings:
        if one.enabled is not False:
            yield from _led(one, classes.get(one.internal or ""))


def _led(one: PortMapping, known: HostClass | None) -> Said:
    values = {
        "services": f"{one.protocol}/{one.internal_port or one.external_port}",
        "port": f"{one.protocol}/{one.external_port}",
        "target": one.internal or "?",
    }
    ports = {port for port in (one.internal_port, one.external_port) if port is not None}
    if any(within(ADMINISTRATION, one.protocol, port) for port in ports):
        yield Finding(one.host, "mapped_to_administration", values)
    elif known in DEVICES and any(within(PAGES, one.protocol, port) for port in ports):
        yield Finding(one.host, "mapped_to_page", values)
    else:
        yield Doubt(one.host, "mapped_unknown", values)
