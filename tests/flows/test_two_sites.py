"""Two sites that bear the same private network: their hosts stay two, and no look goes to both."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.probes import Stand, enrolled, made

from negatoscope.config import Config
from negatoscope.flows import observing, ordering, scheduling, unsealing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, NetworkElsewhere, deliver
from negatoscope.flows.opening import open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.scheduling import Asked
from negatoscope.flows.unsealing import Arriving
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.probe.messages import Order
from negatoscope.store import jobs, probes
from negatoscope.store.models import JobRow, ObservationRow
from negatoscope.store.probes import ProbeRow

SCAN = (Path("tests/captures/nmap/two-passes.nmap")).read_bytes()
HOST = Path("tests/captures/local/server-as-root.jsonl").read_bytes()
NETWORK = "10.77.0.0/24"


@pytest.fixture
def console(db: None, tmp_path: Path, clock: TickingClock) -> Console:
    opened = open_console(Config(data=tmp_path), clock)
    declare(opened, Said("user:marie", "configuration"), (Network(NETWORK),))
    return opened


def asked(console: Console, probe: ProbeRow, collector: str, target: str) -> Order | None:
    scheduling.ask(console, Asked(collector, target, "user:marie", {}, probe.pk))
    return ordering.following(console, probe, ())


def brought(console: Console, stand: Stand, probe: ProbeRow, look: Order, capture: bytes) -> None:
    one = stand.seal(made(look, console.clock()), capture)
    there = Arriving(console, probes.bearing(probe.pk), one.number, one.head)
    unsealing.append(there, 0, [one.data])
    assert unsealing.finish(there) is not None


def hosts(console: Console) -> list[str]:
    return [one.ref for one in StoredRegister(console.practice).seen(Host).facts]


def test_a_network_looked_at_from_one_site_is_not_looked_at_from_another(console: Console) -> None:
    albi, here = enrolled(console, "Albi", "Albi")
    rodez, there = enrolled(console, "Rodez", "Rodez")
    look, late = asked(console, here, "nmap", NETWORK), asked(console, there, "nmap", NETWORK)
    assert look is not None
    assert late is not None  # both began before either came back
    brought(console, albi, here, look, SCAN)
    known = hosts(console)
    assert known
    brought(console, rodez, there, late, SCAN)
    assert hosts(console) == known
    kept = ObservationRow.objects.get(parcel=f"{there.ident}/1")
    assert not kept.complete
    assert jobs.read(late.number).outcome == "network_elsewhere"
    assert asked(console, there, "nmap", NETWORK) is None
    assert JobRow.objects.order_by("-pk").exclude(probe=None)[0].outcome == "network_elsewhere"
    with pytest.raises(NetworkElsewhere, match="Albi"):
        observing.prepared(console, observing.Order("nmap", NETWORK, "user:marie"), console.site)


def test_a_host_of_another_site_with_the_same_address_and_name_stays_another(console: Console) -> None:
    stand, probe = enrolled(console, "Albi", "Albi")
    look = asked(console, probe, "local", "")
    assert look is not None
    brought(console, stand, probe, look, HOST)
    (theirs,) = StoredRegister(console.practice).seen(Host).facts
    assert theirs.addresses
    scan = f"""<?xml version="1.0"?><nmaprun scanner="nmap" args="nmap" start="1762070400" version="7.93">
    <host><status state="up" reason="arp-response"/><address addr="{theirs.addresses[0]}" addrtype="ipv4"/>
    <hostnames><hostname name="{theirs.hostname}" type="PTR"/></hostnames></host>
    <runstats><finished time="1762070500" exit="success"/><hosts up="1" down="0" total="1"/></runstats></nmaprun>"""
    deliver(console, Delivery("nmap", "import", "user:marie", "import", scan.encode()))
    assert len(hosts(console)) == 2
    deliver(console, Delivery("local", "", "user:marie", "observation", HOST))  # the machine itself, carried over here
    assert len(hosts(console)) == 2


def test_probes_of_one_site_speak_of_the_same_hosts(console: Console) -> None:
    first, one = enrolled(console, "Baie", "Albi")
    second, two = enrolled(console, "Accueil", "Albi")
    for stand, probe in ((first, one), (second, two)):
        look = asked(console, probe, "nmap", NETWORK)
        assert look is not None
        brought(console, stand, probe, look, SCAN)
    names = hosts(console)
    assert names
    assert not [name for name in names if "~" in name]
