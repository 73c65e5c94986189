"""Cards, radio networks and forwards weighed at their edges: visitors, watchers, old looks, what nobody read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.judge.mailing import Mailing, providers
from negatoscope.judge.stations import lent, likeness
from negatoscope.model.atlas import MapEntry
from negatoscope.model.gateways import Chain, Does, FilterRule, GatewayInterface, Hook, Match, RuleBase
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.mail import MailForward, MailSystem, Means
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.model.radio import AccessPoint
from negatoscope.model.switching import Place, Sighting, WifiNetwork, WifiSecurity
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.verdict import Verdict
from negatoscope.model.zones import Zone, ZoneKind
from tests.judge.memory import AT, SEEN_AT, World, aged, judged, swept

OLD = AT - timedelta(days=40)
BOX, DESK = "host/box", "host/accueil"
CARD, STRANGE = "8c:04:ba:00:00:01", "3c:06:30:11:22:33"
CONTAINED = "02:42:ac:11:00:02"
INSIDE = Zone("Postes", ZoneKind.USERS, ("10.77.0.0/24",), vlan=10)
VISITORS = Zone("Visiteurs", ZoneKind.GUEST, ("10.66.0.0/24",), vlan=66)
REGISTER = (
    Host(BOX, "box", HostClass.NETWORK, addresses=("10.77.0.1",)),
    Host(DESK, "accueil", HostClass.WORKSTATION, macs=(CARD,), addresses=("10.77.0.5",)),
    Interface(DESK, "eth0", CARD, ("10.77.0.5/24",), wireless=False),
    MapEntry(BOX, declared=True, seen_at=SEEN_AT, drifted=()),
    MapEntry(DESK, declared=True, seen_at=SEEN_AT, drifted=()),
    Network("10.77.0.0/24"),
    Network("10.66.0.0/24"),
    INSIDE,
    VISITORS,
    Person("claire.martin", "Claire Martin", email="c.martin@cabinet.example"),
)
HOME = Sighting(BOX, CARD, Place.PORT, "Gi1/0/1")
TRIED = Vantage("10.66.0.0/24", "10.77.0.0/24", ports="1-65535", complete=True)
RADIO = WifiNetwork(BOX, "Visiteurs", WifiSecurity.WPA3_PERSONAL, vlan=66, guest=True, wps=False)


def world(*facts: object) -> World:
    told = {(type(one), one.ref): one for one in (*REGISTER, *facts)}  # type: ignore[attr-defined]
    return swept(told.values())


def reasons(given: World, control: str) -> set[tuple[str, str]]:
    result = judged(given, control)
    findings = {(one.subject, one.reason) for one in result.findings}
    return findings | {(one.subject, one.reason) for one in result.doubts}


def test_a_switch_that_sees_a_host_of_a_network_watches_it() -> None:
    assert judged(world(TRIED, HOME), "R5.1").verdict is Verdict.PASSED
    assert reasons(world(TRIED), "R5.1") == {("network/10.77.0.0/24", "not_watched")}


def test_neighbours_are_a_watch_only_where_all_pass() -> None:
    near = Sighting(DESK, CARD, Place.ARP, "eth0", "10.77.0.5")
    assert ("network/10.77.0.0/24", "not_watched") in reasons(world(TRIED, near), "R5.1")
    assert judged(world(TRIED, near, Route(BOX, "0.0.0.0/0", "10.77.0.5")), "R5.1").verdict is Verdict.PASSED
    assert judged(world(TRIED, replace(near, host=BOX)), "R5.1").verdict is Verdict.PASSED


def test_an_old_look_watches_nothing_and_an_old_card_is_gone() -> None:
    old = replace(world(TRIED, HOME), seen_at=OLD, cache={})
    assert ("network/10.77.0.0/24", "not_watched") in reasons(old, "R5.1")
    gone = Sighting(BOX, STRANGE, Place.LEASE, "dhcp", "10.77.0.58", last_seen=OLD)
    assert judged(world(TRIED, HOME, gone), "R5.1").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "seen",
    [
        Sighting(BOX, STRANGE, Place.LEASE, "dhcp", "10.66.0.58"),
        Sighting(BOX, STRANGE, Place.LEASE, "10.66.0.0/24"),
        Sighting(BOX, STRANGE, Place.WIFI, "Visiteurs"),
        Sighting(BOX, STRANGE, Place.PORT, "Gi1/0/2", vlan=66),
    ],
)
def test_a_visitor_in_the_visitors_zone_is_no_stranger(seen: Sighting) -> None:
    assert judged(world(TRIED, HOME, RADIO, seen), "R5.1").verdict is Verdict.PASSED
    inside = Sighting(DESK, STRANGE, Place.ARP, "eth0", "10.77.0.58")
    assert judged(world(TRIED, HOME, RADIO, seen, inside), "R5.1").verdict is Verdict.FAILED


def test_a_radio_network_says_by_its_network_where_stations_stand() -> None:
    radio = replace(RADIO, vlan=None, network="10.66.0.0/24")
    assert (
        judged(world(TRIED, HOME, radio, Sighting(BOX, STRANGE, Place.WIFI, "Visiteurs")), "R5.1").verdict
        is Verdict.PASSED
    )
    lost = Sighting(BOX, STRANGE, Place.WIFI, "Autre")
    assert judged(world(TRIED, HOME, radio, lost), "R5.1").verdict is Verdict.FAILED


def test_an_undeclared_host_is_found_if_it_was_met_and_left_among_visitors() -> None:
    strange = Host("host/x", addresses=("10.77.0.9",), card_maker="Apple")
    met = MapEntry("host/x", declared=False, seen_at=SEEN_AT)
    assert reasons(world(TRIED, HOME, strange, met), "R5.1") == {("host/x", "undeclared_host")}
    assert reasons(world(TRIED, HOME, strange, replace(met, seen_at=OLD)), "R5.1") == {("host/x", "undeclared_unmet")}
    assert judged(world(TRIED, HOME, replace(strange, addresses=("10.66.0.9",)), met), "R5.1").verdict is Verdict.PASSED
    sighted = Sighting(BOX, STRANGE, Place.PORT, "Gi1/0/3")
    found = reasons(world(TRIED, HOME, replace(strange, macs=(STRANGE,)), met, sighted), "R5.1")
    assert found == {(sighted.ref, "device")}


@pytest.mark.parametrize("mac", ["00:00:5e:00:01:0a", "00:00:0c:9f:f0:01"])
def test_routers_in_common_are_no_strangers(mac: str) -> None:
    met = Sighting(BOX, mac, Place.ARP, "eth0", "10.77.0.7")
    assert judged(world(TRIED, HOME, met), "R5.1").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Sighting(DESK, CONTAINED, Place.ARP, "docker0", "172.17.0.2"), Verdict.PASSED),
        (Sighting(DESK, CONTAINED, Place.ARP, "eth0", "10.77.0.7"), Verdict.FAILED),
        (Sighting(BOX, CONTAINED, Place.PORT, "Gi1/0/9"), Verdict.FAILED),
    ],
)
def test_a_container_is_no_stranger_where_its_host_alone_meets_it(seen: Sighting, verdict: Verdict) -> None:
    assert judged(world(TRIED, HOME, seen), "R5.1").verdict is verdict


def test_a_visitor_is_outside_only_where_nothing_leads_inside() -> None:
    seen = Sighting(BOX, STRANGE, Place.LEASE, "dhcp", "10.66.0.58")
    strange = Host("host/x", addresses=("10.66.0.9",), card_maker="Apple")
    met = MapEntry("host/x", declared=False, seen_at=SEEN_AT)
    unproven = {(VISITORS.ref, "visitors_perhaps_inside")}
    assert reasons(world(HOME, seen), "R5.1") == unproven
    assert reasons(world(HOME, seen, replace(TRIED, ports="22,80,443")), "R5.1") == unproven
    assert judged(world(HOME, seen, wall(Does.DROP)), "R5.1").verdict is Verdict.PASSED
    reach = Reach("10.66.0.0/24", "10.77.0.5", "tcp", 445)
    for leak in (wall(Does.ACCEPT), reach):
        told = reasons(world(HOME, seen, leak, TRIED, strange, met), "R5.1")
        assert told == unproven | {(seen.ref, "device"), ("host/x", "undeclared_host")}


def test_a_zone_whose_kind_nobody_told_is_no_proof_of_a_leak() -> None:
    unknown = Zone("Postes", None, ("10.77.0.0/24",), vlan=10)
    seen = Sighting(BOX, STRANGE, Place.LEASE, "dhcp", "10.66.0.58")
    told = judged(world(HOME, seen, unknown, wall(Does.ACCEPT)), "R5.1")
    assert (told.verdict, told.findings) == (Verdict.UNPROVEN, ())


def test_rules_read_in_part_prove_no_wall() -> None:
    part = replace(wall(Does.DROP), translations=None)
    assert reasons(world(RADIO, POINT, part), "R22.2") == {(RADIO.ref, "not_proven_apart")}


def test_what_a_later_look_found_closed_is_no_leak() -> None:
    reach = Reach("10.66.0.0/24", "10.77.0.5", "tcp", 445)
    later = aged(world(RADIO, POINT, TRIED, reach), Reach, reach.ref, days=2)
    assert judged(later, "R22.2").verdict is Verdict.PASSED


def test_hints_tell_a_telephone() -> None:
    assert likeness(Sighting(BOX, STRANGE, Place.PORT, "1", name="iPhone")) == "phone"
    assert likeness(Sighting(BOX, STRANGE, Place.PORT, "1", maker="Samsung Electronics")) == "phone"
    assert likeness(Sighting(BOX, "da:a1:19:00:00:01", Place.PORT, "1")) == "phone"
    assert likeness(Sighting(BOX, "00:1c:42:00:00:08", Place.PORT, "1")) == "device"
    assert lent("52:54:00:00:00:01")


POINT = AccessPoint("box", "Accueil", "Visiteurs")


def test_a_radio_network_kept_apart_by_a_try_or_by_the_gateway_s_rules_passes() -> None:
    assert judged(world(RADIO, POINT, TRIED), "R22.2").verdict is Verdict.PASSED
    assert reasons(world(RADIO, POINT), "R22.2") == {(RADIO.ref, "not_proven_apart")}
    assert reasons(world(RADIO, POINT, replace(TRIED, complete=None)), "R22.2") == {(RADIO.ref, "not_proven_apart")}
    assert reasons(world(RADIO, POINT, replace(TRIED, origin="internet")), "R22.2")
    assert judged(world(RADIO, POINT, wall(Does.DROP)), "R22.2").verdict is Verdict.PASSED
    assert (RADIO.ref, "leads_by_rules") in reasons(world(RADIO, POINT, wall(Does.ACCEPT)), "R22.2")
    away = replace(wall(Does.DROP), interfaces=(GatewayInterface("lan", ("10.77.0.1/24",)),))
    assert reasons(world(RADIO, POINT, away), "R22.2") == {(RADIO.ref, "not_proven_apart")}


def wall(does: Does) -> RuleBase:
    rules = (FilterRule("7", Match(), does),)
    return RuleBase(
        BOX,
        chains=(Chain("forward", rules, Hook.FORWARD, Does.DROP),),
        interfaces=(GatewayInterface("lan", ("10.77.0.1/24",)), GatewayInterface("guest", ("10.66.0.1/24",))),
        translations=(),
        routes=(),
    )


def test_a_radio_network_of_unknown_zone_is_doubted() -> None:
    nowhere = replace(RADIO, vlan=None)
    assert reasons(world(nowhere, POINT, TRIED), "R22.2") == {(RADIO.ref, "zone_unknown")}
    seen = Sighting(BOX, STRANGE, Place.WIFI, "Visiteurs", "10.66.0.58")
    assert judged(world(nowhere, POINT, TRIED, seen), "R22.2").verdict is Verdict.PASSED
    wired = replace(seen, by=Place.LEASE)
    assert reasons(world(nowhere, POINT, TRIED, wired), "R22.2") == {(RADIO.ref, "zone_unknown")}
    far = replace(seen, address="192.0.2.9")
    assert reasons(world(nowhere, POINT, TRIED, far), "R22.2") == {(RADIO.ref, "zone_unknown")}


def test_a_radio_network_among_wired_hosts_is_found() -> None:
    mixed = replace(RADIO, vlan=10)
    assert (RADIO.ref, "with_the_rest") in reasons(world(mixed, POINT), "R22.2")


def test_what_was_reached_from_a_radio_network_fails_it() -> None:
    reach = Reach("10.66.0.0/24", "10.77.0.5", "tcp", 445)
    assert (RADIO.ref, "leads_by_reach") in reasons(world(RADIO, POINT, TRIED, reach), "R22.2")
    elsewhere = replace(reach, origin="10.77.0.0/24")
    assert judged(world(RADIO, POINT, TRIED, elsewhere), "R22.2").verdict is Verdict.PASSED


def test_access_points_are_listed_read_and_told_why() -> None:
    assert judged(world(RADIO, POINT), "R22.1").verdict is Verdict.PASSED
    assert reasons(world(RADIO, replace(POINT, reason=" ")), "R22.1") == {(POINT.ref, "reason_missing")}
    assert (RADIO.ref, "point_unlisted") in reasons(world(RADIO), "R22.1")
    assert reasons(world(POINT), "R22.1") == {(POINT.ref, "point_unread")}
    assert judged(world(), "R22.1").verdict is Verdict.PASSED
    old = replace(world(RADIO, POINT), seen_at=OLD, cache={})
    assert (BOX, "stale") in reasons(old, "R22.3")
    stranger = replace(RADIO, host="host/nobody")
    assert (stranger.ref, "point_unlisted") in reasons(world(stranger), "R22.1")


def test_a_computer_on_an_unknown_radio_network_is_found_inside_and_doubted_where_unknown() -> None:
    joined = Sighting(DESK, CARD, Place.WIFI, "Livebox", "10.77.0.5")
    assert reasons(world(joined), "R22.1") == {(joined.ref, "ssid_unknown")}
    assert reasons(world(replace(joined, address=None)), "R22.1") == {(joined.ref, "ssid_perhaps")}
    assert judged(world(replace(joined, address="192.168.1.20")), "R22.1").verdict is Verdict.PASSED
    assert judged(world(replace(joined, last_seen=OLD)), "R22.1").verdict is Verdict.PASSED


def test_radio_is_weak_or_unread() -> None:
    dark = replace(RADIO, security=None, wps=None)
    assert reasons(world(dark, POINT), "R22.3") == {(RADIO.ref, "unread")}
    weak = replace(RADIO, security=WifiSecurity.WEP, wps=True)
    assert reasons(world(weak, POINT), "R22.3") == {(RADIO.ref, "weak"), (RADIO.ref, "wps")}
    assert judged(world(), "R22.3").verdict is Verdict.PASSED


MAIL = MailSystem("mail", "postfix", ("cabinet.example",), 4, rules_read=True, settings_read=True)
SENT = MailForward("mail", "c.martin@cabinet.example", Means.SIEVE, "gmail.com", enabled=True)


def test_mail_is_found_doubted_or_left_as_the_domain_says() -> None:
    assert judged(world(MAIL), "R5.3").verdict is Verdict.PASSED
    assert reasons(world(MAIL, SENT), "R5.3") == {(SENT.ref, "sent_on")}
    other = replace(SENT, domain="hopital.example")
    assert reasons(world(MAIL, other), "R5.3") == {(other.ref, "sent_elsewhere")}
    assert judged(world(MAIL, replace(SENT, enabled=False)), "R5.3").verdict is Verdict.PASSED
    assert judged(world(MAIL, replace(SENT, domain="cabinet.example")), "R5.3").verdict is Verdict.PASSED
    assert Mailing.private("mail.free.fr")
    assert not Mailing.private("notfree.example")
    assert "gmail.com" in providers()


def test_a_private_domain_is_never_the_practice_s_own() -> None:
    mine = replace(MAIL, domains=("gmail.com", "cabinet.example"))
    assert reasons(world(mine, SENT), "R5.3") == {(SENT.ref, "sent_on")}


def test_mail_that_nobody_read_is_doubted() -> None:
    assert reasons(world(), "R5.3") == {("practice", "no_mail_read")}
    part = replace(MAIL, rules_read=None, settings_read=None)
    assert reasons(world(part), "R5.3") == {(MAIL.ref, "unread")}
    assert reasons(world(replace(MAIL, domains=None)), "R5.3") == {("practice", "mail_elsewhere")}
    silent = Person("claire.martin", "Claire Martin")
    assert reasons(world(MAIL, silent), "R5.3") == {("practice", "mail_domains_unknown")}
    old = replace(world(MAIL), seen_at=OLD, cache={})
    assert (MAIL.ref, "stale") in reasons(old, "R5.3")
