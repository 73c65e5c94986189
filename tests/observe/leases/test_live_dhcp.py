"""A telephone asks a real DHCP server for an address: the server's own file and the router's own table name it."""

from collections.abc import Iterator
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from negatoscope.model.switching import Place, Sighting
from negatoscope.observe.leases.collector import SORTS
from tests.needs import needs_program
from tests.observe import lab as network
from tests.observe.lab import Lab, sh

PHONE = "3c:06:30:11:22:33"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    needs_program("dnsmasq")
    needs_program("udhcpc")
    with network.lab(name="dhcp") as made:
        yield made


def seen(data: bytes) -> list[Sighting]:
    known = next(one for one in SORTS if one.recognises(data))
    return [one for one in known.read(known.scrub(data), "host/box") if isinstance(one, Sighting)]


def test_a_telephone_that_asks_for_an_address_is_named(lab: Lab, tmp_path: Path) -> None:
    leases, quiet = tmp_path / "dnsmasq.leases", tmp_path / "quiet.sh"
    quiet.write_text("#!/bin/sh\nexit 0\n")
    quiet.chmod(0o755)
    phone = lab.host("10.77.0.9", PHONE)
    lab.run(
        lab.scanner,
        "exec dnsmasq --conf-file=/dev/null --keep-in-foreground --port=0 --interface=br0 --bind-interfaces"
        f" --user=root --pid-file={tmp_path}/pid --dhcp-range=10.77.0.50,10.77.0.99,12h --dhcp-leasefile={leases}",
    )
    sh(
        "ip", "netns", "exec", phone, "udhcpc", "-i", "lan", "-n", "-q", "-f", "-t", "10", "-T", "1", "-s", str(quiet),
        "-x", "hostname:iPhone-de-Claire",
    )  # fmt: skip
    (lease,) = seen(leases.read_bytes())
    assert (lease.mac, lease.by, lease.name) == (PHONE, Place.LEASE, "iPhone-de-Claire")
    assert (lease.maker or "").startswith("Apple")
    lab.inside(phone, lambda: _speak(lab.gateway))
    near = seen(sh("ip", "-n", lab.scanner, "-j", "neigh", "show").encode())
    assert PHONE in {one.mac for one in near}


def _speak(address: str) -> None:
    with socket(AF_INET, SOCK_DGRAM) as card:
        card.sendto(b"x", (address, 9))
