"""Looks that come back: the next instant is stored, missed ones are taken once, nothing piles up."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import START, TickingClock

from negatoscope.flows import rhythm
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.rhythm import Rhythm, RhythmRefused
from negatoscope.model.networks import HostKey
from negatoscope.store.models import JobRow, LedgerRow, ScheduleRow
from negatoscope.store.queries.schedules import schedules

WHO = "user:amelie"
HOUR = timedelta(hours=1)


def jobs() -> list[tuple[str, str]]:
    return list(JobRow.objects.order_by("pk").values_list("collector", "target"))


def test_a_look_is_queued_when_its_instant_comes(console: Console, clock: TickingClock) -> None:
    rhythm.repeat(console, WHO, Rhythm("local", "", 24, {}))
    assert rhythm.take_due(console) == 0
    clock.advance(24 * HOUR)
    assert rhythm.take_due(console) == 1
    assert jobs() == [("local", "")]
    assert rhythm.take_due(console) == 0
    (row,) = schedules(console.practice)
    assert row.last
    assert row.last.operator == f"schedule:{row.id}"
    assert row.next_at > clock.at


def test_looks_missed_during_a_stop_are_taken_once(console: Console, clock: TickingClock) -> None:
    rhythm.repeat(console, WHO, Rhythm("local", "", 2, {}))
    clock.advance(timedelta(days=20))
    assert rhythm.take_due(console) == 1
    assert rhythm.take_due(console) == 0
    assert clock.at < ScheduleRow.objects.get().next_at <= clock.at + 2 * HOUR


def test_a_look_still_open_is_not_asked_again(console: Console, clock: TickingClock) -> None:
    rhythm.repeat(console, WHO, Rhythm("local", "", 1, {}))
    for _ in range(5):
        clock.advance(HOUR)
        rhythm.take_due(console)
    assert jobs() == [("local", "")]


def test_a_paused_look_waits_and_a_resumed_one_is_taken_at_once(console: Console, clock: TickingClock) -> None:
    rhythm.repeat(console, WHO, Rhythm("local", "", 1, {}))
    number = ScheduleRow.objects.get().pk
    rhythm.pause(console, WHO, number)
    clock.advance(9 * HOUR)
    assert rhythm.take_due(console) == 0
    rhythm.resume(console, WHO, number)
    assert rhythm.take_due(console) == 1
    rhythm.forget(console, WHO, number)
    assert schedules(console.practice) == []
    kinds = LedgerRow.objects.values_list("kind", flat=True)
    assert {"schedule_set", "schedule_paused", "schedule_resumed", "schedule_removed"} <= set(kinds)


def test_a_look_has_one_rhythm(console: Console) -> None:
    for hours in (24, 12):
        rhythm.repeat(console, WHO, Rhythm("local", "", hours, {}))
    assert [one.every_hours for one in schedules(console.practice)] == [12]


def test_every_recognised_server_is_a_look_of_its_own(console: Console, clock: TickingClock) -> None:
    keys = [HostKey(place, "ssh-ed25519 AAAA", "Anne") for place in ("10.0.0.1:22", "10.0.0.2:22", "[fd00::1]:22")]
    declare(console, Said(WHO), keys)
    rhythm.repeat(console, WHO, Rhythm("ssh", rhythm.EVERYWHERE, 24, {"credential": "serveurs"}))
    clock.advance(25 * HOUR)
    assert rhythm.take_due(console) == 3
    assert jobs() == [("ssh", "10.0.0.1"), ("ssh", "10.0.0.2"), ("ssh", "fd00::1")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Rhythm("declared", "", 1, {}), "unknown_collector"), (Rhythm("rien", "", 1, {}), "unknown_collector"),
        (Rhythm("local", "", 0, {}), "hours"), (Rhythm("local", "", 10_000, {}), "hours"),
        (Rhythm("local", "", 1, {"colour": "blue"}), "settings"),
    ],
)  # fmt: skip
def test_what_cannot_be_repeated_is_refused(console: Console, said: Rhythm, code: str) -> None:
    with pytest.raises(RhythmRefused, match=code):
        rhythm.repeat(console, WHO, said)
    for act in (rhythm.pause, rhythm.resume, rhythm.forget):
        with pytest.raises(RhythmRefused, match="unknown"):
            act(console, WHO, 999)


@given(st.integers(1, 744), st.integers(0, 10_000_000))
def test_the_next_instant_is_the_first_of_its_rhythm_to_come(hours: int, late: int) -> None:
    now: datetime = START + timedelta(seconds=late)
    found = rhythm.after(START, hours, now)
    assert now < found <= now + hours * HOUR
    assert (found - START) % (hours * HOUR) == timedelta(0)


def test_every_collector_that_looks_far_has_a_proposed_rhythm() -> None:
    from negatoscope.flows.catalogue import COLLECTORS  # noqa: PLC0415 -- after Django's set-up

    assert {name for name, one in COLLECTORS.items() if one.capture} <= rhythm.PROPOSED.keys()
