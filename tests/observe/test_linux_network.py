"""Ways out, neighbours and leases of a Linux host: read whole, or said to be dark."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.switching import Place, Sighting
from negatoscope.model.traffic import Route
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.read import read
from tests.observe.captures import CAPTURES, HEALTHY

LEASES = CAPTURES / "leases"
PHONE = "3c:06:30:11:22:33"
NEIGHBOURS, ROUTES = "cmd:ip -j neigh show", "cmd:ip -j route show"


def host(*changed: tuple[str, str, str]) -> list[Item]:
    sections = {json.loads(line).get("section", "head"): line for line in HEALTHY.read_text().splitlines()}
    end = sections.pop("end")
    for name, status, text in changed:
        sections[name] = json.dumps({"section": name, "status": status, "text": text})
    return list(read(BytesIO("\n".join([*sections.values(), end]).encode())))


def routes(items: list[Item]) -> set[tuple[str, str | None, str | None]]:
    return {(one.destination, one.gateway, one.interface) for one in items if isinstance(one, Route)}


def cards(items: list[Item]) -> set[tuple[str, Place]]:
    return {(one.mac, one.by) for one in items if isinstance(one, Sighting)}


def dark(items: list[Item], kind: str) -> list[str]:
    return [one.why for one in items if isinstance(one, Gap) and one.what == kind]


def test_a_host_tells_its_router_and_its_neighbours() -> None:
    items = host()
    assert routes(items) == {("0.0.0.0/0", "10.77.0.1", "enp0s31f6")}
    assert cards(items) == {("00:0d:b9:4a:22:10", Place.ARP), ("d0:94:66:2b:10:20", Place.ARP)}
    assert {Sweep("Route", "host/@"), Sweep("Sighting", "host/@")} <= {one for one in items if isinstance(one, Sweep)}


def test_every_kind_of_way_out_is_told_and_no_dead_end() -> None:
    told = [
        {
            "dst": "default",
            "nexthops": [{"gateway": "10.77.0.1", "dev": "a"}, {"via": {"host": "fe80::1"}, "dev": "b"}],
        },
        {"dst": "default", "dev": "wwan0"},
        {"dst": "172.20.0.0/16", "gateway": "10.77.0.2", "dev": "a"},
        {"dst": "172.21.0.9", "gateway": "10.77.0.2", "dev": "a"},
        {"dst": "172.22.0.0/16", "type": "blackhole", "gateway": "10.77.0.3"},
        {"dst": "10.77.0.0/24", "dev": "a"},
        {"dst": "nonsense", "gateway": "10.77.0.4"},
    ]
    assert routes(host((ROUTES, "ok", json.dumps(told)))) == {
        ("0.0.0.0/0", "10.77.0.1", "a"),
        ("0.0.0.0/0", "fe80::1", "b"),
        ("0.0.0.0/0", None, "wwan0"),
        ("172.20.0.0/16", "10.77.0.2", "a"),
        ("172.21.0.9/32", "10.77.0.2", "a"),
    }


def test_containers_are_no_neighbours() -> None:
    for inner, seen in (("docker0", set()), ("br-0123456789ab", set()), ("br-lan", {(PHONE, Place.ARP)})):
        near = [{"dst": "172.17.0.2", "dev": inner, "lladdr": PHONE, "state": ["REACHABLE"]}]
        assert cards(host((NEIGHBOURS, "ok", json.dumps(near)))) == seen


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/var/lib/misc/dnsmasq.leases", "dnsmasq.leases"),
        ("/var/lib/dhcp/dhcpd.leases", "dhcpd.leases"),
        ("/var/lib/kea/kea-leases4.csv", "kea-leases4.csv"),
    ],
)
def test_a_host_that_leases_addresses_tells_to_whom(path: str, file: str) -> None:
    items = host((f"file:{path}", "ok", Path(LEASES / file).read_text()))
    assert (PHONE, Place.LEASE) in cards(items)
    assert dark(items, "Sighting") == []


def test_what_cannot_be_read_is_dark() -> None:
    assert dark(host((NEIGHBOURS, "ok", "[{")), "Sighting") == ["unreadable"]
    assert dark(host((NEIGHBOURS, "absent", "")), "Sighting") == ["command_missing"]
    assert dark(host(("file:/var/lib/kea/kea-leases4.csv", "denied", "")), "Sighting") == ["unreadable"]
    broken = ("file:/var/lib/kea/kea-leases4.csv", "ok", (LEASES / "kea-leases4.csv").read_text() + "a,b,,x,y,,,,,,\n")
    assert dark(host(broken), "Sighting") == ["unreadable"]
    assert dark(host((ROUTES, "ok", "{")), "Route") == ["unreadable"]
    assert dark(host((ROUTES, "failed", "")), "Route") == ["unreadable"]
