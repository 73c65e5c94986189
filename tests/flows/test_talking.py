"""What flow exporters tell reaches the watch: sixty gigabytes that leave are one alert, whatever stops it."""

import struct
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address

import pytest
from tests.conftest import START, TickingClock
from tests.flows.test_watching import worked

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hearing import EXPORTER, health
from negatoscope.flows.listening import OPERATOR, deliver_closed, folder
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.talking import LOST, SAMPLED, UNREAD, missing
from negatoscope.flows.watching import Watch
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.netflow import Keeper
from negatoscope.model.evidence import Fact, Gap
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.traffic import FlowWatch
from negatoscope.model.watching import AMOUNT, SourceHealth
from negatoscope.model.zones import Zone, ZoneKind
from negatoscope.observe.flows.read import FLOWS, header
from negatoscope.store import sources
from negatoscope.store.queries import alerts
from negatoscope.watch import talking
from negatoscope.watch.known import INTERNET

GATE, SERVER, OUTSIDE, OWN = "10.77.0.1", "10.77.0.30", "93.184.216.34", "10.77.0.0/24"
GIGABYTES_4 = 4_000_000_000
RECORD = struct.Struct("!4s4s4sHHIIIIHHBBBBHHBBH")


Flow = tuple[str, str, int, int, int]
"""Source, target, port of the target, octets, port of the source."""


def version_5(flows: list[Flow], at: int, number: int = 0, sampling: int = 0) -> bytes:
    """One packet of NetFlow 5. ``number``: of its first flow, as the exporter counts them."""
    told = b"".join(
        RECORD.pack(IPv4Address(source).packed, IPv4Address(target).packed, bytes(4), 1, 2, 1000, octets, 0, 500,
                    own, port, 0, 0x18, 6, 0, 0, 0, 24, 0, 0)
        for source, target, port, octets, own in flows
    )  # fmt: skip
    return struct.pack("!HHIIIIBBH", 5, len(flows), 1_000, at, 0, number, 0, 0, sampling) + told


@pytest.fixture
def known(console: Console) -> Console:
    said: list[Fact] = [
        Network(OWN), Zone("Serveurs", ZoneKind.SERVERS, (OWN,)), Zone("Internet", ZoneKind.INTERNET),
        Host("host/pare-feu", "pare-feu", HostClass.NETWORK, addresses=(GATE,)),
        Host("host/srv-pacs", "srv-pacs", HostClass.SERVER, addresses=(SERVER,)),
    ]  # fmt: skip
    declare(console, Said("user:marie"), said)
    Watch(console).round()
    return console


def delivered(console: Console, *packets: bytes) -> None:
    """An exporter sends these, and its quarter of an hour is over."""
    keeper = Keeper(folder(console), lambda exporter: header(exporter, (OWN,)), (OWN,))
    assert [keeper.take(GATE, packet, console.clock()) for packet in packets] == [None] * len(packets)
    keeper.close_all()
    assert deliver_closed(console, keeper) == 1


def exported(console: Console, flows: list[Flow]) -> None:
    """An exporter tells of flows, and its quarter of an hour is over."""
    at = int(console.clock().timestamp())
    delivered(console, *(version_5(flows[n : n + 30], at, n) for n in range(0, len(flows), 30)))


LEAK = [(SERVER, OUTSIDE, 443, GIGABYTES_4, 50_000)] * 15


def test_sixty_gigabytes_that_leave_are_one_alert(known: Console, clock: TickingClock) -> None:
    exported(known, LEAK)
    watch = worked(known, clock)
    (one,) = alerts.standing(known.practice)
    assert (one.code, one.subject) == ("transfers", "host/srv-pacs")
    (event,) = watch._store.told()  # noqa: SLF001 -- what was kept
    assert (event.sender, event.host, event.event.product) == (f"flows:{GATE}", "host/pare-feu", talking.PRODUCT)
    assert event.event.sent == 15 * GIGABYTES_4


def test_what_a_server_of_ours_answers_to_the_outside_leaves_as_well(known: Console, clock: TickingClock) -> None:
    asked, answered = (OUTSIDE, SERVER, 443, 40_000, 50_001), (SERVER, OUTSIDE, 50_001, GIGABYTES_4, 443)
    exported(known, [asked, *[answered] * 15])
    watch = worked(known, clock)
    (event,) = watch._store.told()  # noqa: SLF001 -- what was kept
    assert (event.event.source, event.zone, event.event.received) == ("internet", INTERNET, 15 * GIGABYTES_4)
    assert [(one.code, one.subject) for one in alerts.standing(known.practice)] == [("transfers", "host/srv-pacs")]


