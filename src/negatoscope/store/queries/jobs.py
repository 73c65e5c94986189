"""Jobs as pages show them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from negatoscope.store.jobs import JUDGEMENT
from negatoscope.store.models import JobRow
from negatoscope.store.models.jobs import OPEN_STATES, JobState
from negatoscope.store.queries.paging import Ask, Found, Reach, pick

FOLLOWED = 500
"""Ended jobs among which a streak of failures is looked for."""


@dataclass(frozen=True, slots=True)
class Job:
    """One look asked for, and how it is getting on."""

    id: int
    collector: str
    target: str
    settings: dict[str, Any]
    operator: str
    state: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int
    cancel_asked: bool
    outcome: str
    values: dict[str, Any]
    observation: int | None
    probe_id: int | None
    """Who makes it, if it is not the console itself."""

    @property
    def never_began(self) -> bool:
        """Cancelled while it waited: nothing was sent."""
        return self.state == JobState.CANCELLED and self.started_at is None

    @property
    def open(self) -> bool:
        """Not ended yet."""
        return self.state in OPEN_STATES


REACH = Reach(
    searched=("collector", "target", "operator", "outcome"),
    sorted={name: name for name in ("asked_at", "collector", "target", "state", "operator", "ended_at")},
    first_descending=True,
    filtered={"state": "state", "collector": "collector"},
)


def jobs(practice: int, ask: Ask) -> Found[Job]:
    """A page of the jobs."""
    return pick(JobRow.objects.filter(practice_id=practice), ask, REACH, _job)


def open_jobs(practice: int) -> list[Job]:
    """Jobs waiting or running, oldest first."""
    rows = JobRow.objects.filter(practice_id=practice, state__in=OPEN_STATES).order_by("asked_at")
    return [_job(row) for row in rows]


def judging(practice: int) -> bool:
    """Whether a judgement waits or runs."""
    return JobRow.objects.filter(practice_id=practice, collector=JUDGEMENT, state__in=OPEN_STATES).exists()


def job(practice: int, number: int) -> Job | None:
    """One job."""
    row = JobRow.objects.filter(practice_id=practice, pk=number).first()
    return _job(row) if row else None


def last_of(practice: int, collector: str, target: str | None = None) -> Job | None:
    """The newest job of a collector, of one of its targets if it is said."""
    rows = JobRow.objects.filter(practice_id=practice, collector=collector)
    if target is not None:
        rows = rows.filter(target=target)
    row = rows.order_by("-asked_at", "-pk").first()
    return _job(row) if row else None


def _job(row: JobRow) -> Job:
    return Job(**{name: getattr(row, name) for name in Job.__dataclass_fields__})


def failing(practice: int, least: int) -> list[tuple[str, int, int]]:
    """Looks whose last tries all failed, ``least`` of them or more: their name, how many, the first one's number."""
    tries: dict[str, list[tuple[int, str]]] = {}
    rows = JobRow.objects.filter(practice_id=practice, ended_at__isnull=False).order_by("-pk")[:FOLLOWED]
    for row in rows:
        tries.setdefault(f"{row.collector} {row.target}".strip(), []).append((row.pk, row.state))
    found = []
    for name, ended in tries.items():
        streak = list(takewhile(lambda one: one[1] == JobState.FAILED, ended))
        if len(streak) >= least:
            found.append((name, len(streak), streak[-1][0]))
    return found
