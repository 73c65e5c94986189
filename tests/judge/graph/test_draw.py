"""The drawing: every kind of line from the facts that say it, on whose word it stands, and what hangs on whom."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from negatoscope.judge.graph.draw import draw, standings
from negatoscope.judge.graph.ground import Ground, address_of, network_of, stands_among
from negatoscope.judge.graph.saying import apart
from negatoscope.model.atlas import Standing
from negatoscope.model.carrying import ConsoleSeat, SealedCopy
from negatoscope.model.critical import CriticalPoint
from negatoscope.model.drawing import ADRIFT, OUTSIDE, Drawing, Layer, Link, Sort, Way
from negatoscope.model.evidence import Gap, Source, Sweep
from negatoscope.model.gateways import Chain, Does, GatewayInterface, Hook, RuleBase
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import DicomNode
from negatoscope.model.networks import Network, Service
from negatoscope.model.switching import Neighbour, Place, Sighting
from negatoscope.model.traffic import Conversation, Reach, Route
from negatoscope.model.verdict import Verdict
from negatoscope.model.zones import AllowedFlow, InternetAccess, Partner, Zone, ZoneKind
from negatoscope.observe.snmp.read import read as read_snmp
from tests.judge.cases.atlas import STANDING
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World, judged, of

PC, MRI, PACS = "host/accueil", "host/irm", "host/srv-pacs"
FW, SWITCH, CORE, LOST = "host/fw-1", "host/sw-1", "host/sw-coeur", "host/perdu"
USERS, IMAGING = "network/10.1.0.0/24", "network/10.2.0.0/24"
MACS = {name: f"00:00:5e:00:53:{number:02x}" for number, name in enumerate((PC, MRI, PACS, FW, SWITCH, CORE, LOST))}


def host(ref: str, address: str | None, kind: HostClass | None = HostClass.WORKSTATION) -> Host:
    addresses = (address,) if address else None
    return Host(ref, ref[5:], kind, macs=(MACS[ref],) if ref in MACS else None, addresses=addresses)


FACTS: tuple[Any, ...] = (
    Network("10.1.0.0/24", "Postes"), Network("10.2.0.0/24"), Network("non"),
    Zone("Postes", ZoneKind.USERS, ("10.1.0.0/16", "10.1.0.0/24"), gateway="fw-1"),
    Zone("Imagerie", ZoneKind.IMAGING, ("10.2.0.0/24", "10.3.0.0/24")),
    Zone("Dehors", ZoneKind.INTERNET), Zone("Vide"),
    host(PC, "10.1.0.5"), host(MRI, "10.2.0.5", HostClass.MODALITY), host(PACS, "10.2.0.6", HostClass.SERVER),
    host(FW, "10.1.0.1", HostClass.NETWORK), host(SWITCH, "10.1.0.2", HostClass.NETWORK),
    host(CORE, None, HostClass.NETWORK), host(LOST, None, None),
    RuleBase(FW, "nftables", interfaces=(GatewayInterface("eth0", ("10.1.0.1/24",), "LAN"),
             GatewayInterface("eth1", ("10.2.0.1/24", "192.0.2.1/24"))),
             routes=(("0.0.0.0/0", "eth2"), ("10.9.0.0/16", "x"), ("10.44.0.0/16", "tun0"), ("10.45.0.0/16", "tun0"),
                     ("10.46.0.0/16", "tun0"))),
    Sighting(SWITCH, MACS[PC], Place.PORT, "Gi1/0/3"), Sighting(CORE, MACS[PC], Place.PORT, "Te1"),
    Sighting(CORE, MACS[MRI], Place.PORT, "Te2"), Sighting(CORE, MACS[PACS], Place.WIFI, "Imagerie"),
    Sighting(CORE, "02:00:00:00:00:01", Place.PORT, "Te3"), Sighting(SWITCH, MACS[SWITCH], Place.PORT, "cpu"),
    Sighting(FW, MACS[PACS], Place.ARP, "eth1", "10.2.0.6"),
    Sighting(FW, MACS[PC], Place.LEASE, "10.1.0.0/24", "10.1.0.9"),
    Sighting("host/ap-retire", MACS[LOST], Place.WIFI, "x"),
    Route(FW, "0.0.0.0/0", "10.1.0.1"), Host("host/10.2.0.9", addresses=("10.2.0.9", "198.51.100.9")),
    Neighbour(SWITCH, "Gi1/0/24", MACS[CORE], "sw-coeur", "Te1"), Neighbour(CORE, "Te1", MACS[SWITCH], None),
    Neighbour(CORE, "Te9", "inconnu", "rien"), Neighbour(CORE, "Te8", MACS[CORE]),
    Route(PC, "0.0.0.0/0", "10.1.0.1", "eth0"), Route(MRI, "default", "10.2.0.254", "eth0"),
    Route(FW, "0.0.0.0/0", "192.0.2.254", "eth2"), Route(PACS, "10.9.0.0/16", "10.2.0.1"),
    Route("host/perdu", "::/0", None, "eth0"), Route(PACS, "0.0.0.0/0", "198.51.100.1"),
    InternetAccess("Fibre", router="FW-1"), InternetAccess("4G"), Partner("Hôpital"),
    Partner("Laboratoire", networks=("10.9.0.0/16", "2001:db8:9::/48", "10.1.0.0/30")), CriticalPoint(PACS, "images"),
    Service(PACS, "tcp", 104, "acr-nema", encrypted=False), Service(PACS, "tcp", 443, "https", encrypted=True),
    Service(PACS, "tcp", 23, "", reachable=False), Service(PACS, "tcp", 9, "discard"), DicomNode(PACS, 104),
    *(Conversation("nf", *told) for told in (
        ("10.2.0.5", "10.2.0.6", "tcp", 104), ("10.1.0.5", "10.2.0.6", "tcp", 443), ("10.1.0.5", "10.2.0.6", "tcp", 80),
        ("10.1.0.5", "203.0.113.9", "tcp", 443), ("internet", "10.1.0.5", "tcp", 22),
        ("10.1.0.77", "10.1.0.5", "tcp", 1),
        ("10.1.0.5", "10.1.0.5", "tcp", 1), *(("10.1.0.5", "10.2.0.5", "udp", port) for port in range(5000, 5009)),
    )),
    Conversation("nf", "10.2.0.5", "10.1.0.5", "tcp", 445, answered=False),
    Conversation("nf", "10.1.0.5", "10.9.0.7", "tcp", 8443), Reach("10.9.3.0/24", "10.2.0.6", "tcp", 22),
    Reach("10.1.0.0/24", "10.2.0.6", "tcp", 104), Reach("internet", "10.1.0.1", "tcp", 443),
    Reach("172.16.0.0/24", "10.1.0.1", "tcp", 443), Reach("10.1.0.0/24", "10.2.0.99", "tcp", 22),
    AllowedFlow("zone/Postes", "zone/Imagerie", "tcp/104,11112"), AllowedFlow("zone/Postes", "zone/Dehors", "tcp/443"),
    AllowedFlow("zone/Postes", "zone/Disparue", "any"),
)  # fmt: skip


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return draw(of(FACTS))


def lines(drawing: Drawing, way: Way, layer: Layer = Layer.NETWORK) -> set[tuple[str, str, bool]]:
    return {(one.source, one.target, one.measured) for one in drawing.links if one.way is way and one.layer is layer}


def test_zones_hold_networks_and_networks_hold_hosts(drawing: Drawing) -> None:
    parents = {node.ref: node.parent for node in drawing.nodes}
    assert parents[PC] == USERS
    assert parents[USERS] == "zone/Postes"
    assert parents["network/10.3.0.0/24"] == "zone/Imagerie"
    assert parents["host/perdu"] == parents[CORE] == ADRIFT
    assert {node.ref for node in drawing.nodes if node.sort is Sort.EXIT} == {
        OUTSIDE, "internetaccess/Fibre", "internetaccess/4G",
    }  # fmt: skip
    assert "zone/Dehors" not in parents


def test_a_host_hangs_on_the_port_with_the_fewest_cards_and_no_switch_behind(drawing: Drawing) -> None:
    assert lines(drawing, Way.PORT) == {(PC, SWITCH, True), (MRI, CORE, True)}
    assert lines(drawing, Way.WIFI) == {(PACS, CORE, True)}
    assert lines(drawing, Way.NEIGHBOUR) == {(SWITCH, CORE, True)} or lines(drawing, Way.NEIGHBOUR) == {
        (CORE, SWITCH, True)
    }
    assert (SWITCH, USERS, True) in lines(drawing, Way.SERVES)


def test_gateways_and_exits_are_measured_where_an_instrument_says_so(drawing: Drawing) -> None:
    led = lines(drawing, Way.GATEWAY)
    assert {(FW, USERS, True), (FW, IMAGING, True), ("gateway/10.2.0.254", IMAGING, True)} <= led
    assert {one for one in led if not one[2]} == {(FW, "network/10.1.0.0/16", False)}
    assert lines(drawing, Way.EXIT) == {
        (FW, OUTSIDE, True), (FW, "internetaccess/Fibre", False), ("internetaccess/Fibre", OUTSIDE, False),
        ("internetaccess/4G", OUTSIDE, False),
    }  # fmt: skip


def test_an_access_by_which_a_gateway_that_was_read_goes_out_is_measured() -> None:
    base = next(fact for fact in FACTS if isinstance(fact, RuleBase))
    forwarding = Chain("forward", (), Hook.FORWARD, Does.DROP)
    told = draw(of([*(fact for fact in FACTS if fact is not base), replace(base, chains=(forwarding,))]))
    assert lines(told, Way.EXIT) == {
        (FW, OUTSIDE, True), (FW, "internetaccess/Fibre", True), ("internetaccess/Fibre", OUTSIDE, True),
        ("internetaccess/4G", OUTSIDE, False),
    }  # fmt: skip
    seen = {node.ref: node.measured for node in told.nodes if node.sort is Sort.EXIT}
    assert seen == {OUTSIDE: True, "internetaccess/Fibre": True, "internetaccess/4G": False}


LAB = "partner/Laboratoire"


def test_the_way_to_a_partner_is_drawn_and_a_link_that_nobody_declared_too(drawing: Drawing) -> None:
    hidden = "beyond/fw-1/tun0"
    assert lines(drawing, Way.PARTNER) == {(FW, LAB, True), (FW, hidden, True)}
    others = {node.ref: node for node in drawing.nodes if node.sort is Sort.PARTNER}
    assert (others[LAB].measured, others[LAB].declared, others[LAB].addresses[0]) == (True, True, "10.9.0.0/16")
    assert (others["partner/Hôpital"].measured, others["partner/Hôpital"].declared) == (False, True)
    assert (others[hidden].measured, others[hidden].declared) == (True, False)
    assert others[hidden].name == "10.44.0.0/16, 10.45.0.0/16 +1"
    (led,) = (one for one in drawing.links if one.way is Way.PARTNER and one.target == LAB)
    assert led.said == "10.9.0.0/16 (x)"


def test_what_is_said_to_a_partner_or_from_there_ends_at_the_partner(drawing: Drawing) -> None:
    assert (PC, LAB, True) in lines(drawing, Way.TALK, Layer.TALK)
    assert (LAB, PACS, True) in lines(drawing, Way.REACH, Layer.REACH)


def test_a_route_of_a_host_shows_the_link_of_its_router_or_its_own() -> None:
    facts = [fact for fact in FACTS if not isinstance(fact, RuleBase | Route)]
    assert lines(draw(of(facts)), Way.PARTNER) == set()
    told = [Route(PACS, "10.9.0.0/16", "10.1.0.1"), Route(PC, "10.9.1.0/24", None, "tun0"), Route(PC, "rien", None)]
    drawn = draw(of([*facts, *told, Route(MRI, "10.9.0.0/16", "10.2.0.254")]))
    assert lines(drawn, Way.PARTNER) == {(FW, LAB, True), (PC, LAB, True)}


def test_a_network_of_others_parts_nobody_and_joins_nobody() -> None:
    facts = [fact for fact in FACTS if not isinstance(fact, Sighting | Neighbour | Route)]
    tunnels = [Route(PC, "10.9.0.0/16", None, "tun0"), Route(MRI, "10.9.0.0/16", None, "tun0")]
    assert draw(of([*facts, *tunnels])).weights == draw(of(facts)).weights


def test_flows_are_told_apart_by_what_they_carry(drawing: Drawing) -> None:
    assert lines(drawing, Way.TALK, Layer.DICOM) == {(MRI, PACS, True)}
    assert lines(drawing, Way.TALK, Layer.CLEAR) == {(MRI, PACS, True), (PC, PACS, True)}
    assert (PC, OUTSIDE, True) in lines(drawing, Way.TALK, Layer.TALK)
    assert (OUTSIDE, PC, True) in lines(drawing, Way.TALK, Layer.TALK)
    assert lines(drawing, Way.REACH, Layer.REACH) >= {(USERS, PACS, True), (OUTSIDE, FW, True)}
    assert lines(drawing, Way.ALLOWED, Layer.DICOM) == {("zone/Postes", "zone/Imagerie", False)}
    assert lines(drawing, Way.ALLOWED, Layer.REACH) == {("zone/Postes", OUTSIDE, False)}
    said = {one.said for one in drawing.links if (one.source, one.target) == (PC, MRI)}
    assert said == {"udp/5000, udp/5001, udp/5002, udp/5003, udp/5004, udp/5005 +3"}


def test_what_answers_in_clear_and_what_people_call_critical_is_marked(drawing: Drawing) -> None:
    pacs = next(node for node in drawing.nodes if node.ref == PACS)
    assert pacs.clear == ("dicom 104",)
    assert (pacs.listed, pacs.host_class, pacs.measured) == ("images", HostClass.SERVER, True)


def test_the_gateway_and_the_switch_are_critical_and_no_workstation_is(drawing: Drawing) -> None:
    assert FW in drawing.weights or SWITCH in drawing.weights
    assert PC not in drawing.weights
    assert drawing == draw(of(tuple(reversed(FACTS))))


def test_without_a_second_way_a_gateway_parts_two_networks() -> None:
    facts = [fact for fact in FACTS if not isinstance(fact, Sighting | Neighbour | Route)]
    assert draw(of(facts)).weights[FW].cut == 2


def test_every_line_has_its_source_and_its_instant(drawing: Drawing) -> None:
    assert [link.ref for link in drawing.links if link.at is None] == []
    assert Link("a", "b", Layer.TALK, Way.TALK, measured=True).at is None


class Told(World):
    """A world of which people alone speak."""

    def source(self, *_told: object, **_more: object) -> Source:
        return Source("sha256:declared", AT, "declared")


def test_what_people_alone_say_is_declared() -> None:
    world = of(FACTS)
    drawn = draw(Told(world.facts, world.sweeps))
    pc = next(node for node in drawn.nodes if node.ref == PC)
    assert (pc.measured, pc.declared) == (False, True)
    small = draw(of([Network("10.1.0.0/24"), host(PC, "10.1.0.5")]))
    assert [node.ref for node in small.nodes] == [PC, USERS]
    assert (PC, USERS, False) in lines(drawn, Way.MEMBER)


def test_how_a_host_stands_is_what_the_drawing_shows() -> None:
    world = of(FACTS)
    stands = {one.host: one for one, _ in standings(world)}
    assert stands[PC].networks == (USERS,)
    assert stands[PC].zones == ("zone/Postes",)
    assert stands[PC].plugged == SWITCH
    assert (stands[PC].gateway, stands[FW].gateway, stands[LOST].gateway) == (False, True, None)
    assert stands[PC].led_at is not None
    assert replace(stands[LOST], seen_at=None) == Standing(LOST, plugged="host/ap-retire")
    unseen = {one.host: one for one, _ in standings(world, frozenset({MRI}))}
    assert (unseen[PC].networks, unseen[MRI].networks) == (None, (IMAGING,))
    told = {one.host: one for one, _ in standings(Told(world.facts, world.sweeps))}
    assert (told[PC].networks, told["host/10.2.0.9"].seen_at) == (None, None)


def _doubts(world: World, control: str) -> set[str]:
    result = judged(world, control)
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())
    return {doubt.reason for doubt in result.doubts}


OLD = AT - timedelta(days=9)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Standing(STANDING.host), "unplaced"),
        (replace(STANDING, seen_at=OLD), "placed_long_ago"),
        (replace(STANDING, networks=None), "address_unknown"),
        (replace(STANDING, led_at=None), "no_gateway_seen"),
        (replace(STANDING, led_at=OLD), "led_long_ago"),
        (replace(STANDING, zones=("zone/A", "zone/B"), gateway=None), "perhaps_astride"),
    ],
)
def test_a_hole_in_the_drawing_is_a_doubt(told: Standing, code: str) -> None:
    assert code in _doubts(HEALTHY.with_(told), "R1.4")


def test_a_declared_gateway_may_stand_in_several_zones() -> None:
    world = HEALTHY.with_(replace(STANDING, zones=("zone/A", "zone/B"), gateway=True))
    assert judged(world, "R1.4").verdict is Verdict.PASSED


def _without(*kinds: type[Any]) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if not isinstance(fact, kinds)))


def test_what_is_not_known_of_the_copy_or_the_console_is_a_doubt() -> None:
    seat = HEALTHY.seen(ConsoleSeat).facts[0]
    assert "never_sealed" in _doubts(_without(SealedCopy), "R1.8")
    assert "seat_unknown" in _doubts(_without(ConsoleSeat), "R1.8")
    assert "nothing_mapped" in _doubts(_without(Network), "R1.8")
    assert "seat_unknown" in _doubts(HEALTHY.with_(replace(seat, addresses=None)), "R1.8")
    assert "seat_seen_long_ago" in _doubts(HEALTHY.but(seen_at=OLD), "R1.8")
    assert "others_unknown" in _doubts(HEALTHY.with_(replace(STANDING, addresses=None)), "R1.8")


def test_a_console_without_a_network_stands_on_none() -> None:
    seat = replace(HEALTHY.seen(ConsoleSeat).facts[0], addresses=())
    assert judged(HEALTHY.with_(seat), "R1.8").verdict is Verdict.PASSED
    assert list(apart(of([seat, Sweep("Host")]).seen(ConsoleSeat), HEALTHY.seen(Network), HEALTHY.seen(Standing))) == []


def test_what_is_no_address_stands_nowhere() -> None:
    ground = Ground((Network("10.0.0.0/24"), Network("2001:db8::/64")), ())
    assert (address_of("rien"), network_of("rien"), ground.net("rien")) == (None, None, None)
    assert ground.net("2001:db8::5") == network_of("2001:db8::/64")
    assert (ground.net("10.0.1.1"), ground.holder("network/rien")) == (None, None)
    assert stands_among(("rien", "10.0.0.9/24", "fd00::1/64"), ("fd00::/48", "rien"), ("10.0.0.1", "rien")) == (
        "10.0.0.0/24", "fd00::/64",
    )  # fmt: skip


def test_a_switch_that_was_read_by_snmp_draws_itself() -> None:
    data = (Path(__file__).parents[2] / "captures" / "snmp" / "switch-2c.jsonl").read_bytes()
    told = [item for item in read_snmp(BytesIO(data)) if not isinstance(item, Gap)]
    cards = dict.fromkeys(item.mac for item in told if isinstance(item, Sighting))
    (switch,) = [item.ref for item in told if isinstance(item, Host)]
    found = draw(of([*told, *(Host(f"host/poste-{n}", macs=(mac,)) for n, mac in enumerate(cards))]))
    assert {one[1] for one in lines(found, Way.PORT)} == {switch}
    assert found.weights[switch].cut == len(cards) - 1
