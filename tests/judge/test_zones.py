"""Zones as a partition of the addresses, gateways one after another, ways out, and the matrix of all that."""

from dataclasses import replace
from datetime import date

import pytest

from negatoscope.judge.boundaries import drawn, holds
from negatoscope.judge.crossings import Crossing, crossings, said
from negatoscope.judge.exits import Traces, Way, exits, key, link_local, links
from negatoscope.judge.matrix import State, Traffic, matrix, one_service, within
from negatoscope.judge.segmentation.evaluate import Passage
from negatoscope.judge.segmentation.services import Services
from negatoscope.judge.zones import OUTSIDE, Policy, Zoning, services, standings
from negatoscope.model.gateways import Chain, Does, GatewayInterface, Hook, RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.switching import SwitchPort
from negatoscope.model.traffic import INTERNET, Conversation, Reach, Route, Vantage
from negatoscope.model.verdict import Verdict
from negatoscope.model.zones import AllowedFlow, InternetAccess, Partner, Zone, ZoneKind
from tests.judge.cases.healthy.gateways import BASE
from tests.judge.cases.healthy.gateways import DEVICE as FIREWALL
from tests.judge.cases.healthy.touched import FIBRE
from tests.judge.cases.healthy.zones import ADMINISTRATION, IMAGES, IMAGING, USERS, line, with_lines
from tests.judge.cases.world import HEALTHY
from tests.judge.cases.zones import forwarded
from tests.judge.memory import judged

DAY = date(2026, 11, 21)
WIDE = Zone("Tout", ZoneKind.USERS, ("10.0.0.0/8", "fd00::/48"))
INNER = Zone("Coffre", ZoneKind.SERVERS, ("10.5.0.0/24",))


def test_the_narrowest_network_decides() -> None:
    zoning = Zoning((WIDE, INNER))
    assert zoning.own("10.5.0.9") == INNER
    assert zoning.own("10.6.0.9") == WIDE
    assert zoning.own("fd00::9") == WIDE
    assert zoning.own("fe80::9%eth0") is None
    assert zoning.own("pas une adresse") is None
    assert "10.5.0.0/24" not in zoning.networks(WIDE)
    assert zoning.networks(INNER) == ("10.5.0.0/24",)
    assert all(not holds((one,), "10.5.0.9") for one in zoning.networks(WIDE))
    assert zoning.holding("10.5.0.0/25") == INNER
    assert zoning.holding("10.4.0.0/15") is None
    assert zoning.holding("x") is None
    assert zoning.named("zone/Nulle part") is None


def test_what_two_zones_claim_is_in_neither() -> None:
    other = replace(INNER, name="Autre")
    zoning = Zoning((INNER, other))
    assert zoning.own("10.5.0.9") is None
    assert zoning.of("10.5.0.9") is None
    assert zoning.holding("10.5.0.0/24") is None
    assert [(one.one.name, one.other.name, one.network) for one in zoning.overlaps] == [
        ("Autre", "Coffre", "10.5.0.0/24")
    ]
    assert {doubt.reason for doubt in drawn((INNER, other), zoning)} == {"zones_overlap"}


def test_outside_is_what_nobody_holds_and_is_not_private() -> None:
    zoning = Zoning((INNER,))
    assert zoning.outside is OUTSIDE
    assert {zoning.of(one) for one in (INTERNET, "93.184.216.34", "2a00::1")} == {OUTSIDE}
    assert {zoning.of(one) for one in ("192.168.1.1", "fd00::1", "?")} == {None}
    assert zoning.holding(INTERNET) is OUTSIDE
    assert zoning.named("zone/Internet") is OUTSIDE
    line_of = Zone("Fibre", ZoneKind.INTERNET, ("10.5.0.0/25",))
    zoning = Zoning((INNER, line_of))
    assert zoning.own("10.5.0.9") == line_of
    assert zoning.named(line_of.ref) == line_of
    assert holds(zoning.networks(line_of), "10.5.0.9")
    assert not holds(zoning.networks(line_of), "10.5.0.200")


