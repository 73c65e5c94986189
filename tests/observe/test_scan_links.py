"""Beyond a router a silent host is missed: such a sweep never closes a network."""

from pathlib import Path

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.nmap import NMAP
from negatoscope.observe.scan.links import LOOPBACK, links, of_this_machine

HEALTHY = Path(__file__).parents[1] / "captures" / "nmap" / "healthy.xml"
ROUTES = """Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0102A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0002A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth0\t0000000A\t0102A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0
"""


def told(text: bytes, tmp_path: Path) -> list[object]:
    file = tmp_path / "scan.xml"
    file.write_bytes(text)
    with file.open("rb") as stream:
        return [item for item in NMAP.read(stream) if isinstance(item, Gap | Sweep)]


def test_links_are_the_networks_without_a_gateway() -> None:
    assert links(ROUTES) == (LOOPBACK, "192.168.2.0/24")
    assert LOOPBACK in of_this_machine()


def test_a_network_answered_by_arp_is_closed(tmp_path: Path) -> None:
    assert Sweep("Host", network="10.77.0.0/24") in told(HEALTHY.read_bytes(), tmp_path)


def test_a_network_answered_through_a_router_is_not(tmp_path: Path) -> None:
    routed = HEALTHY.read_bytes().replace(b"arp-response", b"echo-reply")
    found = told(routed, tmp_path)
    assert Gap("Host", "beyond_router", None, {"network": "10.77.0.0/24"}) in found
    assert not [item for item in found if isinstance(item, Sweep) and item.kind == "Host"]


def test_a_network_of_which_nobody_answered_is_not(tmp_path: Path) -> None:
    silent = HEALTHY.read_bytes().replace(b'state="up"', b'state="down"')
    found = told(silent, tmp_path)
    assert not [item for item in found if isinstance(item, Sweep) and item.kind == "Host"]
