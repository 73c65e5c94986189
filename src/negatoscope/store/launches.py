"""Launches of the alert chain in their tables. Called by a writer who is alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from negatoscope.model.launch import LaunchState, Told
from negatoscope.store.models import LaunchRow, RingRow


def begin(practice: int, fields: Mapping[str, Any], rings: Sequence[Mapping[str, Any]]) -> int:
    """Write a launch with all whom it may call; returns its number."""
    number = LaunchRow.objects.create(practice_id=practice, state=LaunchState.RUNNING, **fields).pk
    RingRow.objects.bulk_create([RingRow(launch_id=number, **told) for told in rings])
    return number


def ring(number: int) -> RingRow:
    """One person of a launch, with what only messages to them bear."""
    return RingRow.objects.get(pk=number)


def called(number: int, now: datetime, mail_due: datetime | None) -> None:
    """They are called now; ``mail_due``: when by mail too."""
    RingRow.objects.filter(pk=number).update(called_at=now, mail_due=mail_due)


def mailed(number: int) -> None:
    """Their mail is written down."""
    RingRow.objects.filter(pk=number).update(mail_due=None)


def answered(number: int, now: datetime, how: Told, noted_by: str) -> None:
    """They answered."""
    RingRow.objects.filter(pk=number).update(answered_at=now, how=how, noted_by=noted_by[:200], mail_due=None)


def missed(number: int, now: datetime) -> None:
    """They did not pick up."""
    RingRow.objects.filter(pk=number).update(missed_at=now)


def moved(times: Mapping[int, tuple[datetime, datetime]]) -> None:
    """These are called at other instants."""
    for number, (due, until) in times.items():
        RingRow.objects.filter(pk=number).update(due=due, until=until)


def end(number: int, state: LaunchState, now: datetime, by: str = "", why: str = "") -> None:
    """Nobody else is called."""
    LaunchRow.objects.filter(pk=number).update(state=state, ended_at=now, ended_by=by[:200], why=why)
    RingRow.objects.filter(launch_id=number).update(mail_due=None)


def keep_sheet(number: int, digest: str) -> None:
    """Its result sheet is in the vault."""
    LaunchRow.objects.filter(pk=number).update(sheet=digest)
