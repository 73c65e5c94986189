"""A probe that fell into wrong hands, a medium that somebody prepared: what they cannot do to the console."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from tests.conftest import TickingClock
from tests.probes import Stand, enrolled, made

from negatoscope.cli import porter
from negatoscope.cli.porter import ORDERS_FROM_ONE, Door
from negatoscope.config import Config
from negatoscope.flows import enrolling, mediating, ordering, scheduling, unsealing
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.enrolling import Newcomer
from negatoscope.flows.opening import open_console
from negatoscope.flows.scheduling import Asked
from negatoscope.flows.unsealing import Arriving
from negatoscope.kit.neighbour import neighbour
from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.observe.collector import Item
from negatoscope.observe.nmap import Settings as Nmap
from negatoscope.probe import messages
from negatoscope.probe.messages import Order, Request, Task
from negatoscope.probe.signed import Refused
from negatoscope.store import probes
from negatoscope.store.models import LendingRow, ObservationRow
from negatoscope.store.probes import ProbeRow

CAPTURE = Path("tests/captures/local/server-as-root.jsonl").read_bytes()
MARIE = "user:marie"


@pytest.fixture
def console(db: None, tmp_path: Path, clock: TickingClock) -> Console:
    return open_console(Config(data=tmp_path), clock)


def ordered(console: Console, probe: ProbeRow, collector: str = "local", target: str = "", **said: Any) -> Order:  # noqa: ANN401 -- settings
    scheduling.ask(console, Asked(collector, target, MARIE, said, probe.pk))
    order = ordering.following(console, probe, ())
    assert order is not None
    return order


def arriving(console: Console, probe: ProbeRow, stand: Stand) -> tuple[Arriving, bytes]:
    one = stand.seal(made(ordered(console, probe), console.clock()), CAPTURE)
    return Arriving(console, probes.bearing(probe.pk), one.number, one.head), one.data


def test_probes_leave_the_console_the_rest_of_its_disk(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    stand, probe = enrolled(console)
    there, data = arriving(console, probe, stand)
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 -- as shutil gives it
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(2**40, 2**40, unsealing.SPARE_BYTES - 1))
    with pytest.raises(DiskFull):
        unsealing.append(there, 0, [data])
    monkeypatch.undo()
    unsealing.append(there, 0, [data])
    assert unsealing.finish(there) is not None


def test_parcels_that_came_by_medium_hold_no_place_at_the_door(console: Console, tmp_path: Path) -> None:
    """Half delivered, then carried by hand: eight of them would close the door to the probe for ever."""
    stand, probe = enrolled(console)
    medium = tmp_path / "medium"
    medium.mkdir()
    for _ in range(unsealing.MOST_PIECES):
        there, data = arriving(console, probe, stand)
        unsealing.append(there, 0, [data[:1000]])
        (medium / f"{there.number}.parcel").write_bytes(data)
        assert mediating.bring(console, MARIE, medium).registered == 1
    there, data = arriving(console, probe, stand)
    unsealing.append(there, 0, [data])
    assert unsealing.finish(there) is not None


def test_what_a_revoked_probe_had_half_delivered_is_dropped(console: Console) -> None:
    stand, probe = enrolled(console)
    there, data = arriving(console, probe, stand)
    unsealing.append(there, 0, [data[:1000]])
    enrolling.revoke(console, MARIE, probe.pk)
    assert not unsealing.folder(console, probe).exists()


def test_a_clock_that_was_never_compared_makes_no_look_fresher(console: Console, clock: TickingClock) -> None:
    """Ordered on Monday, looked at on Tuesday by a clock five days ahead, carried back on Sunday."""
    probe, stand = handed(console)
    scheduling.ask(console, Asked("local", "", MARIE, {}, probe.pk))
    data = ordering.task(console, MARIE, probe)
    line = data.split(b"\n")[1]
    (order,) = msgspec.json.decode(line, type=Task).orders
    clock.advance(timedelta(days=1))
    true = console.clock()
    ahead = true + timedelta(days=5)
    clock.advance(timedelta(days=6))
    one = stand.seal(made(order, ahead), CAPTURE)
    there = Arriving(console, probes.bearing(probe.pk), one.number, one.head)
    unsealing.append(there, 0, [one.data])
    unsealing.finish(there)
    assert ObservationRow.objects.get().ended <= true


def handed(console: Console) -> tuple[ProbeRow, Stand]:
    """A probe that was enrolled by file, and never spoke to us over a network."""
    probe, _file = enrolling.hand(console, MARIE, Newcomer("Clé"))
    stand, other = enrolled(console, "Autre")
    probes.put(other, revoked_at=console.clock())
    probes.put(probe, certificate=stand.known.certificate, enrolled_at=console.clock(), sealed=None)
    stand.enrolled = msgspec.structs.replace(stand.known, id=probe.ident)
    return probes.bearing(probe.pk), stand


@pytest.mark.parametrize(
    ("probe", "mac"),
    [("", "é" * 64), ("a\0b", "0" * 64), ("../../etc", "0" * 64)],
    ids=["mac", "nul", "path"],
)
def test_a_request_that_somebody_wrote_by_hand_stops_no_import(
    console: Console, tmp_path: Path, probe: str, mac: str
) -> None:
    row, _file = enrolling.hand(console, MARIE, Newcomer("Clé"))
    medium = tmp_path / "medium"
    medium.mkdir()
    told = Request(probe or row.ident, Stand().request, mac)
    (medium / "a.request").write_bytes(msgspec.json.encode(told))
    brought = mediating.bring(console, MARIE, medium)
    assert [name for name, _why in brought.refused] == ["a.request"]
    assert not brought.enrolled


class Line:
    """What a probe's certificate looks like from the door."""

    def __init__(self, stand: Stand) -> None:
        self.der = x509.load_pem_x509_certificate(stand.known.certificate.encode()).public_bytes(Encoding.DER)

    def getpeercert(self, *, binary_form: bool) -> bytes:
        assert binary_form
        return self.der