def test_hosts_stand_where_their_addresses_are() -> None:
    host = Host("host/a", addresses=("10.5.0.9", "192.168.9.9"))
    card = Interface(host.ref, "lo", None, ("127.0.0.1/8", "fe80::1/64", "10.6.0.1/24", "?"))
    standing = standings(Zoning((WIDE, INNER)), (host,), (card,))[host.ref]
    assert {zone.name for zone in standing.zones} == {"Coffre", "Tout"}
    assert standing.nowhere == ("192.168.9.9",)


def test_a_flow_holds_between_its_days() -> None:
    flow = AllowedFlow(WIDE.ref, INNER.ref, "tcp/443", None, DAY, DAY)
    late, early = (
        replace(flow, service="tcp/80", until=date(2026, 1, 1)),
        replace(flow, service="tcp/81", starts_on=date(2027, 1, 1)),
    )
    lost, unread = replace(flow, target="zone/x"), replace(flow, service="dicom")
    policy = Policy(Zoning((WIDE, INNER)), (flow, late, early, lost, unread), DAY)
    assert policy.allowed(WIDE, INNER).texts() == ("tcp/443",)
    assert policy.unread == [lost, unread]
    assert not policy.allowed(INNER, WIDE)
    assert services(unread) is None


TRANSIT = GatewayInterface("transit", ("10.250.0.1/30",))
FAR = RuleBase(
    "host/fw-2",
    "nftables",
    (
        Chain(
            "forward",
            (line("images", source="10.77.0.0/24", target="10.90.0.0/24", ports=(104, 22)),),
            Hook.FORWARD,
            Does.DROP,
        ),
    ),
    (),
    (replace(TRANSIT, addresses=("10.250.0.2/30",)), GatewayInterface("far", ("10.90.0.1/24",))),
    (("10.77.0.0/24", "transit"), ("0.0.0.0/0", "transit")),
)
NEAR = RuleBase(
    "host/fw-3",
    "nftables",
    (
        Chain(
            "forward",
            (line("vers", source="10.77.0.0/24", target="10.90.0.0/24", ports=(104, 443)),),
            Hook.FORWARD,
            Does.DROP,
        ),
    ),
    (),
    (TRANSIT, GatewayInterface("lan", ("10.77.0.1/24",))),
    (("10.90.0.0/24", "transit"), ("0.0.0.0/0", "transit")),
)
ARCHIVE = Zone("Archives", ZoneKind.SERVERS, ("10.90.0.0/24",))


def test_two_gateways_one_after_another_let_pass_what_both_do() -> None:
    crossed = crossings((USERS, ARCHIVE), (NEAR, FAR))
    assert [(one.gateway, one.services, one.line) for one in crossed.between(USERS, ARCHIVE)] == [
        (NEAR.host, "tcp/104", "vers")
    ]
    assert crossed is crossings((USERS, ARCHIVE), (NEAR, FAR))


def test_what_only_one_of_two_gateways_lets_pass_does_not() -> None:
    web = line("sites", source="10.77.0.0/24", target="10.90.0.0/24", ports=(22,))
    far = replace(FAR, chains=(Chain("forward", (web,), Hook.FORWARD, Does.DROP),))
    assert crossings((USERS, ARCHIVE), (NEAR, far)).between(USERS, ARCHIVE) == ()


def test_what_port_forwarding_lets_in_is_told_by_its_line() -> None:
    crossed = crossings((USERS, IMAGING), (forwarded(3389, "10.78.0.6"),))
    assert "vers 10.78.0.6" in {one.line for one in crossed.between(crossed.zoning.outside, IMAGING)}


