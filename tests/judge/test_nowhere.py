"""What stands in no zone, at an address of two hosts, or on a port that nobody foresaw, clears nobody."""

from dataclasses import replace

import pytest

from negatoscope.model.gateways import Addresses, Does, FilterRule, GatewayInterface, Match, Rewrites, Translation
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import ControlResult
from negatoscope.model.traffic import Reach
from negatoscope.model.verdict import Verdict
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.gateways import BASE, gateway
from tests.judge.cases.healthy.imaging import NODE
from tests.judge.cases.healthy.talks import OUT, between
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import judged

NOWHERE = "10.99.0.0/24"


def doubted(result: ControlResult) -> set[str]:
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())
    return {doubt.reason for doubt in result.doubts}


def test_a_computer_whose_way_out_nobody_read_is_in_doubt() -> None:
    told = judged(HEALTHY.with_(Host("host/nouveau", host_class=HostClass.WORKSTATION)), "R4.1")
    assert ("host/nouveau", "way_out_unread") in {(doubt.subject, doubt.reason) for doubt in told.doubts}
    told = judged(HEALTHY.with_(Host("host/borne", host_class=HostClass.NETWORK)), "R4.1")
    assert ("host/borne", "device_unread") in {(doubt.subject, doubt.reason) for doubt in told.doubts}


@pytest.mark.parametrize("control", ["R4.2", "R21.3", "R24.1", "R29.2"])
@pytest.mark.parametrize("address", ["10.99.0.1/24", "fd99::1/64"])
def test_a_network_of_a_gateway_that_no_zone_holds_is_in_doubt(control: str, address: str) -> None:
    wider = replace(BASE, interfaces=(*(BASE.interfaces or ()), GatewayInterface("wg0", (address,))))
    assert doubted(judged(HEALTHY.with_(wider), control)) == {"leg_in_no_zone"}


@pytest.mark.parametrize("address", ["10.77.0.130/25", "198.51.100.77/29", "fe80::1/64", "10.99.0.1/32"])
def test_a_leg_in_a_zone_outside_or_of_nobody_else_is_none(address: str) -> None:
    wider = replace(BASE, interfaces=(*(BASE.interfaces or ()), GatewayInterface("more", (address,))))
    assert judged(HEALTHY.with_(wider), "R29.2").verdict is Verdict.PASSED


@pytest.mark.parametrize("control", ["R21.3", "R24.1"])
def test_what_answers_where_no_zone_is_may_be_inside(control: str) -> None:
    met = Reach("10.80.0.0/24", "10.99.0.7", "tcp", 445, "microsoft-ds", administers=False)
    assert doubted(judged(HEALTHY.with_(met), control)) == {"target_in_no_zone"}


def test_a_device_that_answers_a_network_in_no_zone_may_be_administered_from_there() -> None:
    met = Reach(NOWHERE, "10.79.0.2", "tcp", 22, "ssh", administers=True)
    assert doubted(judged(HEALTHY.with_(met), "R29.2")) == {"answers_nobody_knows_where"}
    assert judged(HEALTHY.with_(replace(met, administers=False)), "R29.2").verdict is Verdict.PASSED


@pytest.mark.parametrize("target", ["10.78.0.200", "fd00:78::200", "10.77.0.9"])
def test_a_page_in_clear_at_an_address_inside_is_no_page_outside(target: str) -> None:
    twin = Host("host/second", addresses=("10.77.0.9",))
    result = judged(HEALTHY.with_(twin, between("10.77.0.5", target, 80)), "R23.3")
    assert "exchanged_perhaps" in {doubt.reason for doubt in result.doubts}


@pytest.mark.parametrize("target", ["93.184.216.34", "internet"])
def test_a_page_in_clear_outside_is_left_out(target: str) -> None:
    assert judged(HEALTHY.with_(between("10.77.0.5", target, 80)), "R23.3").verdict is Verdict.PASSED


def test_a_public_address_beside_our_own_hosts_is_inside() -> None:
    own = replace(
        next(host for host in HEALTHY.seen(Host).facts if host.ref == DESK), addresses=("10.77.0.5", "2a01:e0a:1::5")
    )
    result = judged(HEALTHY.with_(own, between("10.77.0.5", "2a01:e0a:1::80", 80)), "R23.3")
    assert "exchanged_perhaps" in {doubt.reason for doubt in result.doubts}


def test_a_relay_reached_from_an_address_of_two_hosts_is_a_doubt_on_both() -> None:
    desk = next(host for host in HEALTHY.seen(Host).facts if host.ref == DESK)
    assert desk.addresses
    twin = Host("host/second", addresses=desk.addresses, host_class=desk.host_class)
    result = judged(HEALTHY.with_(twin, replace(OUT, source=str(desk.addresses[0]), port=5938)), "R18.3")
    assert result.verdict is Verdict.UNPROVEN
    told = {doubt.subject for doubt in result.doubts if doubt.reason == "relay_of_one_of_them"}
    assert told == {DESK, "host/second"}


@pytest.mark.parametrize(("port", "expected"), [(1194, {"way_in_unread"}), (443, set())])
def test_a_tunnel_led_to_a_server_that_nobody_read_is_a_doubt(port: int, expected: set[str]) -> None:
    match = Match(protocols=("udp",), target_ports=((port, port),), entering=("wan",))
    passing = FilterRule("tunnel", replace(match, targets=Addresses(("10.78.0.8",))), Does.ACCEPT)
    led = replace(gateway(passing), translations=(Translation("vers", match, Rewrites.TARGET, "10.78.0.8"),))
    world = HEALTHY.with_(led)
    assert not {one.reason for one in judged(world, "R31.1").doubts}
    dark = world.but(sweeps=tuple(s for s in world.sweeps if (s.kind, s.host) != ("RemoteAccess", "host/nas")))
    assert {one.reason for one in judged(dark, "R31.1").doubts} == expected


@pytest.mark.parametrize("control", ["R21.3", "R24.1", "R24.2", "R25.2", "R31.1"])
def test_the_rules_of_another_device_prove_nothing_of_this_one(control: str) -> None:
    (gate,) = (host for host in HEALTHY.seen(Host).facts if host.ref == BASE.host)
    moved = judged(HEALTHY.with_(replace(gate, addresses=("10.99.0.1",))), control)
    assert "rules_of_another" in {doubt.reason for doubt in moved.doubts}
    assert moved.verdict is Verdict.UNPROVEN
    assert judged(HEALTHY.with_(replace(gate, addresses=("10.77.0.1",))), control).verdict is Verdict.PASSED


def test_a_node_that_answers_anyone_is_found_on_whatever_port() -> None:
    result = judged(HEALTHY.with_(replace(NODE, port=5678, any_calling=True)), "R12.5")
    assert [(one.subject, one.reason) for one in result.findings] == [
        (f"service/{NODE.host.removeprefix('host/')}/tcp/5678", "answers_anyone")
    ]