def test_a_probe_that_asks_without_end_fills_no_ledger(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(porter, "close_old_connections", lambda: None)  # here the test's own
    stand, probe = enrolled(console)
    scheduling.ask(console, Asked("local", "", MARIE, {}, probe.pk))
    door, said = Door(console), list[str]()
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": messages.ORDER_PATH, "gunicorn.socket": Line(stand)}
    door.orders.of_one = 5
    for _ in range(8):
        list(door(dict(environ), lambda status, _headers: said.append(status)))
    assert [one.partition(" ")[0] for one in said] == ["200"] * 5 + ["429"] * 3
    assert ORDERS_FROM_ONE >= 60 * 60 // 15
    assert not LendingRow.objects.exists()


def test_who_draws_as_many_addresses_as_they_like_counts_as_one() -> None:
    assert neighbour("2001:db8:1:2::1") == neighbour("2001:db8:1:2:ffff::9")
    assert neighbour("2001:db8:1:3::1") != neighbour("2001:db8:1:2::1")
    assert neighbour("fe80::1%eth0") == neighbour("fe80::2%eth0")
    assert neighbour("192.0.2.1") == "192.0.2.1"
    assert neighbour("::ffff:192.0.2.1") != neighbour("::ffff:192.0.2.2")


def known(console: Console) -> None:
    declare(console, Said(MARIE), (
        Network("10.77.1.0/24", "Utilisateurs"),
        Network("10.77.2.0/24", "Imagerie"),
        Host("host/scanner", "scanner", HostClass.MODALITY, addresses=("10.77.2.20",)),
        Host("host/irm", "irm", HostClass.MODALITY, addresses=("10.77.1.21",)),
        Host("host/srv", "srv", HostClass.SERVER, addresses=("10.77.2.30",)),
        Host("host/pc", "pc", HostClass.WORKSTATION, addresses=("10.77.1.31",)),
    ))  # fmt: skip


@pytest.mark.parametrize("collector", ["nmap", "tls", "snmp", "ipp", "upnp", "vantage"])
def test_an_order_tells_of_no_host_but_those_at_its_target(console: Console, collector: str) -> None:
    """A task travels in clear on a stick, an order lives in a probe's memory: neither is the practice's map."""
    known(console)
    _stand, probe = enrolled(console)
    order = ordered(console, probe, collector, "10.77.1.0/24")
    said = msgspec.json.encode(order).decode()
    assert "10.77.1.21" in said
    assert "10.77.2.20" not in said
    assert "10.77.2.30" not in said


def test_a_look_whose_way_is_not_its_targets_spares_all_that_is_spared(console: Console) -> None:
    known(console)
    _stand, probe = enrolled(console)
    assert "10.77.2.20" in ordered(console, probe, "ssh", "10.77.1.31", bastion="10.77.2.30").settings["spared"]
    assert "10.77.2.20" in ordered(console, probe, "directory", "srv.cabinet.lan").settings["spared"]


def test_a_modality_at_the_target_stays_spared(console: Console) -> None:
    known(console)
    _stand, probe = enrolled(console)
    order = ordered(console, probe, "nmap", "10.77.2.0/24")
    assert msgspec.convert(order.settings, Nmap).spared == ("10.77.2.20",)


def broken(_stream: BinaryIO) -> Iterator[Item]:
    yield from ()
    raise IndexError


def test_a_capture_that_breaks_its_reader_holds_up_no_parcel(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device writes it, an honest probe carries it: refused for ever, it would keep all that comes after it away."""
    stand, probe = enrolled(console)
    monkeypatch.setitem(COLLECTORS, "local", replace(COLLECTORS["local"], read=broken))
    there, data = arriving(console, probe, stand)
    unsealing.append(there, 0, [data])
    outcome = unsealing.finish(there)
    assert outcome is not None
    assert [gap.why for gap in outcome.gaps] == ["unreadable"]
    monkeypatch.undo()
    there, data = arriving(console, probe, stand)
    unsealing.append(there, 0, [data])
    assert unsealing.finish(there) is not None


def test_more_gaps_than_any_look_leaves_are_refused(console: Console) -> None:
    stand, probe = enrolled(console)
    order = ordered(console, probe)
    gaps = (Gap("Host", "silent"),) * (unsealing.MOST_GAPS + 1)
    one = stand.seal(made(order, console.clock(), gaps=gaps), CAPTURE)
    there = Arriving(console, probes.bearing(probe.pk), one.number, one.head)
    unsealing.append(there, 0, [one.data])
    with pytest.raises(Refused, match="manifest"):
        unsealing.finish(there)
