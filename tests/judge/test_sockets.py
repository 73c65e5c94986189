"""What sockets, switches, UDP and print queues leave unproven, case by case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.media import Printer
from negatoscope.model.premises import Room, Socket
from negatoscope.model.printing import PrintQueue
from negatoscope.model.switching import Place, Sighting, SwitchPort
from negatoscope.model.traffic import Reach, Vantage
from negatoscope.model.verdict import Verdict
from negatoscope.model.zones import Zone, ZoneKind
from tests.judge.cases.healthy.lists import WAITING
from tests.judge.cases.healthy.walls import COPIER, FREE, OFF, PRINTER, QUEUE, SCREEN, SWITCH
from tests.judge.cases.walls import GUEST_PORT, GUESTS, LIVE, TRIED, USERS
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World, judged

INSIDE = replace(USERS, networks=("10.77.0.0/24",))
ONLY = HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if not isinstance(fact, Zone)))
"""Without the zones that other topics declare."""
OTHER = SwitchPort("host/sw2", "Gi1/0/4", 104, None, True, False, 10, (), False, 0)  # noqa: FBT003 -- as the fields go
NAS = Host("host/imp", "imp", HostClass.PRINTER, macs=("02:00:5e:00:01:06",))
SEEN = Sighting(SWITCH.ref, "02:00:5e:00:01:06", Place.PORT, "4")
CORRIDOR = Printer("Couloir", host=NAS.ref, room=WAITING.ref)


def reasons(world: World, control: str) -> set[str]:
    result = judged(world, control)
    assert result.verdict is not Verdict.PASSED
    return {one.reason for one in result.findings} | {one.reason for one in result.doubts}


@pytest.mark.parametrize(
    ("world", "reason"),
    [
        (ONLY.with_(replace(FREE, port=None)), "port_unknown"),
        (ONLY.with_(replace(FREE, port="SW9 / 4")), "port_not_found"),
        (ONLY.with_(replace(FREE, port="SW1 / 99")), "port_not_found"),
        (ONLY.with_(replace(OFF, enabled=None)), "unread"),
        (ONLY.with_(replace(LIVE, vlan=None)), "vlan_unknown"),
        (ONLY.with_(replace(LIVE, tagged=None)), "vlan_unknown"),
        (ONLY.with_(LIVE), "vlan_nowhere"),
        (ONLY.with_(LIVE, replace(USERS, kind=None)), "vlan_nowhere"),
        (ONLY.with_(LIVE, replace(USERS, kind=ZoneKind.GUEST)), "isolation_unproven"),
        (ONLY.with_(replace(LIVE, authenticated=None), USERS), "authentication_unknown"),
        (ONLY.with_(GUEST_PORT, GUESTS, INSIDE), "isolation_unproven"),
        (ONLY.with_(GUEST_PORT, GUESTS, INSIDE, replace(TRIED, complete=False)), "isolation_unproven"),
        (ONLY.with_(GUEST_PORT, GUESTS, INSIDE, replace(TRIED, origin="internet")), "isolation_unproven"),
        (ONLY.with_(GUEST_PORT, GUESTS, replace(INSIDE, networks=None), TRIED), "isolation_unproven"),
        (ONLY.with_(GUEST_PORT, GUESTS, INSIDE, TRIED, Reach("10.77.9.0/24", "10.99.0.1", "tcp", 22)),
         "isolation_unproven"),
        (ONLY.with_(LIVE, replace(WAITING, public=None), USERS), "room_unknown"),
    ],
)  # fmt: skip
def test_what_speaks_against_a_socket(world: World, reason: str) -> None:
    assert reason in reasons(world, "R34.2")


def test_a_guest_network_out_of_which_nothing_inside_was_reached_is_fine() -> None:
    world = ONLY.with_(GUEST_PORT, GUESTS, INSIDE, TRIED)
    assert judged(world, "R34.2").verdict is Verdict.PASSED
    outside = Reach("10.77.9.0/24", "93.184.216.34", "tcp", 443)
    assert judged(world.with_(outside), "R34.2").verdict is Verdict.PASSED


def test_an_old_look_proves_nothing_and_still_accuses() -> None:
    old = ONLY.but(seen_at=AT - timedelta(days=20))
    assert "switch_read_long_ago" in reasons(old, "R34.2")
    assert "live" in reasons(old.with_(LIVE, USERS), "R34.2")


@pytest.mark.parametrize("said", ["SW1 / 4", "sw1:4", "SW1-4", "SW1 port 4", "Sw1 | Port 4", "adresse / 4"])
def test_a_port_is_found_however_people_write_it(said: str) -> None:
    said = said.replace("adresse", (SWITCH.addresses or ("",))[0])
    assert "live" in reasons(ONLY.with_(LIVE, USERS, OTHER, replace(FREE, port=said)), "R34.2")


@pytest.mark.parametrize("said", ["sw2 / 4", "SW2 104", "sw2/gi1/0/4", "sw2 4"])
def test_a_port_is_found_by_its_last_number_or_its_own(said: str) -> None:
    assert "live" in reasons(ONLY.with_(USERS, OTHER, replace(FREE, port=said)), "R34.2")


def test_with_one_switch_its_name_may_be_left_out_and_with_two_not() -> None:
    assert "live" in reasons(ONLY.with_(LIVE, USERS, replace(FREE, port="4")), "R34.2")
    assert "port_not_found" in reasons(ONLY.with_(LIVE, USERS, OTHER, replace(FREE, port="4")), "R34.2")


def test_a_private_room_is_nobody_s_business() -> None:
    assert judged(ONLY.with_(LIVE, USERS, replace(WAITING, public=False)), "R34.2").verdict is Verdict.PASSED


def test_a_socket_whose_use_nobody_knows_may_serve_anything() -> None:
    world = ONLY.with_(LIVE, USERS, replace(SCREEN, used_by=None))
    assert "live" in reasons(world, "R34.2")
    assert "use_unknown" in reasons(world, "R34.5")


def test_a_printer_is_followed_to_the_port_that_learnt_its_card() -> None:
    world = ONLY.with_(NAS, SEEN, CORRIDOR)
    assert judged(world, "R34.3").verdict is Verdict.PASSED
    assert "live" in reasons(world.with_(LIVE, USERS), "R34.3")
    assert "port_unknown" in reasons(
        ONLY.with_(Printer("Seule", room=Room("Hall").ref), Room("Hall", public=True)), "R34.3"
    )
    assert judged(ONLY.with_(replace(CORRIDOR, host=None), COPIER), "R34.3").verdict is Verdict.PASSED


def test_a_private_socket_for_a_printer_is_passed_over() -> None:
    assert judged(ONLY.with_(Socket("9", None, "SW1 / 4", used_by="Imprimante")), "R34.3").verdict is Verdict.PASSED


def test_over_udp_silence_proves_nothing_and_old_words_little() -> None:
    bare = HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if not isinstance(fact, ClearAnswer)))
    assert reasons(bare, "R23.5") == {"udp_never_told"}
    assert "udp_silent" in reasons(HEALTHY.with_(ClearAnswer(SWITCH.ref, 161, "snmp")), "R23.5")
    assert "udp_asked_long_ago" in reasons(HEALTHY.but(seen_at=AT - timedelta(days=9)), "R23.5")


def test_what_is_said_of_a_printer_alone_proves_nothing() -> None:
    none = HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if fact is not QUEUE))
    assert "release_unknown" in reasons(none, "R35.1")
    assert "release_declared_alone" in reasons(none.with_(replace(PRINTER, held_release=True)), "R35.1")
    assert "unread" in reasons(HEALTHY.with_(replace(QUEUE, held=None)), "R35.1")
    assert "queue_read_long_ago" in reasons(HEALTHY.but(seen_at=AT - timedelta(days=9)), "R35.1")
    assert "release_unknown" in reasons(HEALTHY.with_(NAS), "R35.1")
    assert "prints_at_once" in reasons(HEALTHY.with_(NAS, PrintQueue(NAS.ref, "q", held=False)), "R35.1")


def test_a_look_from_elsewhere_is_no_trial() -> None:
    other = Vantage("pas un réseau", "10.77.0.0/24", None, "1-65535", complete=True)
    assert "isolation_unproven" in reasons(ONLY.with_(GUEST_PORT, GUESTS, INSIDE, other), "R34.2")