def test_what_goes_where_nobody_read_is_not_certain() -> None:
    crossed = crossings((USERS, ARCHIVE), (NEAR,))
    assert crossed.bare(ARCHIVE) == ("10.90.0.0/24",)
    assert not any(one.passage.certain for one in crossed.between(USERS, ARCHIVE))
    alone = replace(NEAR, interfaces=(GatewayInterface("lan", ("10.77.0.9/24",)),), routes=(("0.0.0.0/0", "lan"),))
    nobody = crossings((USERS,), (alone, replace(BASE, chains=None)))
    assert nobody.beside(USERS) == ()
    assert nobody.bare(nobody.zoning.outside) == ("0.0.0.0/0",)


def test_services_are_told_by_their_first_few() -> None:
    assert said(Services(rest=True)) == "any"
    assert said(Services(rest=True).minus(Services.of("tcp/25"))) == "almost_any"
    assert said(Services.of("tcp/1", "udp/2", "icmp", "gre", "esp")).endswith("more")
    assert Crossing("host/x", Passage((), (), Services(), (), certain=True)).line == "?"
    assert within(Services.of("icmp"), "icmp", 0)
    assert one_service("gre", 0).texts() == ("gre",)


MODEM = Interface("host/pc", "wwan0", None, ("100.64.3.3/32",))


def test_each_way_out_is_found_once_and_given_its_access() -> None:
    pc, box = (
        Host("host/pc", addresses=("10.77.0.9",)),
        Host("host/box", "box-1.lan", addresses=("10.77.0.254",), macs=("8c:04:ba:4d:10:aa",)),
    )
    router = Route(pc.ref, "0.0.0.0/0", "10.77.0.254", "eth0")
    near = Route(pc.ref, "::/0", str(link_local("8c:04:ba:4d:10:aa")), "eth0")
    told = Traces((pc, box), (MODEM,), (router, near), (), (), (InternetAccess("Fibre", router="box-1"),))
    found = exits(told)
    assert {(one.way, one.access.name if one.access else None) for one in found.told} >= {
        (Way.ROUTER, "Fibre"),
        (Way.MODEM, None),
    }
    assert [one.way for one in found.undeclared if one.way is Way.MODEM] == [Way.MODEM]
    assert not found.nameless


def test_a_router_that_only_its_link_knows_is_named_by_nobody() -> None:
    lost = Route("host/pc", "::/0", "fe80::77", "eth0")
    straight = Route("host/pc2", "0.0.0.0/0", None, "eth0")
    found = exits(
        Traces((), (), (lost, straight), (), (Zone("x", gateway="10.0.0.1"),), (InternetAccess("Box", router="b"),))
    )
    assert found.nameless == [lost, straight]
    assert [one.name for one in found.unseen] == ["Box"]
    assert found.told == []
    assert link_local("?") is None
    assert key("FD00::0:1%eth0") == "fd00::1"


def test_a_router_told_by_its_name_is_a_way_out() -> None:
    named = Route("host/pc", "0.0.0.0/0", "Routeur.lan", "eth0")
    found = exits(Traces(routes=(named,)))
    assert [(one.way, one.label) for one in found.told] == [(Way.ROUTER, "routeur.lan")]
    assert not found.nameless


def test_a_router_between_is_no_way_out() -> None:
    core = Host("host/core", addresses=("10.77.0.2",))
    routes = (Route("host/pc", "0.0.0.0/0", "10.77.0.2"), Route(core.ref, "0.0.0.0/0", "10.78.0.1"))
    found = exits(Traces((core,), (), routes, (BASE,)))
    assert [(one.way, one.users) for one in found.told] == [(Way.GATEWAY, (core.ref,))]


def test_the_router_before_a_read_gateway_is_no_second_way_out() -> None:
    found = exits(Traces((), (), (Route(BASE.host, "0.0.0.0/0", "198.51.100.1", "wan"),), (BASE,)))
    assert [(one.way, one.via) for one in found.told] == [(Way.GATEWAY, "198.51.100.1")]


