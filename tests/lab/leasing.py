"""Addresses on loan: the router's dnsmasq, and the hosts that ask it; their names stand in its file."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from negatoscope.model.hosts import HostClass
from tests.lab import places
from tests.lab.cards import mac
from tests.lab.description import Segment
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

ASKING = frozenset({HostClass.WORKSTATION, HostClass.LAPTOP, HostClass.PRINTER, HostClass.OTHER})
STANZA = "--dhcp-range={first},{last},{mask},12h"
PATIENCE = 20.0


def start(lab: "Lab") -> None:
    """Start the server if some segment has one, and have its hosts ask; each is promised the address that it has."""
    segments = [one for one in lab.plan.lab.segments if one.leases]
    if not segments:
        return
    program = needs_program("dnsmasq", "dnsmasq-base")
    needs_program("udhcpc")
    router = lab.plan.lab.router.name
    words = [f"--interface=if-{one.name} {_range(one)}" for one in segments]
    asking = {name: where for one in segments for name, where in _asking(lab, one).items()}
    words += [f"--dhcp-host={mac(address)},{address}" for address in asking.values()]
    common = "--conf-file=/dev/null --keep-in-foreground --port=0 --user=root --no-ping --bind-dynamic"
    held = f"--dhcp-authoritative --pid-file= --dhcp-leasefile={_file(lab)}"
    lab.start(router, f"exec {program} {common} {held} {' '.join(words)}")
    quiet = lab.folder / "quiet.sh"
    quiet.write_text("#!/bin/sh\nexit 0\n")
    quiet.chmod(0o755)
    for name in asking:
        called = "" if name.startswith("stranger-") else f"-x hostname:{lab.plan.lab.called(name)}"
        lab.start(name, f"exec udhcpc -i lan -n -q -f -t 20 -T 1 -s {quiet} {called}")


def wait(lab: "Lab") -> None:
    """Every host that asks has its lease."""
    wanted = sum(len(_asking(lab, one)) for one in lab.plan.lab.segments if one.leases)
    until = time.monotonic() + PATIENCE
    while wanted and (not _file(lab).exists() or len(_file(lab).read_text().splitlines()) < wanted):
        assert time.monotonic() < until, (lab.folder / f"{lab.plan.lab.router.name}.log").read_text()[-500:]
        time.sleep(0.05)


def _range(segment: Segment) -> str:
    network = segment.network
    return STANZA.format(first=network[3], last=network[-3], mask=network.netmask)


def _asking(lab: "Lab", segment: Segment) -> dict[str, str]:
    """Who asks there, strangers too: address by the name of its namespace."""
    mine = [one for one in lab.plan.lab.hosts if one.segment == segment.name and one.host_class in ASKING]
    strangers = {f"stranger-{at}": at for at, name in lab.plan.strangers.items() if name == segment.name}
    return {one.name: one.address for one in mine} | strangers


def _file(lab: "Lab") -> Path:
    return places.of(lab, lab.plan.lab.router.name) / "misc" / "dnsmasq.leases"
