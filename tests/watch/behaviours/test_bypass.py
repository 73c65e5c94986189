"""The policy bypassed, each way; what is allowed, refused or agreed to says nothing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Action, Told
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.media import MediaException
from negatoscope.model.people import Person, StaffKind
from negatoscope.model.providers import Days, RemoteWindow
from negatoscope.model.zones import AllowedFlow, Zone, ZoneKind
from negatoscope.watch.behaviours import bypass
from negatoscope.watch.behaviours.bypass import Settings, State
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import INTERNET, Known, allows
from tests.watch.made import paris, told

NOW = "2026-11-10 13:00"
POSTES, SERVEURS, IMAGERIE = "zone/postes", "zone/serveurs", "zone/imagerie"
ADMIN = "account/c.lan/admin"
KNOWN = Known(
    people=(Person("tele", "Mainteneur", kind=StaffKind.PROVIDER), Person("claire", "Claire Martin")),
    hosts=(Host("host/pacs", macs=("00:1E:C9:00:00:01",)),),
    cards=(Interface("host/pacs", "eth1", "00:1e:c9:00:00:02"),),
    directory_accounts=(DirectoryAccount("directory/c.lan", "admin", holder="person/claire", privileged=True),),
    zones=(Zone("Dehors", ZoneKind.INTERNET), Zone("invites", ZoneKind.GUEST)),
    flows=(
        AllowedFlow(POSTES, SERVEURS, "tcp/443,8000-8010"),
        AllowedFlow(POSTES, "zone/Dehors", "tcp/80,443"),
        AllowedFlow(SERVEURS, IMAGERIE, "any", until=date(2026, 11, 9)),
        AllowedFlow(IMAGERIE, SERVEURS, "tcp/23", starts_on=date(2026, 11, 1)),
        AllowedFlow(POSTES, IMAGERIE, "n’importe quoi"),
    ),
    windows=(
        RemoteWindow("provider/p", "host/pacs", date(2026, 11, 1), date(2026, 11, 30), days=Days.WORKDAYS,
                     hours="12:00–14:00"),
        RemoteWindow("provider/p", "host/ris"),
    ),
    media=(MediaException("host/cd", "person/claire", until=date(2026, 11, 30)), MediaException("host/gravure")),
)  # fmt: skip


def found(
    *events: Told, state: State | None = None, settings: Settings | None = None, known: Known = KNOWN
) -> list[Detection]:
    return list(bypass.look(events, state or State(), known, settings or Settings()))


def talk(when: str | datetime = NOW, **more: object) -> Told:
    about = {
        "source": "10.1.0.9", "source_ref": "host/poste", "zone": POSTES, "target": "10.2.0.1",
        "target_zone": SERVEURS, "port": 443, "protocol": "tcp", "ok": True, **more,
    }  # fmt: skip
    return told(when, Action.CONNECTION, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, None),
        ({"port": 8005}, None),
        ({"port": 3389}, "forbidden_service"),
        ({"port": 443, "protocol": "udp"}, "forbidden_service"),
        ({"port": 3389, "ok": False}, None),
        ({"port": 3389, "target_zone": POSTES}, None),
        ({"port": 3389, "zone": None}, None),
        ({"port": None}, None),
        ({"zone": SERVEURS, "target_zone": IMAGERIE}, "unauthorised_connection"),
        ({"zone": POSTES, "target_zone": IMAGERIE, "port": 104}, "forbidden_service"),
        ({"target": "1.1.1.1", "target_zone": INTERNET, "port": 443}, None),
        ({"target": "1.1.1.1", "target_zone": "zone/Dehors", "port": 6881}, "forbidden_service"),
        ({"port": 23}, "clear_protocol"),
        ({"port": 23, "zone": IMAGERIE}, None),
        ({"port": 21, "zone": None, "target_zone": None}, "clear_protocol"),
        ({"port": 69, "protocol": "udp", "target_zone": POSTES}, "clear_protocol"),
        ({"port": 2323, "protocol": "telnet", "target_zone": POSTES}, "clear_protocol"),
        ({"port": 23, "protocol": "ssh", "target_zone": POSTES}, None),
    ],
)
def test_what_zones_may_say(more: dict[str, Any], reason: str | None) -> None:
    assert [one.reason for one in found(talk(**more))] == ([reason] if reason else [])


def test_without_a_written_policy_nothing_is_against_it() -> None:
    silent = Known(zones=KNOWN.zones)
    assert list(bypass.look([talk(port=3389)], State(), silent, Settings())) == []


def test_an_answer_is_asked_once_a_day_and_the_answers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bypass, "ANSWERS_AT_MOST", 100)
    known = Known(flows=KNOWN.flows, zones=KNOWN.zones)
    scan = [talk(port=port) for port in range(1, 1_000)]
    told_of = list(bypass.look(scan, State(), known, Settings()))
    assert len({one.case for one in told_of if one.reason == "forbidden_service"}) == 1
    assert len(known.answers) <= 100


def test_services_as_people_write_them() -> None:
    assert allows(AllowedFlow("a", "b", "any"), "tcp", None)
    assert allows(AllowedFlow("a", "b", "tcp"), "tcp", 5)
    assert allows(AllowedFlow("a", "b", "icmp"), "icmp", None)
    assert not allows(AllowedFlow("a", "b", "tcp/1-9"), "tcp", None)
    assert not allows(AllowedFlow("a", "b", "tcp/1-9"), "udp", 5)


def test_an_administrators_account_on_the_internet() -> None:
    (one,) = found(talk(account=ADMIN, target="www.example.com", target_zone=INTERNET))
    assert (one.reason, one.subject, one.seen["holder"]) == ("admin_online", ADMIN, "person/claire")
    assert found(talk(account=ADMIN)) == []
    updates = Settings(own_updates=frozenset({"maj.example.com"}))
    assert found(talk(account=ADMIN, target="maj.example.com", target_zone=INTERNET), settings=updates) == []


def test_a_station_of_administration_on_the_internet() -> None:
    known = replace(KNOWN, zones=(*KNOWN.zones, Zone("admin", ZoneKind.ADMINISTRATION)))
    out = talk(zone="zone/admin", target="www.example.com", target_zone=INTERNET, port=443)
    (one,) = found(out, known=known)
    assert (one.reason, one.subject, one.seen["zone"]) == ("station_online", out.source, "zone/admin")
    updates = Settings(own_updates=frozenset({"www.example.com"}))
    assert "station_online" not in [one.reason for one in found(out, known=known, settings=updates)]
    agreed = (*KNOWN.flows, AllowedFlow("zone/admin", "zone/internet", "tcp/443"))
    assert found(out, known=replace(known, flows=agreed)) == []
    assert "station_online" not in [one.reason for one in found(talk(zone="zone/admin"), known=known)]


@pytest.mark.parametrize(
    ("when", "more", "reason"),
    [
        (NOW, {"target_ref": "host/pacs", "port": 3389}, None),
        ("2026-11-10 15:00", {"target_ref": "host/pacs", "port": 3389}, "outside_window"),
        ("2026-11-14 13:00", {"target_ref": "host/pacs", "port": 3389}, "outside_window"),
        (NOW, {"target_ref": "host/ris", "port": 3389}, "outside_window"),
        (NOW, {"target_ref": "host/poste", "port": 22}, "uninvited"),
        (NOW, {"port": 3389, "protocol": "udp"}, "unauthorised_connection"),
    ],
)
def test_taken_over_from_outside(when: str, more: dict[str, Any], reason: str | None) -> None:
    came = talk(when, source="203.0.113.4", source_ref=None, zone=INTERNET, **more)
    assert [one.reason for one in found(came)] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("when", "more", "reason"),
    [
        (NOW, {"person": "person/tele", "protocol": "vpn", "zone": INTERNET}, None),
        ("2026-11-10 20:00", {"person": "person/tele", "protocol": "vpn", "zone": INTERNET}, "outside_window"),
        ("2026-11-10 20:00", {"person": "person/claire", "protocol": "vpn", "zone": INTERNET}, None),
        (NOW, {"user": "root", "protocol": "ssh", "zone": INTERNET, "host_ref": "host/poste"}, "uninvited"),
        (NOW, {"user": "root", "protocol": "ssh", "zone": POSTES, "host_ref": "host/poste"}, None),
        (NOW, {"user": "root", "protocol": "ssh", "zone": INTERNET, "ok": False}, None),
    ],
)
def test_a_provider_who_logs_on(when: str, more: dict[str, object], reason: str | None) -> None:
    came = told(when, Action.LOGON, **{"ok": True, "source": "203.0.113.4", "host": "fw", **more})  # type: ignore[arg-type]
    assert [one.reason for one in found(came)] == ([reason] if reason else [])


def test_a_remote_control_program_calls_its_relay() -> None:
    out: dict[str, Any] = {"target": "relay.example.com", "target_zone": INTERNET, "port": 5938}
    (one,) = found(talk(**out))
    assert (one.reason, one.seen["tool"], one.level) == ("relay", "TeamViewer", Level.HIGH)
    assert found(talk(**{**out, "port": 443, "protocol": "anydesk"}))[0].reason == "relay"
    assert found(talk(source_ref="host/pacs", zone=None, **out)) == []
    assert found(talk("2026-11-10 18:00", source_ref="host/pacs", **out))[0].reason == "relay"
    assert found(talk(**{**out, "port": 22, "protocol": "ssh"}))[0].reason == "forbidden_service"


def test_removable_media() -> None:
    def plugged(when: str = NOW, **more: object) -> Told:
        return told(when, Action.MEDIUM_PLUGGED, what="SanDisk", **more)  # type: ignore[arg-type]

    assert found(plugged(host_ref="host/poste"))[0].reason == "medium"
    assert found(plugged(host_ref="host/cd", person="person/claire"), plugged(host_ref="host/gravure")) == []
    assert found(plugged(host_ref="host/cd")) == []
    assert found(plugged(host_ref="host/cd", person="person/paul"))[0].reason == "medium"
    (late,) = found(plugged("2026-12-10 10:00", host_ref="host/cd", person="person/claire"))
    assert late.usual == {"until": "2026-11-30"}


def test_an_erased_log() -> None:
    (one,) = found(told(NOW, Action.LOG_CLEARED, host="srv", user="system", what="Security"))
    assert (one.subject, one.level, one.seen["log"]) == ("host/srv", Level.HIGH, "Security")


def device(mac: str, when: str | datetime = NOW, **more: object) -> Told:
    return told(when, Action.DEVICE_SEEN, **{"what": mac, "zone": POSTES, **more})  # type: ignore[arg-type]


def test_an_unknown_device_is_called_what_it_calls_itself_and_never_what_tells_of_it() -> None:
    named = device("b8:27:eb:00:00:01", fields={"hostname": "tablette"}, host="fw-1")
    assert found(named)[0].seen["name"] == "tablette"
    assert found(device("b8:27:eb:00:00:01", host="fw-1"))[0].seen["name"] is None


def test_what_a_proxy_fetches_is_no_connection_of_whoever_asks_it() -> None:
    asked: dict[str, Any] = {"zone": SERVEURS, "target_zone": INTERNET, "port": 80, "protocol": "http"}
    assert [one.reason for one in found(talk(**asked))] == ["unauthorised_connection"]
    assert found(talk(category="proxy", **asked)) == []


def test_a_stranger_at_the_address_of_a_known_host_is_one() -> None:
    assert found(device("b8:27:eb:00:00:01", source_ref="host/pacs"))[0].reason == "new_device"


@pytest.mark.parametrize(
    ("more", "reason"),
    [({"ok": None}, None), ({"ok": None, "received": 900}, "uninvited"), ({"ok": False, "received": 900}, None)],
)
def test_a_knock_from_outside_is_no_connection(more: dict[str, Any], reason: str | None) -> None:
    knock = talk(source="203.0.113.4", source_ref=None, zone=INTERNET, port=3389, target_ref="host/x", **more)
    assert [one.reason for one in found(knock)] == ([reason] if reason else [])


def test_a_device_that_nobody_knows_is_told_once() -> None:
    state = State()
    (one,) = found(device("B8-27-EB-00-00-01"), device("b8:27:eb:00:00:01", "2026-11-12 10:00"), state=state)
    assert (one.reason, one.subject) == ("new_device", "device/b8:27:eb:00:00:01")
    again = found(device("b8:27:eb:00:00:01", "2026-12-20 10:00"), state=state)
    assert [two.case for two in again] != [one.case]


@pytest.mark.parametrize(
    "seen",
    [
        device("00:1e:c9:00:00:01"), device("00:1e:c9:00:00:02"), device("b8:27:eb:00:00:01", source_ref="host/x"),
        device("aucune"), device("da:27:eb:00:00:01", zone="zone/invites"),
    ],
)  # fmt: skip
def test_devices_that_say_nothing(seen: Told) -> None:
    assert found(seen) == []


def test_made_up_addresses_count_where_no_guest_is_expected() -> None:
    assert found(device("da:27:eb:00:00:01"))[0].reason == "new_device"
    everywhere = Settings(random_devices=True)
    assert found(device("da:27:eb:00:00:01", zone="zone/invites"), settings=everywhere)[0].reason == "new_device"


def test_many_new_devices_are_one_case() -> None:
    lot = [device(f"b8:27:eb:00:01:{number:02x}", paris(NOW) + timedelta(seconds=number)) for number in range(40)]
    told_of = found(*lot)
    assert len({one.case for one in told_of}) == bypass.MANY + 1
    assert told_of[-1].reason == "new_devices"
    assert told_of[-1].subject == POSTES
