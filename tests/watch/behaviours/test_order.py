"""Whatever order events come in, whatever happens between: the same detections, once, from bounded memory."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negatoscope.model.event import Action, Told
from negatoscope.model.people import Person
from negatoscope.model.premises import Site
from negatoscope.model.presence import Presence
from negatoscope.model.zones import AllowedFlow, Zone, ZoneKind
from negatoscope.watch.behaviours import five, order, unusual_hours
from negatoscope.watch.behaviours.growing import CASES_AT_MOST, Cases, trim
from negatoscope.watch.behaviours.order import TOLERANCE, Order
from negatoscope.watch.detection import Detection
from negatoscope.watch.known import INTERNET, Known
from tests.watch.made import paris, told

START = paris("2026-10-25 00:30")
"""The night in which an hour comes twice."""
HOURS = "08:00–18:00"
KNOWN = Known(
    people=tuple(Person(name, name) for name in ("a", "b", "c")),
    presences=tuple(Presence(f"person/{name}", *[HOURS] * 7) for name in ("a", "b")),
    zones=(Zone("Internet", ZoneKind.INTERNET),),
    flows=(AllowedFlow("zone/postes", INTERNET, "tcp/443"),),
)
SOURCES, NAMES = ("10.0.0.1", "203.0.113.1", "203.0.113.2"), ("a", "b", "c", "root", "admin", "test", "oracle")


def _logon(when: datetime, pick: random.Random) -> Told:
    name = pick.choice(NAMES)
    person = f"person/{name}" if len(name) == 1 else None
    fields = {"src_port": pick.choice((40_000, 40_001)), **({"ends": True} if pick.random() < 0.3 else {})}
    return told(when, Action.LOGON, ok=pick.random() < 0.1, user=name, person=person, source=pick.choice(SOURCES),
                zone="zone/postes", host="srv", protocol=pick.choice(("ssh", "imap")), fields=fields)  # fmt: skip


def _flow(when: datetime, pick: random.Random) -> Told:
    return told(when, Action.CONNECTION, source="10.0.0.1", zone="zone/postes", target="www.example.com",
                target_zone=INTERNET, port=pick.choice((443, 21, 6881)), protocol="tcp", ok=True,
                sent=pick.randrange(10**10))  # fmt: skip


def months(seed: int, number: int) -> list[Told]:
    pick = random.Random(seed)
    when, events = START, []
    for _ in range(number):
        when += timedelta(seconds=pick.choice((0, 1, 5, 40, 900)), milliseconds=pick.randrange(1_000))
        events.append(pick.choice((_logon, _logon, _flow))(when, pick))
    return events


def travelled(events: list[Told], seed: int) -> list[Told]:
    """The same events, each with a way of its own through the network, by when they came."""
    pick = random.Random(seed)
    late = [replace(one, came=one.event.at + TOLERANCE * pick.random()) for one in events]
    return sorted(late, key=lambda one: one.came)


def found(events: list[Told], memory: five.Memory | None = None) -> list[Detection]:
    memory = memory or five.Memory()
    told_of = list(five.look(events, memory, KNOWN, five.Settings()))
    return [*told_of, *five.settle(events[-1].came + timedelta(hours=1), memory, KNOWN, five.Settings())]


def said(detections: list[Detection]) -> list[Any]:
    """All but when it was received."""
    return sorted(repr(replace(one, came=START)) for one in detections)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_order_of_arrival_changes_nothing(seed: int, other: int) -> None:
    events = months(seed % 50, 250)
    assert said(found(travelled(events, seed))) == said(found(travelled(events, other)))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 249))
def test_a_restart_anywhere_changes_nothing(seed: int, at: int) -> None:
    events = travelled(months(seed % 50, 250), seed)
    memory = five.Memory()
    first = list(five.look(events[:at], memory, KNOWN, five.Settings()))
    kept = memory.kept()
    assert five.remembered(kept).kept() == kept
    assert said([*first, *found(events[at:], five.remembered(kept))]) == said(found(events))


def test_each_event_goes_through_once() -> None:
    events = travelled(months(3, 400), 3)
    waiting = Order()
    passed = [*waiting.sort(events), *waiting.rest()]
    assert sorted(one.key for one in passed) == sorted(one.key for one in events)
    assert [one.event.at for one in passed] == sorted(one.event.at for one in events)


def test_what_comes_much_too_late_is_looked_at_all_the_same() -> None:
    waiting = Order()
    late = replace(told(START, Action.LOGON), came=START + timedelta(hours=5))
    now = [told(START + timedelta(hours=5, seconds=second), Action.LOGON) for second in range(-40, 40)]
    assert late in [*waiting.sort(sorted([*now, late], key=lambda one: one.came)), *waiting.rest()]


@pytest.mark.parametrize("jump", [timedelta(hours=1), -timedelta(hours=1)])
def test_our_clock_jumps(jump: timedelta) -> None:
    """Nothing is lost and nothing told twice when what we stamp events with leaps."""
    events = months(7, 300)
    shifted = [
        replace(one, came=one.came + (jump if number >= 150 else timedelta())) for number, one in enumerate(events)
    ]
    waiting = Order()
    assert {one.key for one in [*waiting.sort(shifted), *waiting.rest()]} == {one.key for one in events}
    cases = [(one.case, one.count) for one in found(shifted)]
    assert len(cases) == len(set(cases))


def test_what_waits_goes_on_at_once_when_our_clock_went_back_and_nothing_more_comes() -> None:
    waiting = Order()
    assert list(waiting.sort([told(START, Action.LOGON)])) == []
    assert list(waiting.due(START)) == []
    assert len(list(waiting.due(START - timedelta(hours=1)))) == 1
    assert list(waiting.due(START - timedelta(hours=1))) == []


def test_what_behaviours_ask_of_a_line_is_held_back_and_nothing_else() -> None:
    """Fifty thousand lines of 256 KiB each, or of thirty thousand fields, would otherwise be held for half a minute."""
    fields = {"recipient": "x" * 9_000, "ends": True, "message": "Mme Martin", "times": 3, "Recipients": ["y"] * 9_000}
    waiting = Order()
    list(waiting.sort([told(START, Action.MAIL_SENT, fields=fields, user="z" * 9_000, host="srv")]))
    ((_at, _key, kept),) = waiting.held
    assert kept.event.fields == {
        "recipient": "x" * 4_096, "ends": True, "times": 3, "Recipients": str(["y"] * 9_000)[:4_096],
    }  # fmt: skip
    assert (kept.event.user, kept.event.host) == ("z" * 4_096, "srv")


def test_a_flood_does_not_wait() -> None:
    waiting = Order()
    flood = [told(START + timedelta(microseconds=number), Action.LOGON) for number in range(order.MOST + 500)]
    assert len(list(waiting.sort(flood))) == 500
    assert len(waiting.held) == order.MOST


def test_what_nobody_asks_for_is_passed_over() -> None:
    memory = five.Memory()
    list(five.look([told(START, Action.PROCESS) for _ in range(9)], memory, KNOWN, five.Settings()))
    assert memory == five.Memory()


def test_memory_stays_bounded_whatever_is_sent() -> None:
    pick, memory = random.Random(5), five.Memory()

    def hostile(number: int) -> Told:
        when = START + timedelta(seconds=number * 40)
        name = "x" * pick.randrange(2_000) + str(number)
        mac = f"b8:27:eb:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"
        return pick.choice((
            told(when, Action.LOGON, ok=pick.random() < 0.5, user=name, source=name, host=name, why="disabled"),
            told(when, Action.CONNECTION, source=f"198.18.{number % 256}.7", target=f"{number}.example.com",
                 target_zone=INTERNET, sent=10**13, port=number % 65_536, protocol=name[:50]),
            told(when, Action.DEVICE_SEEN, what=mac),
        ))  # fmt: skip

    list(five.look((hostile(number) for number in range(6_000)), memory, KNOWN, five.Settings()))
    middle = len(memory.kept())
    assert middle < 20_000_000
    table = {str(number): number for number in range(1_000)}
    assert trim(table, 500) == 550
    assert next(iter(table)) == "550"
    cases = Cases("x")
    event = told(START, Action.LOGON)
    for number in range(CASES_AT_MOST + 5):
        cases.take(str(number), event, START)
    assert len(cases.open) <= CASES_AT_MOST


def test_a_preview_counts_what_would_have_been_alerts() -> None:
    night = [
        told(datetime(2026, 11, day, 2, tzinfo=UTC), Action.LOGON, ok=True, user="a", person="person/a")
        for day in range(2, 7)
    ]
    now, off = five.Settings(), five.Settings(off=frozenset({"unusual_hours"}))
    wide = five.Settings(unusual_hours=unusual_hours.Settings(margin=24 * 60))
    found = list(five.preview("unusual_hours", night, KNOWN, (now, wide, off)))
    assert [(which, one.reason) for which, one in found] == [(0, "outside_declared")] * 5
    assert not list(five.preview("transfers", night, KNOWN, (now,)))


def test_each_site_has_its_own_settings_and_another_the_practice_s() -> None:
    people = tuple(Person(name, name, site=site) for name, site in (("a", "Annecy"), ("b", "Cluses"), ("c", None)))
    shifts = tuple(Presence(f"person/{name}", *[HOURS] * 7) for name in ("a", "b", "c"))
    zones = (Zone("salle", site="site/Annecy"), Zone("autre"))
    known = Known(people=people, presences=shifts, zones=zones, sites=(Site("Annecy"),))
    wide = five.Settings(unusual_hours=unusual_hours.Settings(margin=24 * 60))
    held = five.Settings(sites={"annecy": wide, "cluses": five.Settings(off=frozenset({"unusual_hours"}))})
    night = [
        told(START + timedelta(seconds=number), Action.LOGON, ok=True, user=name, person=f"person/{name}")
        for number, name in enumerate("abcabc")
    ]
    memory = five.Memory()
    found = [*five.look(night, memory, known, held), *five.settle(START + timedelta(hours=1), memory, known, held)]
    assert {one.subject for one in found} == {"person/c"}
    assert set(memory.unusual_hours.habits) == {"person/a", "person/b", "person/c"}
    assert known.site_of(told(START, Action.CONNECTION, zone="zone/salle")) == "annecy"
    assert known.site_of(told(START, Action.CONNECTION, zone="zone/autre")) is None
