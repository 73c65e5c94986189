"""Rhythms as pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from negatoscope.store.models import JobRow, ScheduleRow
from negatoscope.store.queries.jobs import Job, job


@dataclass(frozen=True, slots=True)
class Schedule:
    """A look taken again and again, and how the last one ended."""

    id: int
    collector: str
    target: str
    every_hours: int
    next_at: datetime
    active: bool
    created_by: str
    probe_id: int | None
    """Who makes it, if it is not the console itself."""
    last: Job | None


def schedules(practice: int) -> list[Schedule]:
    """The rhythms of the practice, the next one first."""
    rows = list(ScheduleRow.objects.filter(practice_id=practice).order_by("-active", "next_at", "pk"))
    last = _last(practice, rows)
    names = [name for name in Schedule.__dataclass_fields__ if name != "last"]
    return [Schedule(**{name: getattr(row, name) for name in names}, last=last.get(row.pk)) for row in rows]


def _last(practice: int, rows: list[ScheduleRow]) -> dict[int, Job | None]:
    """The newest job of each rhythm."""
    wanted = {f"schedule:{row.pk}": row.pk for row in rows}
    jobs = JobRow.objects.filter(practice_id=practice, operator__in=wanted).order_by("pk").values_list("operator", "pk")
    newest = {wanted[operator]: number for operator, number in jobs}
    return {number: job(practice, newest[number]) for number in newest}


def settings(practice: int, number: int) -> dict[str, Any]:
    """The settings of one rhythm; empty where it is gone."""
    row = ScheduleRow.objects.filter(practice_id=practice, pk=number).first()
    return dict(row.settings) if row else {}