def test_links_are_known_by_the_networks_behind_them() -> None:
    hospital = Partner("Hôpital", networks=("172.20.0.0/16",))
    base = replace(
        BASE, routes=(*(BASE.routes or ()), ("10.77.0.0/24", "lan"), ("172.31.0.0/24", "wan"), ("fe80::/64", "lan"))
    )
    told = links((base,), ("10.77.0.0/24",), (hospital,))
    assert [(one.network, one.partner and one.partner.name) for one in told] == [
        ("172.20.0.0/16", "Hôpital"),
        ("172.31.0.0/24", None),
    ]


OPEN = with_lines(line("tout", source="10.77.0.0/24", target="10.78.0.0/24", ports=(104, 2762)))
ANSWER = Traffic(reached=(Reach("10.77.0.0/24", "10.78.0.4", "tcp", 23),))
KNOCK = Conversation("x", "10.77.0.4", "10.78.0.4", "tcp", 23)
TALK = Traffic(seen=(replace(KNOCK, answered=True),))
TRIED = Traffic(looks=(Vantage("10.77.0.0/24", "10.78.0.0/24"),))
WANTED = Traffic(
    reached=(Reach("10.77.0.0/24", "10.78.0.4", "tcp", 104),), seen=(replace(KNOCK, port=2762, answered=True),)
)
AMONG_THEMSELVES = Traffic(
    looks=(Vantage("10.77.0.0/24", "10.77.0.0/24"), Vantage("192.168.7.0/24", "10.78.0.0/24")),
    reached=(Reach("10.77.0.0/24", "10.77.0.9", "tcp", 23), Reach("192.168.7.0/24", "10.78.0.4", "tcp", 23)),
)
ENDED = replace(IMAGES, until=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("bases", "flows", "traffic", "state"),
    [
        ((), (), Traffic(), State.UNKNOWN),
        ((BASE,), (IMAGES,), Traffic(), State.BLOCKED),
        ((OPEN,), (IMAGES,), Traffic(), State.READ),
        ((OPEN,), (IMAGES,), TRIED, State.AGREES),
        ((BASE,), (), Traffic(), State.BEYOND),
        ((), (IMAGES,), ANSWER, State.BEYOND),
        ((), (IMAGES,), TALK, State.BEYOND),
        ((BASE,), (), TALK, State.BEYOND),
        ((), (IMAGES,), Traffic(seen=(KNOCK,)), State.UNKNOWN),
        ((OPEN,), (IMAGES,), WANTED, State.READ),
        ((OPEN,), (IMAGES,), AMONG_THEMSELVES, State.READ),
        ((), (ENDED,), TRIED, State.UNKNOWN),
    ],
)
def test_a_cell_tells_its_worst(
    bases: tuple[RuleBase, ...], flows: tuple[AllowedFlow, ...], traffic: Traffic, state: State
) -> None:
    laid = matrix(crossings((USERS, IMAGING, ADMINISTRATION), bases), flows, traffic, DAY)
    cell = laid.cell(USERS.ref, IMAGING.ref)
    assert cell is not None
    assert cell.state is state, cell.tells
    assert laid.row(USERS)[-1].state is State.WITHIN
    assert cell.passes.minus(cell.perhaps).texts() == ()
    assert laid.cell("zone/x", "zone/y") is None


def test_a_zone_s_gateway_of_which_no_route_was_read_may_itself_be_a_way_out() -> None:
    """Its ports are read, no line of it is: that it only stands between is nobody's observation."""
    gone = (BASE, FIBRE)
    port = SwitchPort(FIREWALL.ref, "wan", 1, None, True, True, 10, (), False, 1)  # noqa: FBT003 -- as the fields go
    world = HEALTHY.but(facts=(*(fact for fact in HEALTHY.facts if fact not in gone), port))
    result = judged(world, "R4.1")
    assert (result.verdict, result.findings) == (Verdict.UNPROVEN, ())
    assert (FIREWALL.ref, "gateway_unread") in {(doubt.subject, doubt.reason) for doubt in result.doubts}
    named = judged(world.with_(replace(FIBRE, router="fw-1")), "R4.1")
    assert (named.verdict, named.doubts) == (Verdict.PASSED, ())
