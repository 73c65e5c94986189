"""What may pass, may answer or was tried without a clear answer is a doubt: neither a fault nor a proof."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.judge.boundaries import old
from negatoscope.judge.factory import Tried, keep_none
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.defaults import LEFT_ALONE, UNRECOGNISED, FactoryLogin
from negatoscope.model.evidence import Seen, Source
from negatoscope.model.gateways import FilterRule, RuleBase
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.imaging import DicomNode
from negatoscope.model.judgement import Doubt
from negatoscope.model.networks import Service
from negatoscope.model.switching import Place, Sighting
from negatoscope.model.traffic import INTERNET, Conversation, Reach, Vantage
from negatoscope.model.verdict import Verdict
from negatoscope.model.zones import AllowedFlow
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.gateways import BASE
from tests.judge.cases.healthy.gateways import DEVICE as FIREWALL
from tests.judge.cases.healthy.touched import COPIER, NAS_LOGIN, SWITCH_LOGIN
from tests.judge.cases.healthy.walls import SWITCH
from tests.judge.cases.healthy.zones import ADMINISTRATION, IMAGING, USERS, line, with_lines
from tests.judge.cases.world import HEALTHY
from tests.judge.cases.zones import moved
from tests.judge.memory import AT, World, aged, judged

OTHER_LEG = "10.79.0.60"
NAS_WEB = "service/nas/tcp/443"
LOOKED = Reach("10.77.0.0/24", "10.79.0.2", "tcp", 443, "https")


def perhaps(rule: FilterRule) -> RuleBase:
    """The healthy gateway, with a line whose condition nobody could read."""
    return with_lines(replace(rule, match=replace(rule.match, unread="meta hour")))


def reasons(world: World, control: str) -> set[tuple[str, str]]:
    result = judged(world, control)
    assert not result.findings
    return {(doubt.subject, doubt.reason) for doubt in result.doubts}


def test_a_line_that_nobody_could_read_may_pass() -> None:
    base = perhaps(line("nuit", source="10.77.0.0/24", target="10.78.0.0/24", ports=(3389,)))
    assert reasons(HEALTHY.with_(base), "R21.3") == {(base.host, "may_pass")}


def test_a_gateway_read_long_ago_proves_nothing_today() -> None:
    seen = Seen((BASE,), {BASE.ref: (Source("sha256:0", AT - timedelta(days=32), "ssh"),)})
    assert [(doubt.reason, doubt.values["on"]) for doubt in old(seen, AT)] == [("rules_old", "2026-10-20")]
    assert not list(old(seen, AT - timedelta(days=1)))


def test_a_host_that_only_an_unread_line_lets_out_may_go_out() -> None:
    base = perhaps(line("nuit", source="10.79.0.0/24", target=None, ports=(443,)))
    assert reasons(moved(DESK, OTHER_LEG).with_(base), "R4.2") == {(DESK, "may_go_out")}


def test_a_host_that_gateways_refuse_and_nothing_shows_outside_stays_inside() -> None:
    assert judged(moved(DESK, OTHER_LEG), "R4.2").verdict is Verdict.PASSED


def test_in_a_zone_wider_than_its_gateway_s_leg_nobody_knows_how_the_rest_goes_out() -> None:
    wide = replace(ADMINISTRATION, networks=("10.79.0.0/16",))
    assert judged(moved(DESK, OTHER_LEG).with_(wide), "R4.2").verdict is Verdict.PASSED
    beyond = moved(DESK, "10.79.9.60").with_(wide)
    assert reasons(beyond, "R4.2") == {(DESK, "way_out_unread")}
    routed = replace(BASE, routes=(*(BASE.routes or ()), ("10.79.9.0/24", (BASE.interfaces or ())[0].name)))
    assert judged(beyond.with_(routed), "R4.2").verdict is not Verdict.UNPROVEN


def test_a_page_that_does_not_say_what_it_is_may_administer() -> None:
    assert reasons(HEALTHY.with_(LOOKED), "R29.2") == {(SWITCH.ref, "answers_perhaps")}


def test_a_console_behind_an_unread_line_is_perhaps_reached() -> None:
    base = perhaps(line("nuit", source="10.77.0.0/24", target="10.79.0.2", ports=(22,)))
    assert reasons(HEALTHY.with_(base), "R29.2") == {(SWITCH.ref, "perhaps_elsewhere")}


@pytest.mark.parametrize(
    "fact",
    [
        replace(LOOKED, administers=False),
        line("images", source="10.77.0.0/24", target="10.79.0.2", ports=(104,)),
    ],
)
def test_what_does_not_administer_may_answer_other_zones(fact: Reach | FilterRule) -> None:
    told = with_lines(fact) if isinstance(fact, FilterRule) else fact
    assert judged(HEALTHY.with_(told), "R29.2").verdict is Verdict.PASSED


@pytest.mark.parametrize(("pair", "reason"), [(UNRECOGNISED, "login_unrecognised"), (LEFT_ALONE, "login_left_alone")])
def test_a_log_in_that_nobody_recognised_or_dared_was_not_tried(pair: str, reason: str) -> None:
    unknown = replace(NAS_LOGIN, pair=pair, works=None)
    world = HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if fact != NAS_LOGIN)).with_(unknown)
    assert {told for _, told in reasons(world, "R12.2")} == {reason}


@pytest.mark.parametrize(("days", "told"), [(-1, []), (1, [Doubt(NAS_WEB, "login_unrecognised")])])
def test_a_product_that_was_told_since_is_no_longer_unrecognised(days: int, told: list[Doubt]) -> None:
    names = (replace(NAS_LOGIN, pair=UNRECOGNISED, works=None), NAS_LOGIN)
    at = (AT + timedelta(days=days), AT)
    seen = Seen(names, {one.ref: (Source("sha256:0", when, "defaults"),) for one, when in zip(names, at, strict=True)})
    (nas,) = [fact for fact in HEALTHY.facts if isinstance(fact, Host) and fact.ref == NAS_LOGIN.host]
    services = [fact for fact in HEALTHY.facts if isinstance(fact, Service) and fact.ref == NAS_WEB]
    assert list(keep_none(Seen((nas,)), services, Tried(seen), AT)) == told


def test_a_trial_of_log_ins_does_not_stand_for_ever() -> None:
    long_ago = HEALTHY.but(seen_at=AT - timedelta(days=32))
    assert (NAS_WEB, "tried_long_ago") in reasons(long_ago, "R12.2")


def test_a_fresh_trial_of_one_pair_says_nothing_of_the_others() -> None:
    other = replace(NAS_LOGIN, pair="dcm4chee")
    world = aged(HEALTHY.with_(other), FactoryLogin, other.ref)
    assert reasons(world, "R12.2") == {(NAS_WEB, "tried_long_ago")}


def test_an_agent_that_refused_long_ago_may_answer_today() -> None:
    facts = tuple(fact for fact in HEALTHY.facts if fact != SWITCH_LOGIN)
    refusing = ClearAnswer(SWITCH.ref, 161, "snmp", answers=False, published=False)
    world = HEALTHY.but(facts=facts).with_(refusing)
    assert not reasons(world, "R12.1")
    assert reasons(aged(world, ClearAnswer, refusing.ref), "R12.1") == {(SWITCH.ref, "tried_long_ago")}


def test_a_console_on_which_images_are_read_belongs_among_imaging() -> None:
    """Rule 21 asks a network apart for the workstations, too, that hold what matters."""
    inside = moved(DESK, "10.78.0.60")
    assert reasons(inside, "R21.2") == {(DESK, "desk_or_console")}
    assert judged(inside.with_(DicomNode(DESK, 11112)), "R21.2").verdict is Verdict.PASSED
    (desk,) = (host for host in inside.seen(Host).facts if host.ref == DESK)
    assert judged(inside.with_(replace(desk, ae_titles=("LECTURE1",))), "R21.2").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("control", "reach"),
    [
        ("R21.3", Reach("10.77.0.0/24", "10.78.0.41", "tcp", 23, "telnet")),
        ("R24.1", Reach(INTERNET, "10.77.0.6", "tcp", 445)),
        ("R29.2", Reach("10.77.0.0/24", "10.79.0.2", "tcp", 22, "ssh", administers=True)),
    ],
)
def test_a_port_that_a_later_look_found_closed_is_mended(control: str, reach: Reach) -> None:
    look = Vantage(reach.origin, f"{reach.address}/32", None, "1-65535", complete=True)
    world = HEALTHY.with_(reach, look)
    assert judged(world, control).verdict is Verdict.FAILED
    assert judged(aged(world, Reach, reach.ref, days=2), control).verdict is Verdict.PASSED


def test_a_look_at_few_ports_of_a_device_is_no_trial_of_its_consoles() -> None:
    beside = replace(SWITCH, addresses=("10.79.0.2", "10.77.0.2"))
    world = HEALTHY.with_(beside, Vantage("10.77.0.0/24", "10.77.0.0/24", "10.77.0.5", "1-65535", complete=True))
    assert judged(world, "R29.2").verdict is Verdict.PASSED
    few = Vantage("10.77.0.0/24", "10.77.0.0/24", "10.77.0.5", "22", complete=True)
    assert reasons(world.with_(few), "R29.2") == {(SWITCH.ref, "not_tried")}


def test_an_exchange_of_last_month_lets_nobody_out_today() -> None:
    talk = Conversation("192.0.2.10", OTHER_LEG, "198.51.100.9", "tcp", 443, answered=True)
    inside = moved(DESK, OTHER_LEG)
    assert judged(inside.with_(talk), "R4.2").verdict is Verdict.FAILED
    assert judged(inside.with_(replace(talk, last=AT - timedelta(days=30))), "R4.2").verdict is Verdict.PASSED


@pytest.mark.parametrize("origin", ["10.0.0.0/8", "192.168.5.0/24"])
def test_what_answered_somebody_nobody_knows_where_is_a_doubt(origin: str) -> None:
    reach = Reach(origin, "10.78.0.41", "tcp", 3389, "ms-wbt-server")
    assert reasons(HEALTHY.with_(reach), "R21.3") == {(reach.ref, "origin_in_no_zone")}


@pytest.mark.parametrize("told", [("any",), ("tcp/1-65535",), ("tcp/1-30000", "tcp/30001-65535"), ("udp",)])
def test_a_policy_that_allows_every_port_is_none(told: tuple[str, ...]) -> None:
    flows = [AllowedFlow(USERS.ref, IMAGING.ref, service, "Dépannage") for service in told]
    found = judged(HEALTHY.with_(*flows), "R21.3").findings
    assert [one.reason for one in found] == ["everything_allowed"]


def test_from_where_one_administers_every_port_may_be_asked_but_not_anything() -> None:
    sweep = AllowedFlow(ADMINISTRATION.ref, IMAGING.ref, "tcp/1-65535", "Passages de la console")
    assert judged(HEALTHY.with_(sweep), "R21.3").verdict is Verdict.PASSED
    assert judged(HEALTHY.with_(replace(sweep, service="any")), "R21.3").findings


def test_a_second_card_counts_though_a_sweep_saw_one_address() -> None:
    """A scan that knows one address of a host hides none of those that the host itself told."""
    second = Interface(DESK, "eth1", None, ("10.80.0.9/24",))
    assert [one.reason for one in judged(HEALTHY.with_(second), "R24.1").findings] == ["stands_in_both"]


def test_a_declared_host_of_which_nobody_knows_the_card_is_no_stranger() -> None:
    seen = Sighting(FIREWALL.ref, "00:80:77:00:00:09", Place.ARP, "lan", "10.77.0.9")
    assert reasons(HEALTHY.with_(seen), "R5.1") == {(COPIER.ref, "card_unknown")}
    at_switch = Sighting(SWITCH.ref, seen.mac, Place.PORT, "8")
    assert reasons(HEALTHY.with_(seen, at_switch), "R5.1") == {(COPIER.ref, "card_unknown")}
    known = HEALTHY.with_(seen, replace(COPIER, macs=("00:80:77:11:11:11",)))
    assert [one.subject for one in judged(known, "R5.1").findings] == [seen.ref]


def test_an_agent_of_a_device_that_may_be_anything_settles_nothing() -> None:
    """A screen that answers as switches are sold is no switch; nor is it proven to be none."""
    screen = Host("host/screen", "screen", host_class=HostClass.OTHER, addresses=("10.77.0.99",))
    world = HEALTHY.with_(screen).with_(ClearAnswer(screen.ref, 161, "snmp", answers=True, published=True))
    for control in ("R12.1", "R12.3"):
        assert (screen.ref, "class_unknown") in reasons(world, control)
