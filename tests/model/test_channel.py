"""Quiet hours on the wall's clock, and whom a channel tells of what."""

from datetime import UTC, datetime

import pytest

from negatoscope.model.alert import AlertStep, Priority
from negatoscope.model.channel import Channel, For, Quiet


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (Quiet(20, 7), "2026-11-02T19:59+01:00", "2026-11-02T19:59+01:00"),
        (Quiet(20, 7), "2026-11-02T20:00+01:00", "2026-11-03T07:00+01:00"),
        (Quiet(20, 7), "2026-11-03T06:59+01:00", "2026-11-03T07:00+01:00"),
        (Quiet(20, 7), "2026-03-28T23:00+01:00", "2026-03-29T07:00+02:00"),
        (Quiet(20, 7), "2026-10-24T23:00+02:00", "2026-10-25T07:00+01:00"),
        (Quiet(20, 7), "2026-10-25T02:30+01:00", "2026-10-25T07:00+01:00"),
        (Quiet(12, 14), "2026-11-02T13:00+01:00", "2026-11-02T14:00+01:00"),
        (Quiet(12, 14), "2026-11-02T14:00+01:00", "2026-11-02T14:00+01:00"),
        (Quiet(12, 14), "2026-11-02T11:00+01:00", "2026-11-02T11:00+01:00"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(quiet: Quiet, now: str, until: str) -> None:
    assert quiet.until(at(now)) == at(until)


def channel(for_whom: For, whom: str = "", *, active: bool = True) -> Channel:
    some = frozenset({Priority.LOW, Priority.HIGH})
    return Channel(1, "x", "ntfy", "n.example", for_whom, whom, some, Quiet(20, 7), "fr", active)


def test_whom_a_channel_tells() -> None:
    everybody, luc = channel(For.EVERYBODY), channel(For.PERSON, "person/Luc")
    late = channel(For.STEP, "after_20")
    assert everybody.hears(Priority.LOW, AlertStep.RAISED, ())
    assert not everybody.hears(Priority.MEDIUM, AlertStep.RAISED, ())
    assert not everybody.hears(Priority.LOW, AlertStep.HANDED, ())
    assert not channel(For.EVERYBODY, active=False).hears(Priority.LOW, AlertStep.RAISED, ())
    assert luc.hears(Priority.HIGH, AlertStep.HANDED, {"person/luc"})
    assert luc.hears(Priority.HIGH, AlertStep.RAISED, ())
    assert not luc.hears(Priority.HIGH, AlertStep.RAISED, {"person/anna"})
    assert late.hears(Priority.HIGH, AlertStep.AFTER_20, {"person/anna"})
    assert not late.hears(Priority.HIGH, AlertStep.AFTER_12, {"person/anna"})


def test_only_what_is_low_ever_waits() -> None:
    night = at("2026-11-02T23:00+01:00")
    one = channel(For.EVERYBODY)
    assert one.due(Priority.HIGH, night) == night
    assert one.due(Priority.LOW, night) == at("2026-11-03T07:00+01:00")