def test_a_watch_that_dies_before_it_saved_counts_nothing_twice(
    known: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(known, LEAK)
    with monkeypatch.context() as patch:
        patch.setattr(Watch, "_save", lambda _self, _batch: (_ for _ in ()).throw(OSError("power")))
        with pytest.raises(OSError, match="power"):
            Watch(known).round()
    watch = worked(known, clock)
    kept = [told.key for told in watch._store.told()]  # noqa: SLF001 -- what was kept
    assert len(kept) == len({*kept}) == 1
    assert [one.code for one in alerts.standing(known.practice)] == ["transfers"]
    worked(known, clock)
    assert [one.count for one in alerts.standing(known.practice)] == [1]


def test_what_an_exporter_told_before_the_watch_began_raises_nothing(console: Console, clock: TickingClock) -> None:
    exported(console, LEAK)
    worked(console, clock)
    assert alerts.standing(console.practice) == []


def test_an_exporter_is_a_source_that_says_how_much(known: Console, clock: TickingClock) -> None:
    exported(known, LEAK)
    worked(known, clock).report()
    (told,) = StoredRegister(known.practice).seen(SourceHealth).facts
    assert (told.source, told.hosts, told.silent) == (f"flows:{GATE}", ("host/pare-feu",), False)
    assert AMOUNT in (told.brings or ())


FEW: list[Flow] = [(SERVER, OUTSIDE, 443, 40_000, 50_000)] * 3


def losses(console: Console, clock: TickingClock) -> tuple[dict[str, int], int | None]:
    """What the page of sources tells of the exporter, and what the register does."""
    worked(console, clock).report()
    (told,) = StoredRegister(console.practice).seen(SourceHealth).facts
    return dict(health(console)[f"{EXPORTER}{GATE}"].lost), told.lost


def test_flows_lost_on_the_way_are_told_of_their_source(known: Console, clock: TickingClock) -> None:
    at = int(known.clock().timestamp())
    delivered(known, version_5(FEW, at), version_5(FEW, at, 3 + 40))
    assert losses(known, clock) == ({LOST: 40}, 40)


def test_an_exporter_that_lost_nothing_is_told_to_have_lost_nothing(known: Console, clock: TickingClock) -> None:
    at = int(known.clock().timestamp())
    delivered(known, version_5(FEW, at), version_5(FEW, at, 3))
    assert losses(known, clock) == ({}, 0)


def test_captures_in_which_packets_are_skipped_are_losses(known: Console, clock: TickingClock) -> None:
    delivered(known, version_5(FEW, int(known.clock().timestamp()), sampling=100))
    assert losses(known, clock) == ({SAMPLED: 1}, 1)


def test_packets_that_nobody_can_read_are_losses_beside_what_was_read(known: Console, clock: TickingClock) -> None:
    at = int(known.clock().timestamp())
    delivered(known, version_5(FEW, at), version_5(FEW, at, 3)[:-1])
    assert losses(known, clock) == ({UNREAD: 1}, 1)


def test_an_exporter_of_which_nothing_could_be_read_is_a_source_that_loses(known: Console, clock: TickingClock) -> None:
    delivered(known, version_5(FEW, int(known.clock().timestamp()))[:-1])
    assert losses(known, clock) == ({UNREAD: 1}, 1)


def test_a_capture_that_cannot_be_read_is_one_loss(known: Console, clock: TickingClock) -> None:
    said = Delivery(FLOWS.name, GATE, f"{OPERATOR}{GATE}", "observation", b"no capture")
    deliver(known, said)
    assert losses(known, clock) == ({UNREAD: 1}, 1)


def test_more_exchanges_than_are_kept_are_one_loss_and_an_empty_capture_is_none() -> None:
    cut = Gap("Conversation", "flow_conversations_cut", None, {"exporter": GATE, "count": 50_000})
    empty = Gap("Conversation", "flow_empty", None, {"exporter": GATE, "count": 0})
    assert (missing([cut]), missing([empty, FlowWatch(GATE)])) == ({UNREAD: 1}, {})


def test_an_exporter_that_stops_is_silent_though_no_door_for_logs_is_open(console: Console) -> None:
    exporter, counters = f"{EXPORTER}{GATE}", Counters()
    for quarter in range(4 * 24 * 28):
        counters.kept(exporter, START + timedelta(minutes=15 * quarter), [0])
    sources.add(console.practice, counters.take())
    last = START + timedelta(minutes=15 * (4 * 24 * 28 - 1))
    at_once = health(replace(console, clock=lambda: last))[exporter]
    later = health(replace(console, clock=lambda: last + timedelta(hours=2)))[exporter]
    assert (at_once.silent_since, later.silent_since) == (None, last)
