"""Jobs in their table: asked for, claimed once, followed, ended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Case, When

from negatoscope.store.models import JobRow, JobState
from negatoscope.store.models.jobs import OPEN_STATES

__all__ = ["JUDGEMENT", "JobState", "abandoned", "ask", "ask_cancel", "ask_judgement", "claim", "end", "follow", "read"]


JUDGEMENT = "judgement"
"""What a job does that looks nowhere: it judges."""


def ask(practice: int, asked_at: datetime, fields: dict[str, Any]) -> int:
    """Put a job in the queue; the same look already waiting or running is not asked twice. Returns its number."""
    same = JobRow.objects.filter(
        practice_id=practice, collector=fields["collector"], target=fields["target"], state__in=OPEN_STATES
    ).first()
    return same.pk if same else JobRow.objects.create(practice_id=practice, asked_at=asked_at, **fields).pk


def ask_judgement(practice: int, asked_at: datetime, operator: str) -> int:
    """Put a judgement in the queue, unless one waits: one that runs may have read the register before what is new."""
    rows = JobRow.objects.filter(practice_id=practice, collector=JUDGEMENT)
    waiting = rows.filter(state=JobState.WAITING).first()
    if waiting:
        return waiting.pk
    fields = {"collector": JUDGEMENT, "target": "", "settings": {}, "operator": operator}
    return JobRow.objects.create(practice_id=practice, asked_at=asked_at, **fields).pk


def claim(at: datetime, besides: Collection[str] = ()) -> int | None:
    """Take the oldest waiting job, once, judgements before looks; returns its number.

    ``besides``: collectors at work already, whose jobs wait.
    """
    rows = JobRow.objects.filter(state=JobState.WAITING).exclude(collector__in=besides)
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


def ask_cancel(practice: int, number: int, at: datetime) -> bool:
    """Ask an open job to stop; one still waiting ends at once. Returns whether there was anything to stop."""
    jobs = JobRow.objects.filter(pk=number, practice_id=practice)
    if jobs.filter(state=JobState.WAITING).update(state=JobState.CANCELLED, ended_at=at, cancel_asked=True):
        return True
    return bool(jobs.filter(state=JobState.RUNNING).update(cancel_asked=True))


def end(number: int, state: JobState, at: datetime, **fields: Any) -> None:  # noqa: ANN401 -- columns of the job
    """Close a running job; one that already ended stays as it ended."""
    JobRow.objects.filter(pk=number, state=JobState.RUNNING).update(state=state, ended_at=at, process=None, **fields)


def abandoned() -> list[JobRow]:
    """Jobs that a loop claimed and never ended: what a new loop finds of the one before."""
    return list(JobRow.objects.filter(state=JobState.RUNNING))
