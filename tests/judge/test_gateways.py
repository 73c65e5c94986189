from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from negatoscope.judge.exits import Names
from negatoscope.judge.gateways import Told, gateways, stale
from negatoscope.model.evidence import Gap, Seen, Source, Sweep
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.traffic import Route
from negatoscope.model.zones import InternetAccess, Zone
from tests.judge.cases.healthy.gateways import BASE, DEVICE
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, judged

PC = Host("host/pc", addresses=("10.77.0.9", "fd00::9%eth0"))
BOX = Host("host/box", "box-1", addresses=("198.51.100.1",))
OTHER = Host("host/fw-2", "fw-2", addresses=("10.200.0.1",))


def test_the_next_router_of_a_default_route_is_a_gateway() -> None:
    routes = [Route(PC.ref, "0.0.0.0/0", "10.77.0.1"), Route(PC.ref, "10.9.0.0/16", "10.77.0.254"),
              Route(PC.ref, "::/0", None, "eth0"), Route(PC.ref, "0.0.0.0/0", "10.200.0.1")]  # fmt: skip
    known = gateways(Told([BASE], [DEVICE, PC, OTHER], routes))
    assert dict(known.read) == {DEVICE.ref: BASE}
    assert dict(known.unread) == {"host/fw-2": "10.200.0.1"}
    assert [(doubt.subject, doubt.reason) for doubt in known.doubts()] == [("host/fw-2", "gateway_unread")]


def test_names_that_people_give_are_resolved_and_the_box_before_a_read_gateway_counts() -> None:
    zones = [
        Zone("Postes", gateway="FW-1"),
        Zone("Serveurs", gateway="10.78.0.1"),
        Zone("Libre"),
        Zone("X", gateway="fw-9"),
    ]
    accesses = [InternetAccess("Fibre", router="box-1"), InternetAccess("4G", router="modem"), InternetAccess("Rien")]
    ways = [Route(DEVICE.ref, "0.0.0.0/0", "198.51.100.1")]
    known = gateways(Told([BASE], [DEVICE, BOX], ways, zones, accesses))
    assert dict(known.unread) == {"gateway/fw-9": "fw-9", "gateway/modem": "modem"}


def test_nobody_knows_of_a_gateway() -> None:
    hosts_own = RuleBase(PC.ref, "nftables", (), ())
    assert [doubt.reason for doubt in gateways(Told([hosts_own], [PC])).doubts()] == ["no_gateway_known"]
    assert dict(gateways(Told([replace(BASE, chains=None)])).unread) == {DEVICE.ref: "fw-1"}


def test_an_old_reading_is_a_doubt() -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    seen = Seen((BASE,), {BASE.ref: (Source("sha256:0", now, "ssh"),)})
    assert not list(stale(seen, BASE, now))
    assert [doubt.reason for doubt in stale(seen, BASE, now.replace(year=2027))] == ["stale"]
    assert [doubt.reason for doubt in stale(Seen((BASE,)), BASE, now)] == ["not_observed"]


@pytest.mark.parametrize("control", ["R31.1", "R31.2", "R31.3"])
def test_a_way_in_that_could_not_be_read_outlives_an_earlier_look(control: str) -> None:
    gap = Gap("RemoteAccess", "tunnels_unread", "host/fw-1", {"names": "L2TP"})
    (doubt,) = judged(HEALTHY.but(gaps=(gap,)), control).doubts
    assert (doubt.subject, doubt.reason, doubt.values["names"]) == ("host/fw-1", "gap", "L2TP")


WAYS_IN = Sweep("RemoteAccess", "host/fw-1")


@pytest.mark.parametrize("control", ["R31.1", "R31.2", "R31.3"])
def test_a_gateway_whose_ways_in_nobody_looked_for_proves_nothing(control: str) -> None:
    unlooked = HEALTHY.but(sweeps=tuple(one for one in HEALTHY.sweeps if one != WAYS_IN))
    assert [doubt.reason for doubt in judged(unlooked, control).doubts if doubt.subject == "host/fw-1"] == [
        "not_observed"
    ]


@pytest.mark.parametrize("control", ["R31.1", "R31.2", "R31.3"])
def test_a_look_for_ways_in_does_not_stand_for_ever(control: str) -> None:
    long_ago = AT - timedelta(days=32)
    doubts = judged(HEALTHY.but(swept_at={WAYS_IN: long_ago}), control).doubts
    assert [(doubt.reason, doubt.values["on"]) for doubt in doubts] == [("stale", f"{long_ago:%Y-%m-%d}")]


def test_a_router_is_known_by_the_name_that_people_write() -> None:
    host = Host("host/box", hostname="pare-feu-elysee", addresses=("10.77.0.1",))
    assert Names([host]).ref("Pare-Feu-Élysée") == "host/box"
