"""Tables of DHCP servers and neighbours, as real servers wrote them: who was seen, where and when; each known again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.model.evidence import Sweep
from negatoscope.model.switching import Place, Sighting
from negatoscope.observe.cards import card, maker
from negatoscope.observe.collector import Sort, Unreadable
from negatoscope.observe.handed import FORMAT, Header, reader, wrapped
from negatoscope.observe.leases.collector import LEASES, SORTS

CAPTURES = Path(__file__).parents[2] / "captures" / "leases"
PHONE = "3c:06:30:11:22:33"
BOX = "host/box"
WINDOWS_XML = """<?xml version="1.0" encoding="utf-16"?>
<DHCPServer MajorVersion="6"><IPv4><Scopes><Scope><ScopeId>10.77.0.0</ScopeId><SubnetMask>255.255.255.0</SubnetMask>
<Leases><Lease><IPAddress>10.77.0.60</IPAddress><ClientId>3c-06-30-11-22-33</ClientId><HostName>iphone.cabinet.lan
</HostName><AddressState>Active</AddressState></Lease>
<Lease><IPAddress>10.77.0.61</IPAddress><ClientId>00-1c-42-00-00-08</ClientId><AddressState>InactiveReservation
</AddressState></Lease></Leases></Scope></Scopes></IPv4></DHCPServer>""".encode("utf-16")
WINDOWS_CSV = (
    b'#TYPE Microsoft.Management.Infrastructure.CimInstance\r\n"IPAddress";"ScopeId";"ClientId";"HostName";'
    b'"AddressState"\r\n"10.77.0.60";"10.77.0.0";"3c-06-30-11-22-33";"iphone";"Active"\r\n'
)
IP_NEIGH = (
    b'[{"dst":"10.77.0.58","dev":"br0","lladdr":"3c:06:30:11:22:33","state":["STALE"]},'
    b'{"dst":"10.77.0.59","dev":"br0","state":["FAILED"]}]'
)
PROC = (
    b"IP address       HW type     Flags       HW address            Mask     Device\n"
    b"10.77.0.58       0x1         0x2         3c:06:30:11:22:33     *        br0\n"
    b"10.77.0.59       0x1         0x0         00:00:00:00:00:00     *        br0\n"
)
BSD = b"iphone.lan (10.77.0.58) at 3c:6:30:11:22:33 on igb1 expires in 1183 seconds [ethernet]\n"
LINUX = b"? (10.77.0.58) at 3c:06:30:11:22:33 [ether] on br0\n? (10.77.0.9) at <incomplete> on br0\n"
WINDOWS = (
    "\r\nInterface : 10.77.0.5 --- 0xb\r\n"
    "  Adresse Internet      Adresse physique      Type\r\n"
    "  10.77.0.58            3c-06-30-11-22-33     dynamique\r\n"
    "  10.77.0.255           ff-ff-ff-ff-ff-ff     statique\r\n"
).encode("cp850")

FILES: dict[str, tuple[bytes, Place, str]] = {
    "dnsmasq": ((CAPTURES / "dnsmasq.leases").read_bytes(), Place.LEASE, "dhcp"),
    "isc-dhcpd": ((CAPTURES / "dhcpd.leases").read_bytes(), Place.LEASE, "dhcp"),
    "kea-memfile": ((CAPTURES / "kea-leases4.csv").read_bytes(), Place.LEASE, "dhcp 1"),
    "kea-leases": ((CAPTURES / "kea-lease4-get-all.json").read_bytes(), Place.LEASE, "dhcp 1"),
    "windows-dhcp-xml": (WINDOWS_XML, Place.LEASE, "10.77.0.0/24"),
    "windows-dhcp-csv": (WINDOWS_CSV, Place.LEASE, "10.77.0.0"),
    "ip-neighbours": (IP_NEIGH, Place.ARP, "br0"),
    "arp-table": (PROC, Place.ARP, "br0"),
}
TABLES = {"bsd": (BSD, "igb1"), "linux": (LINUX, "br0"), "windows": (WINDOWS, "10.77.0.5")}


def sort(name: str) -> Sort:
    return next(one for one in SORTS if one.name == name)


def sightings(name: str, data: bytes) -> list[Sighting]:
    told = list(LEASES.read(BytesIO(wrapped(Header(FORMAT, name, BOX), data))))
    assert told[-1] == Sweep("Sighting", BOX)
    return [one for one in told if isinstance(one, Sighting)]


@pytest.mark.parametrize("name", FILES)
def test_a_real_table_names_the_card_its_place_and_its_maker(name: str) -> None:
    data, by, where = FILES[name]
    (seen,) = sightings(name, data)
    assert (seen.host, seen.mac, seen.by, seen.where) == (BOX, PHONE, by, where)
    assert (seen.address or "").startswith("10.77.0.")
    assert (seen.maker or "").startswith("Apple")
    assert by is Place.ARP or (seen.name or "").lower().startswith("iphone")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_known_by_its_content_and_by_one_format_alone(name: str) -> None:
    everywhere = [one.name for collector in COLLECTORS.values() for one in collector.sorts]
    assert len(everywhere) == len(set(everywhere))
    known = [one.name for collector in COLLECTORS.values() for one in collector.sorts if one.recognises(FILES[name][0])]
    assert known == [name]


@pytest.mark.parametrize("system", TABLES)
def test_arp_tables_of_three_systems(system: str) -> None:
    data, where = TABLES[system]
    assert sort("arp-table").recognises(data)
    (seen,) = sightings("arp-table", data)
    assert (seen.mac, seen.where, seen.address) == (PHONE, where, "10.77.0.58")


def test_instants_are_those_of_the_server() -> None:
    at = datetime(2026, 11, 22, 7, 8, 31, tzinfo=UTC)
    (isc,) = sightings("isc-dhcpd", FILES["isc-dhcpd"][0])
    (kea,) = sightings("kea-leases", FILES["kea-leases"][0])
    (memfile,) = sightings("kea-memfile", FILES["kea-memfile"][0])
    assert (isc.first_seen, isc.last_seen) == (at, at)
    assert kea.last_seen == memfile.last_seen == datetime.fromtimestamp(1795331316, UTC)


def test_of_several_leases_of_one_card_the_last_stands_with_the_first_instant() -> None:
    before = b"lease 10.77.0.101 {\n  starts 0 2026/10/01 10:00:00;\n  hardware ethernet 3c:06:30:11:22:33;\n}\n"
    for text in (before + FILES["isc-dhcpd"][0], FILES["isc-dhcpd"][0] + before):
        (seen,) = sightings("isc-dhcpd", text)
        assert (seen.address, seen.first_seen) == ("10.77.0.100", datetime(2026, 10, 1, 10, tzinfo=UTC))


def test_leases_given_back_are_nobody_s() -> None:
    row = FILES["kea-memfile"][0] + b"10.77.0.161,3c:06:30:11:22:44,,0,1795335316,1,0,0,,2,\n"
    assert [one.mac for one in sightings("kea-memfile", row)] == [PHONE]


BAD: dict[str, Callable[[], object]] = {
    "no header": lambda: list(LEASES.read(BytesIO(b"1795374508 3c:06:30:11:22:33 10.77.0.58 * *"))),
    "another format": lambda: list(reader(SORTS)(BytesIO(wrapped(Header(FORMAT, "tea", BOX), b"")))),
    "kea cut": lambda: sightings("kea-leases", FILES["kea-leases"][0][:-40]),
    "kea noise": lambda: sightings("kea-memfile", FILES["kea-memfile"][0] + b"10.77.0.1,aa,,x,y,z,,,,,\n"),
    "xml cut": lambda: sightings("windows-dhcp-xml", WINDOWS_XML[:-60]),
    "xml bomb": lambda: sightings("windows-dhcp-xml", b'<!DOCTYPE a [<!ENTITY b "c">]><DHCPServer>&b;</DHCPServer>'),
    "xml of another": lambda: sightings("windows-dhcp-xml", b"<html/>"),
    "neighbours cut": lambda: sightings("ip-neighbours", IP_NEIGH[:-2]),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_so(name: str) -> None:
    with pytest.raises(Unreadable):
        BAD[name]()


@pytest.mark.parametrize("name", [one.name for one in SORTS])
@pytest.mark.parametrize("noise", [b"", b"\xff" * 500, b"lease \n{\n" * 2000, b"[" * 5000, b"\0,\0;\n" * 99])
def test_noise_raises_nothing_but_unreadable_and_is_never_recognised(name: str, noise: bytes) -> None:
    assert not sort(name).recognises(noise)
    with suppress(Unreadable):
        assert sightings(name, noise) == []


def test_cards_in_every_spelling_and_what_is_none() -> None:
    assert {card(one) for one in ("3c-06-30-11-22-33", "3C0630112233", "3c06.3011.2233", "3c:6:30:11:22:33")} == {PHONE}
    assert {card(one) for one in (None, "", "00:00:00:00:00:00", "01:00:5e:00:00:01", "ff-ff-ff-ff-ff-ff", "x")} == {
        None
    }
    assert maker("da:a1:19:00:00:01") is None
    assert maker("fc:ff:ff:00:00:01") is None
