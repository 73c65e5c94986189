"""Jobs in their table: asked for, claimed once, followed, ended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, When

from negatoscope.store.models import JobRow, JobState
from negatoscope.store.models.jobs import OPEN_STATES

__all__ = [
    "JUDGEMENT", "PARCELS", "PREVIEW", "JobRow", "JobState", "abandoned", "ask", "ask_cancel", "ask_judgement",
    "ask_preview", "claim", "delivered", "end", "end_cancelled", "end_of_probe", "follow", "hand_out", "keep_count",
    "of_probe", "one_of_probe", "overdue", "read", "running",
]  # fmt: skip


CALLED_OFF = "cancelled"
"""Why a job ended that somebody stopped."""
JUDGEMENT = "judgement"
"""What a job does that looks nowhere: it judges."""
PREVIEW = "preview"
"""The same: it weighs past events with other settings."""
PARCELS = "parcels"
"""In the values of a job: how many came of it."""


def ask(practice: int, asked_at: datetime, fields: dict[str, Any]) -> int:
    """Put a job in the queue; the same look already waiting or running is not asked twice. Returns its number."""
    look = {"collector": fields["collector"], "target": fields["target"], "probe": fields.get("probe_id")}
    same = JobRow.objects.filter(practice_id=practice, state__in=OPEN_STATES, **look).first()
    return same.pk if same else JobRow.objects.create(practice_id=practice, asked_at=asked_at, **fields).pk


def ask_judgement(practice: int, asked_at: datetime, operator: str) -> int:
    """Put a judgement in the queue, unless one waits: one that runs may have read the register before what is new."""
    rows = JobRow.objects.filter(practice_id=practice, collector=JUDGEMENT)
    waiting = rows.filter(state=JobState.WAITING).first()
    if waiting:
        return waiting.pk
    fields = {"collector": JUDGEMENT, "target": "", "settings": {}, "operator": operator}
    return JobRow.objects.create(practice_id=practice, asked_at=asked_at, **fields).pk


def ask_preview(practice: int, asked_at: datetime, operator: str, settings: dict[str, Any]) -> int:
    """Put a preview in the queue; one of the same settings that waits or runs is not asked twice."""
    rows = JobRow.objects.filter(practice_id=practice, collector=PREVIEW, state__in=OPEN_STATES)
    same = next((row.pk for row in rows if row.settings == settings), None)
    if same is not None:
        return same
    fields = {"collector": PREVIEW, "target": "", "settings": settings, "operator": operator}
    return JobRow.objects.create(practice_id=practice, asked_at=asked_at, **fields).pk


def claim(at: datetime, besides: Collection[str] = ()) -> int | None:
    """Take the oldest waiting job, once, judgements before looks; returns its number.

    ``besides``: collectors at work already, whose jobs wait.
    """
    rows = JobRow.objects.filter(state=JobState.WAITING, probe=None).exclude(collector__in=besides)
    queue = rows.order_by(Case(When(collector=JUDGEMENT, then=0), default=1), "asked_at")
    for number in queue.values_list("pk", flat=True):
        waiting = JobRow.objects.filter(pk=number, state=JobState.WAITING)
        if waiting.update(state=JobState.RUNNING, started_at=at):
            return number
    return None


def read(number: int) -> JobRow:
    """One job as it stands."""
    return JobRow.objects.get(pk=number)


def follow(number: int, **fields: Any) -> None:  # noqa: ANN401 -- columns of the job
    """Write how a running job is getting on."""
    JobRow.objects.filter(pk=number).update(**fields)


def ask_cancel(practice: int, number: int, at: datetime, why: str = CALLED_OFF) -> bool:
    """Ask an open job to stop; one still waiting ends at once. Returns whether there was anything to stop."""
    jobs = JobRow.objects.filter(pk=number, practice_id=practice)
    jobs.filter(state__in=OPEN_STATES).update(outcome=why)
    if jobs.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, ended_at=at, cancel_asked=True):
        return True
    return bool(jobs.filter(state=JobState.RUNNING).update(cancel_asked=True))


def end(number: int, state: JobState, at: datetime, **fields: Any) -> None:  # noqa: ANN401 -- columns of the job
    """Close a running job; one that already ended stays as it ended."""
    JobRow.objects.filter(pk=number, state=JobState.RUNNING).update(state=state, ended_at=at, process=None, **fields)


def end_cancelled(number: int, at: datetime) -> None:
    """Close a running job that was asked to stop; why it was asked stays."""
    JobRow.objects.filter(pk=number, state=JobState.RUNNING).update(state=JobState.CANCELLED, ended_at=at, process=None)


def running(practice: int) -> list[JobRow]:
    """Looks under way, by whomever they are made."""
    rows = JobRow.objects.filter(practice_id=practice, state=JobState.RUNNING)
    return list(rows.exclude(collector__in=(JUDGEMENT, PREVIEW)))


def abandoned() -> list[JobRow]:
    """Jobs that a loop claimed and never ended: what a new loop finds of the one before."""
    return list(JobRow.objects.filter(state=JobState.RUNNING, probe=None))


def of_probe(probe: int, besides: Collection[int] = ()) -> list[JobRow]:
    """Open jobs of a probe that it does not hold yet, the oldest first."""
    rows = JobRow.objects.filter(probe_id=probe, state__in=OPEN_STATES, cancel_asked=False).exclude(pk__in=besides)
    return list(rows.order_by("pk"))


def one_of_probe(probe: int, number: int) -> JobRow | None:
    """A job, if it is this probe's."""
    return JobRow.objects.filter(probe_id=probe, pk=number).first()


def hand_out(number: int, at: datetime, values: dict[str, Any]) -> None:
    """A probe takes a job; ``started_at`` stays the first time."""
    JobRow.objects.filter(pk=number, started_at=None).update(started_at=at)
    JobRow.objects.filter(pk=number).update(state=JobState.RUNNING, values=values)


def end_of_probe(probe: int, at: datetime) -> None:
    """No job of a probe goes on."""
    rows = JobRow.objects.filter(probe_id=probe, state__in=OPEN_STATES)
    rows.update(state=JobState.CANCELLED, ended_at=at, cancel_asked=True, outcome="probe_revoked")


def delivered(number: int, state: JobState, at: datetime, **fields: Any) -> None:  # noqa: ANN401 -- columns of the job
    """The parcel of a look came, be it late: what was given up has an end after all."""
    rows = JobRow.objects.filter(pk=number).exclude(state__in=(JobState.DONE, JobState.CANCELLED))
    rows.update(state=state, ended_at=at, **fields)


def keep_count(number: int, parcels: int) -> None:
    """So many parcels came of a look by now."""
    follow(number, values={**JobRow.objects.get(pk=number).values, PARCELS: parcels})


def overdue(at: datetime) -> list[JobRow]:
    """Jobs of probes whose last instant has passed."""
    rows = JobRow.objects.filter(state__in=OPEN_STATES).exclude(probe=None)
    return [row for row in rows if row.values.get("until", "9") < at.isoformat()]
