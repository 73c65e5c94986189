"""Looks that are taken again and again: the next instant is stored, and what was missed is made up for once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.scheduling import Asked, ask
from negatoscope.model.networks import HostKey
from negatoscope.store import schedules

PROPOSED = {
    "local": 24,
    "ssh": 24,
    "directory": 24,
    "nmap": 168,
    "snmp": 24,
    "ipp": 24,
    "dicom": 168,
    "tls": 168,
    "upnp": 168,
    "vantage": 168,
    "defaults": 720,
}
"""Hours between two looks, where nobody says otherwise."""
EVERYWHERE = "*"
"""The target of an SSH rhythm that stands for every server whose key a person accepted."""
MOST_HOURS = 24 * 31


class RhythmRefused(Exception):  # noqa: N818 -- what it is
    """Not taken. ``code``: ``unknown_collector``, ``hours``, ``settings``, ``unknown``."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Rhythm:
    """One look, and how often."""

    collector: str
    target: str
    every_hours: int
    settings: dict[str, Any]
    probe_id: int | None = None
    """Who makes it, if it is not the console itself."""


def repeat(console: Console, operator: str, rhythm: Rhythm, first: datetime | None = None) -> None:
    """Take a look again and again; the same look has one rhythm. Raises RhythmRefused."""
    one = COLLECTORS.get(rhythm.collector)
    if one is None or one.capture is None:
        raise RhythmRefused("unknown_collector")
    if not 1 <= rhythm.every_hours <= MOST_HOURS:
        raise RhythmRefused("hours")
    try:
        msgspec.convert(rhythm.settings, one.settings)
    except msgspec.ValidationError as error:
        raise RhythmRefused("settings") from error
    with alone(console):
        at = first or console.clock() + timedelta(hours=rhythm.every_hours)
        said = {name: getattr(rhythm, name) for name in Rhythm.__dataclass_fields__}
        schedules.put(console.practice, said, next_at=at, created_by=operator)
        enter(console, console.clock(), "schedule_set", operator, said)


def pause(console: Console, operator: str, number: int) -> None:
    """Stop taking a look; its rhythm is kept. Raises RhythmRefused."""
    _turn(console, operator, number, active=False)


def resume(console: Console, operator: str, number: int) -> None:
    """Take a paused look again, the first one now. Raises RhythmRefused."""
    _turn(console, operator, number, active=True)


def _turn(console: Console, operator: str, number: int, *, active: bool) -> None:
    with alone(console):
        if not schedules.turn(console.practice, number, console.clock(), active=active):
            raise RhythmRefused("unknown")
        kind = "schedule_resumed" if active else "schedule_paused"
        enter(console, console.clock(), kind, operator, {"schedule": number})


def forget(console: Console, operator: str, number: int) -> None:
    """Drop a rhythm. Raises RhythmRefused."""
    with alone(console):
        if not schedules.remove(console.practice, number):
            raise RhythmRefused("unknown")
        enter(console, console.clock(), "schedule_removed", operator, {"schedule": number})


def take_due(console: Console) -> int:
    """Queue every look whose instant has come; returns how many jobs. However many were missed, each is asked once."""
    now = console.clock()
    if not schedules.any_due(console.practice, now):
        return 0
    asked = 0
    with alone(console):
        for row in schedules.due(console.practice, now):
            schedules.next_time(row, after(row.next_at, row.every_hours, now))
            for target in _targets(console, row.collector, row.target):
                ask(console, Asked(row.collector, target, f"schedule:{row.pk}", row.settings, row.probe_id))
                asked += 1
    return asked


def after(last: datetime, every_hours: int, now: datetime) -> datetime:
    """The first instant of this rhythm later than ``now``."""
    step = timedelta(hours=every_hours)
    return last + step * ((now - last) // step + 1)


def _targets(console: Console, collector: str, target: str) -> list[str]:
    if (collector, target) != ("ssh", EVERYWHERE):
        return [target]
    keys = StoredRegister(console.practice).seen(HostKey).facts
    return sorted({key.place.rpartition(":")[0].strip("[]") for key in keys})
