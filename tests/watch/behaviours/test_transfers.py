"""What leaves: an hour against the host's own past, a day against a bound, days to a new place, images to strangers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from negatoscope.model.event import Action, Event, Told
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import DicomNode
from negatoscope.model.people import Person
from negatoscope.model.zones import Partner, Zone, ZoneKind
from negatoscope.watch.behaviours import transfers
from negatoscope.watch.behaviours.past import Past
from negatoscope.watch.behaviours.peers import around, exit_of
from negatoscope.watch.behaviours.transfers import MIB, Settings, State
from negatoscope.watch.calendar import HOUR
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import INTERNET, Known
from tests.watch.made import paris, told

START = paris("2026-09-07 00:00")
POSTE = "host/poste-1"
KNOWN = Known(
    people=(Person("claire", "Claire", email="claire@cabinet.example"),),
    hosts=(Host("host/irm", host_class=HostClass.MODALITY, ae_titles=("IRM1",)), Host("host/pacs")),
    nodes=(DicomNode("host/pacs", 11112, "PACS"),),
    zones=(Zone("Dehors", ZoneKind.INTERNET), Zone("postes", ZoneKind.USERS)),
    partners=(Partner("hopital", networks=("198.51.100.0/24",)),),
)


def sent(when: datetime, mib: float, to: str = "www.example.com", **more: object) -> Told:
    about = {
        "source": "10.1.0.9", "source_ref": POSTE, "zone": "zone/postes", "target": to, "target_zone": INTERNET,
        "port": 443, "protocol": "tcp", "sent": int(mib * MIB), **more,
    }  # fmt: skip
    return told(when, Action.CONNECTION, **about)  # type: ignore[arg-type]


def days(number: int, mib: float, hour: int = 10) -> Iterator[Told]:
    for day in range(number):
        yield sent(START + timedelta(days=day, hours=hour), mib)


def found(*events: Told, state: State | None = None, settings: Settings | None = None) -> list[Detection]:
    return list(transfers.look(events, state or State(), KNOWN, settings or Settings()))


def test_an_hour_far_beyond_its_own_past_is_told_with_what_is_usual() -> None:
    one, *more = found(*days(21, 100), sent(START + timedelta(days=21, hours=10), 2_000))
    assert more == []
    assert (one.reason, one.subject) == ("own_past", POSTE)
    assert one.seen["bytes"] == 2_000 * MIB
    assert one.usual["median"] == pytest.approx(100 * MIB, rel=0.06)
    assert one.usual["most"] == 500 * MIB


def test_twice_as_much_is_not_far_beyond() -> None:
    assert found(*days(21, 400), sent(START + timedelta(days=21, hours=10), 780)) == []


def test_an_hour_without_a_past_says_nothing() -> None:
    assert found(*days(4, 1), sent(START + timedelta(days=4, hours=10), 5_000)) == []


def test_a_nightly_job_is_usual_also_when_it_drifts_by_an_hour() -> None:
    nights = [sent(START + timedelta(days=day, hours=2, minutes=50 + day), 9_000) for day in range(30)]
    assert found(*nights) == []
    assert found(*nights, sent(START + timedelta(days=30, hours=14), 3_000))[-1].reason == "own_past"


def test_a_weekly_job_is_usual_once_it_came_three_times() -> None:
    weekly = [sent(START + timedelta(weeks=week, days=6, hours=3), 8_000) for week in range(10)]
    fill = [sent(START + timedelta(days=day, hours=12), 1) for day in range(70)]
    cases = {one.case for one in found(*sorted((*weekly, *fill), key=lambda one: one.came))}
    assert len(cases) <= 3


def test_a_transfer_that_goes_on_is_one_case_that_doubles() -> None:
    day = START + timedelta(days=21, hours=10)
    many = found(*days(21, 10), *(sent(day + timedelta(seconds=second), 20) for second in range(600)))
    assert len({one.case for one in many}) == 1
    assert [round(one.seen["bytes"] / MIB) for one in many] == [500, 1_000, 2_000, 4_000, 8_000]  # type: ignore[operator]
    assert many[0].came == day + timedelta(seconds=1)


def test_a_day_beyond_the_bound_is_told_whatever_the_past() -> None:
    hours = [sent(START + timedelta(hours=hour), 3_000) for hour in range(24)]
    assert [one.reason for one in found(*hours)] == ["absolute"]
    assert found(*hours, settings=Settings(expected=frozenset({"example.com"}))) == []


def test_two_products_that_tell_of_one_transfer_do_not_double_it() -> None:
    both = [
        sent(START + timedelta(hours=hour, minutes=minute), 1_500, sender=("fw", "proxy")[minute])
        for hour in range(24)
        for minute in (0, 1)
    ]
    assert found(*both) == []


def test_a_slow_leak_to_a_new_place_is_found_and_the_first_days_are_not() -> None:
    leak = [sent(START + timedelta(days=20 + day, hours=18), 120, "depot.example.org") for day in range(12)]
    one, *_ = found(*days(20, 5), *leak)
    assert (one.reason, one.seen["to"]) == ("leak", "example.org")
    assert one.at == START + timedelta(days=20, hours=18)
    assert found(*(sent(START + timedelta(days=day, hours=18), 120, "depot.example.org") for day in range(25))) == []


def test_a_place_that_the_practice_has_long_known_is_not_new_to_a_new_host() -> None:
    state = State()
    found(*days(60, 5), state=state)
    mine = [sent(START + timedelta(days=61 + day, hours=9), 200, source_ref="host/neuf") for day in range(20)]
    assert found(*mine, state=state) == []


def test_the_least_destinations_give_way() -> None:
    state = State()
    found(sent(START, 1), state=state)
    spread = [sent(START + timedelta(days=20, minutes=one), one, f"lieu{one}.example{one}.org") for one in range(40)]
    found(*spread, state=state)
    kept = next(iter(state.tellers.values())).places
    assert len(kept) == transfers.PLACES_AT_MOST
    assert "example39.org" in kept


def test_mail_is_weighed_apart() -> None:
    def mail(when: datetime, mib: int, to: str = "moi@boite.example") -> Told:
        return told(when, Action.MAIL_SENT, person="person/claire", target=to, sent=mib * MIB)

    past = [mail(START + timedelta(days=day, hours=11), 2) for day in range(21)]
    (one,) = found(*past, mail(START + timedelta(days=21, hours=11), 150))
    assert (one.subject, one.reason) == ("person/claire", "own_past")
    own = mail(START + timedelta(days=21, hours=11), 900, "paul@cabinet.example")
    assert found(*past, own) == []


def test_the_size_of_a_mail_stands_in_another_line() -> None:
    def lines(when: datetime, mib: int, recipient: str) -> list[Told]:
        size = Event(when, "postfix", "mail", sent=mib * MIB, what="4F2A", user="claire@cabinet.example")
        first = Told(f"m{when}", "mx", when, size, person="person/claire")
        gone = told(
            when,
            Action.MAIL_SENT,
            sender="mx",
            ok=True,
            what="4F2A",
            target="192.0.2.1",
            fields={"recipient": recipient},
        )
        return [first, gone]

    past = [one for day in range(21) for one in lines(START + timedelta(days=day, hours=11), 2, "a@labo.example")]
    today = START + timedelta(days=21, hours=11)
    (out,) = found(*past, *lines(today, 150, "moi@boite.example"))
    assert (out.subject, out.seen["to"]) == ("person/claire", "boite.example")
    assert found(*past, *lines(today, 150, "paul@cabinet.example")) == []
    assert transfers.queued(lines(today, 1, "a@b.example")[0].event)
    lost = told(today, Action.MAIL_SENT, sender="mx", ok=True, what="9999", fields={"recipient": "a@b.example"})
    assert found(*past, lost) == []


def test_a_week_of_silence_is_quiet_and_a_longer_one_unknown() -> None:
    state = State()
    found(sent(START, 1), sent(START + timedelta(days=3), 1), state=state)
    quiet = next(iter(state.tellers.values())).past
    assert quiet.usual(int((START + timedelta(days=3, hours=12)).timestamp()) // HOUR, 4, 3) is not None
    state = State()
    found(sent(START, 1), sent(START + timedelta(days=30), 1), state=state)
    unknown = next(iter(state.tellers.values())).past
    assert unknown.usual(int((START + timedelta(days=3, hours=12)).timestamp()) // HOUR, 4, 3) is None


def test_amounts_are_kept_within_a_few_hundredths() -> None:
    past = Past()
    number = int((START + timedelta(hours=10)).timestamp()) // HOUR
    for day in range(10):
        past.add(number + 24 * day, 300 * MIB)
    usual = past.usual(number, 4, 3)
    assert usual is not None
    assert usual.median == pytest.approx(300 * MIB, rel=0.06)
    assert usual.limit == pytest.approx(600 * MIB, rel=0.06)


@pytest.mark.parametrize(
    ("more", "outgoing"),
    [
        ({}, POSTE),
        ({"ok": False}, None),
        ({"target_zone": "zone/postes"}, None),
        ({"target_zone": "zone/Dehors"}, POSTE),
        ({"target_zone": None}, POSTE),
        ({"target_zone": None, "target": "10.1.0.7"}, None),
        ({"target_zone": None, "target": "srv.cabinet.lan"}, None),
        ({"target_zone": None, "target": "8.8.8.8"}, POSTE),
        ({"source_ref": None, "zone": None}, "address/10.1.0.9"),
        ({"zone": INTERNET}, None),
        ({"zone": INTERNET, "source": "8.8.8.8", "source_ref": None, "target": "10.1.0.3", "target_zone": "zone/postes",
          "sent": 5, "received": 9}, "address/10.1.0.3"),
        ({"sent": None}, None),
    ],
)  # fmt: skip
def test_what_is_outside(more: dict[str, Any], outgoing: str | None) -> None:
    way = exit_of(sent(START, 1, **more), KNOWN)
    assert (way and way.subject) == outgoing


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("www.a.example.com", "example.com"), ("x.chu.asso.fr", "chu.asso.fr"), ("8.8.8.8", "8.8.8.0/24"),
        ("2001:4860:4860::8888", "2001:4860:4860::/48"), ("poste", None), ("192.168.1.1", None), ("224.0.0.251", None),
    ],
)  # fmt: skip
def test_destinations_are_taken_together(text: str, place: str | None) -> None:
    assert around(text) == place


def study(days_on: int, **more: object) -> Told:
    about = {"ok": True, "source_ref": "host/pacs", "source": "pacs", "zone": "zone/postes", **more}
    return told(START + timedelta(days=days_on), Action.STUDY_SENT, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({"target": "203.0.113.7", "target_zone": INTERNET}, Level.HIGH),
        ({"target": "10.3.0.8", "target_zone": "zone/postes"}, Level.MEDIUM),
        ({"target": "irm", "target_ref": "host/irm"}, None),
        ({"target": "IRM1"}, None),
        ({"source": "10.3.0.7", "source_ref": None, "user": "pacs", "host": "orthanc"}, None),
        ({"source": "10.3.0.7", "source_ref": None, "user": "AUTRE", "host": "orthanc"}, Level.MEDIUM),
        ({"target": "198.51.100.9", "target_zone": INTERNET}, None),
        ({"target": "203.0.113.7", "ok": False}, None),
        ({"source": None, "source_ref": None}, None),
    ],
)
def test_studies_to_a_peer_that_nobody_knows(more: dict[str, object], level: Level | None) -> None:
    told_of = found(study(0, target="10.3.0.2"), study(20, **more))
    assert [one.level for one in told_of] == ([level] if level else [])


def test_peers_of_the_first_days_are_taken_as_known() -> None:
    assert found(study(0, target="10.3.0.8"), study(30, target="10.3.0.8")) == []


def test_an_association_from_a_stranger() -> None:
    asks = told(START + timedelta(days=20), Action.ASSOCIATION, ok=True, source="10.3.0.66", host="pacs", user="PIRATE")
    (one,) = found(study(0, target="IRM1"), study(0, target="10.3.0.1"), asks)
    assert (one.subject, one.seen["to"], one.seen["title"]) == ("host/pacs", "address/10.3.0.66", "PIRATE")
