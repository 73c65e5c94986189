"""``dnsmasq.leases``: expiry, card, address, name or ``*``, client id (dnsmasq(8), ``--dhcp-leasefile``)."""

import re
from collections.abc import Iterator

from negatoscope.model.evidence import Ref
from negatoscope.model.switching import Place
from negatoscope.observe.collector import Item, Sort
from negatoscope.observe.leases.station import Station, decoded, sighted

_LINE = re.compile(r"^\d{1,12} (?:\d\d-)?([0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}) (\d+\.\d+\.\d+\.\d+) (\S+) \S+\s*$")
_REST = re.compile(r"^(?:duid |\d{1,12} \S+ [0-9a-fA-F:]+ \S+ \S+\s*$)")
"""Lines of DHCPv6, which name no card."""
BEGINNING = 4096


def recognises(data: bytes) -> bool:
    """Its first lines are leases."""
    lines = decoded(data[:BEGINNING]).splitlines()[: 3 if len(data) > BEGINNING else None]
    told = [line for line in lines if line.strip()]
    return (
        bool(told) and bool(_LINE.match(told[0])) and all(_LINE.match(line) or _REST.match(line) for line in told[:3])
    )


def stations(text: str) -> Iterator[Station]:
    """Each lease; a lease that has expired is not in the file any more."""
    for line in text.splitlines():
        if found := _LINE.match(line):
            yield Station(found[1], address=found[2], name=found[3])


def read(data: bytes, device: Ref) -> Iterator[Item]:
    """Sightings of one file."""
    yield from sighted(stations(decoded(data)), device, Place.LEASE)


DNSMASQ = Sort("dnsmasq", recognises, read)
