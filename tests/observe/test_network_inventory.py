"""Network devices that an agent asked for us: GLPI's own format, as its published examples write it."""

import json
from io import BytesIO
from typing import Any

import pytest

from negatoscope.intake import keeping
from negatoscope.intake.message import parse
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.switching import Neighbour, Place, Sighting, SwitchPort
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.read import read

DEVICE = {
    "type": "Networking", "name": "sw-accueil", "manufacturer": "HPE", "model": "JL070A", "serial": "CN12",
    "firmware": "16.11.0012", "mac": "8C:04:BA:4D:20:01", "ips": ["10.79.0.2", "127.0.0.1", "0.0.0.0"],
    "credentials": 4,
}  # fmt: skip
DESK = {
    "ifname": "Gi1/0/1", "ifdescr": "GigabitEthernet1/0/1", "ifnumber": 10101, "iftype": 6, "ifinternalstatus": 1,
    "ifstatus": 1, "ifalias": "accueil", "trunk": False, "vlans": [{"name": "postes", "number": "20"}],
    "connections": [{"mac": "3c:06:30:11:22:33"}, {"mac": ["3C:06:30:11:22:34", "pas une carte"]}],
}  # fmt: skip
UPLINK = {
    "ifdescr": "Gi1/0/48", "ifnumber": "10148", "iftype": "117", "ifinternalstatus": "1", "ifstatus": "2",
    "trunk": True, "lldp": True, "vlans": [{"number": 20, "tagged": True}, {"number": 1}, {"number": 9999}],
    "connections": [
        {"sysname": "sw-serveurs", "sysmac": "8c:04:ba:4d:20:02", "ifdescr": "1/1"}, {"ip": "10.79.0.3"}, {},
    ],
}  # fmt: skip
OTHER = {"ifname": "Lo0", "iftype": 24, "ifnumber": 1}


def told(itemtype: str = "NetworkEquipment", action: str = "netinventory", **content: Any) -> list[Item]:  # noqa: ANN401 -- JSON
    said = {"action": action, "itemtype": itemtype, "deviceid": "sw-accueil-2026-11-22-08-00-00", "content": content}
    return list(read(BytesIO(keeping.capture(parse(json.dumps(said).encode()))[0])))


def of(items: list[Item], kind: type) -> list[Any]:
    return [one for one in items if type(one) is kind]


def test_a_switch_is_told_with_its_ports_and_who_stands_there() -> None:
    items = told(network_device=DEVICE, network_ports=[DESK, UPLINK, OTHER])
    assert of(items, Host) == [
        Host("host/@", "sw-accueil", HostClass.NETWORK, None, "16.11.0012", "HPE", "JL070A", "CN12",
             macs=("8c:04:ba:4d:20:01",), addresses=("10.79.0.2",))
    ]  # fmt: skip
    desk, uplink = of(items, SwitchPort)
    assert desk == SwitchPort("host/@", "Gi1/0/1", 10101, "accueil", True, True, 20, (), None, 2)  # noqa: FBT003 -- as the fields go
    assert (uplink.name, uplink.linked, uplink.vlan, uplink.tagged) == ("Gi1/0/48", False, 1, (20,))
    assert of(items, Neighbour) == [
        Neighbour("host/@", "Gi1/0/48", "8c:04:ba:4d:20:02", "sw-serveurs", "1/1"),
        Neighbour("host/@", "Gi1/0/48", "10.79.0.3"),
    ]
    assert [(one.mac, one.by, one.where) for one in of(items, Sighting)] == [
        ("3c:06:30:11:22:33", Place.PORT, "Gi1/0/1"), ("3c:06:30:11:22:34", Place.PORT, "Gi1/0/1"),
    ]  # fmt: skip
    assert {one.kind for one in of(items, Sweep)} == {"SwitchPort", "Neighbour", "Sighting"}


def test_what_a_discovery_leaves_out_is_a_gap() -> None:
    items = told(action="netdiscovery", network_device=DEVICE)
    assert {(one.what, one.why) for one in of(items, Gap)} == {
        (kind, "section_absent") for kind in ("SwitchPort", "Neighbour", "Sighting")
    }


def test_a_printer_is_a_host() -> None:
    (host,) = told("Printer", network_device=DEVICE)
    assert isinstance(host, Host)
    assert host.host_class is HostClass.PRINTER


@pytest.mark.parametrize(
    "row",
    [
        {}, {"ifname": "x"}, {"ifname": "x", "iftype": 6, "vlans": "20", "connections": {"mac": 3}},
        {"ifname": "x", "iftype": 6, "vlans": [{"number": "²"}, 4, None], "connections": [None, {"mac": [1, None]}]},
        {"ifname": "x", "iftype": [6], "ifnumber": "-1"}, {"ifname": ["x"], "iftype": 6},
    ],
)  # fmt: skip
def test_what_is_badly_said_is_left_out(row: dict[str, Any]) -> None:
    items = told(network_device=DEVICE, network_ports=[row])
    assert all(one.vlan is None and one.stations is None for one in of(items, SwitchPort))


def test_nothing_but_what_is_read_is_kept() -> None:
    said = {"action": "netinventory", "itemtype": "NetworkEquipment", "deviceid": "sw", "content": {
        "network_device": {**DEVICE, "comments": "admin"}, "network_ports": [{**DESK, "ifinbytes": 7}],
        "network_components": [{"serial": "F1"}],
    }}  # fmt: skip
    kept = keeping.capture(parse(json.dumps(said).encode()))[0]
    for absent in (b"credentials", b"comments", b"ifinbytes", b'network_components":['):
        assert absent not in kept
