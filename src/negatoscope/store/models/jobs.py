"""Long work: claimed by one loop, seen by everyone."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow
from negatoscope.store.models.probes import ProbeRow


class JobState(models.TextChoices):
    """Where a job stands. ``interrupted``: its process died; nothing of it was registered, or all of it."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


class JobRow(models.Model):
    """One look asked for. ``outcome``: a code; ``values``: what completes it."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    collector = models.CharField(max_length=40)
    target = models.CharField(max_length=300)
    settings = models.JSONField()
    operator = models.CharField(max_length=150)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.WAITING)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    process = models.IntegerField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict)
    observation = models.BigIntegerField(null=True)
    probe = models.ForeignKey(ProbeRow, models.PROTECT, null=True)
    """Who makes the look, if it is not the console itself."""

    class Meta:
        """The loop looks for the oldest waiting one."""

        indexes: ClassVar = [models.Index(fields=["state", "asked_at"])]

    def __str__(self) -> str:
        """What it does."""
        return f"{self.collector} {self.target}"
