"""``dhcpd.leases`` of ISC, which pfSense and OPNsense write too: a journal, the last entry of an address stands.

dhcpd.leases(5). Instants are UTC (``4 2026/11/19 10:00:00``) or seconds (``epoch 1763546400``); ``never`` is neither.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from negatoscope.model.evidence import Ref
from negatoscope.model.switching import Place
from negatoscope.observe.collector import Item, Sort
from negatoscope.observe.leases.station import UNKNOWN_NETWORK, Station, decoded, instant, sighted

_LEASE = re.compile(r"^lease (\d+\.\d+\.\d+\.\d+) \{$")
_FIELD = re.compile(r"^\s+(starts|cltt|hardware ethernet|client-hostname) (.+);$")
BEGINNING = 65536


def recognises(data: bytes) -> bool:
    """It holds a lease with its states, or says by whom it was written."""
    start = decoded(data[:BEGINNING])
    return bool(re.search(r"^lease \d+\.\d+\.\d+\.\d+ \{$", start, re.MULTILINE)) or (
        "dhcpd.leases(5)" in start and "authoring-byte-order" in start
    )


def stations(text: str) -> Iterator[Station]:
    """Each entry, oldest first, as the file has them; one cut short is not counted."""
    address = ""
    told: dict[str, str] = {}
    for line in text.splitlines():
        if begun := _LEASE.match(line):
            address, told = begun[1], {}
        elif said := _FIELD.match(line):
            told[said[1]] = said[2]
        elif line == "}" and address:
            yield from _station(address, told)
            address = ""


def _station(address: str, told: Mapping[str, str]) -> Iterator[Station]:
    began = _instant(told.get("starts", ""))
    if "hardware ethernet" in told:
        last = _instant(told.get("cltt", "")) or began
        yield Station(told["hardware ethernet"], UNKNOWN_NETWORK, address, told.get("client-hostname"), began, last)


def _instant(text: str) -> datetime | None:
    words = text.split()
    if words[:1] == ["epoch"] and len(words) > 1 and words[1].isdigit():
        return instant(int(words[1]))
    try:
        return datetime.strptime(" ".join(words[1:3]), "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def read(data: bytes, device: Ref) -> Iterator[Item]:
    """Sightings of one file."""
    yield from sighted(stations(decoded(data)), device, Place.LEASE)


ISC = Sort("isc-dhcpd", recognises, read)
