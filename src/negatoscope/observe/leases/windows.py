"""Windows DHCP: ``Export-DhcpServer -Leases`` (XML) and ``Get-DhcpServerv4Lease | Export-Csv``."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from negatoscope.model.evidence import Ref
from negatoscope.model.switching import Place
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.leases.station import Station, decoded, sighted

GIVEN = frozenset({"active", "activereservation"})
"""States of a lease whose station came; an inactive reservation is only a plan."""


def recognises_xml(data: bytes) -> bool:
    """Its root is that of an export, in whichever encoding."""
    return "<DHCPServer" in decoded(data[:2048])


def recognises_csv(data: bytes) -> bool:
    """One of its first two lines has the columns of a lease."""
    start = decoded(data[:4096]).splitlines()[:2]
    return any({"IPAddress", "ClientId", "AddressState"} <= {*re.split(r'["\s,;]+', line)} for line in start)


def read_xml(data: bytes, device: Ref) -> Iterator[Item]:
    """Sightings of one export. Raises Unreadable."""
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable("not_xml") from error

    def stations() -> Iterator[Station]:
        for scope in root.iterfind("./IPv4/Scopes/Scope"):
            where = _network(scope.findtext("ScopeId"), scope.findtext("SubnetMask"))
            for lease in scope.iterfind("./Leases/Lease"):
                told = {child.tag: child.text or "" for child in lease}
                yield from _lease(told, where)

    if root.tag != "DHCPServer":
        raise Unreadable("not_leases")
    yield from sighted(stations(), device, Place.LEASE)


def read_csv(data: bytes, device: Ref) -> Iterator[Item]:
    """Sightings of one list. Raises Unreadable."""
    lines = [line for line in decoded(data).splitlines() if line.strip() and not line.startswith("#TYPE")]
    mark = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    try:
        rows = csv.DictReader(lines, delimiter=mark)
        found = (one for row in rows for one in _lease(_texts(row), _network(row.get("ScopeId"), None)))
        yield from sighted(found, device, Place.LEASE)
    except csv.Error as error:
        raise Unreadable("not_a_csv") from error


def _texts(row: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in row.items() if isinstance(value, str)}


def _lease(told: Mapping[str, str], where: str) -> Iterable[Station]:
    if told.get("AddressState", "").strip().lower() in GIVEN:
        yield Station(told.get("ClientId", ""), where, told.get("IPAddress"), told.get("HostName"))


def _network(scope: str | None, mask: str | None) -> str:
    try:
        return str(ip_network(f"{scope}/{mask}")) if mask else scope or "dhcp"
    except ValueError:
        return scope or "dhcp"


DHCP_XML = Sort("windows-dhcp-xml", recognises_xml, read_xml)
DHCP_CSV = Sort("windows-dhcp-csv", recognises_csv, read_csv)
