"""Alerts: what somebody must handle, what each is made of, and what became of it."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class AlertRow(models.Model):
    """One alert. Its instants are stored when it is raised and never reckoned anew."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    mark = models.CharField(max_length=64)
    """Digest of kind, code and subject: what comes of the same joins it while it is open."""
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=100)
    subject = models.CharField(max_length=300)
    level = models.CharField(max_length=15)
    priority = models.CharField(max_length=6)
    because = models.JSONField(default=list)
    began = models.DateTimeField()
    due = models.DateTimeField()
    state = models.CharField(max_length=6)
    count = models.PositiveBigIntegerField(default=0)
    last = models.DateTimeField()
    owner = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=6, blank=True)
    conclusion = models.TextField(blank=True)

    class Meta:
        """One open alert of a kind about a subject."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "mark"], condition=models.Q(closed_at=None), name="one_open_alert"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "closed_at", "due"])]

    def __str__(self) -> str:
        """What it is about."""
        return f"{self.code} {self.subject}"


class AlertPartRow(models.Model):
    """One thing that goes on, as its detector told it last; where it goes on after closing it is part of another."""

    alert = models.ForeignKey(AlertRow, models.PROTECT, related_name="parts")
    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    case = models.CharField(max_length=64)
    """Digest of the detection's case."""
    reason = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    came = models.DateTimeField()
    before = models.PositiveBigIntegerField(default=0)
    """Events that an earlier alert told."""
    count = models.PositiveBigIntegerField()
    """Events in all, as the detector counts them."""
    keys = models.JSONField(default=list)
    usual = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)

    class Meta:
        """A case is told once in an alert."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "case"], name="one_case_an_alert")]
        indexes: ClassVar = [models.Index(fields=["practice", "case"])]

    def __str__(self) -> str:
        """Which case."""
        return self.case


class AlertStepRow(models.Model):
    """A line of an alert's history. ``once``: a step that time takes, one time and no more."""

    alert = models.ForeignKey(AlertRow, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    step = models.CharField(max_length=10)
    who = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True)
    reached = models.PositiveIntegerField(null=True)
    once = models.CharField(max_length=10, null=True)

    class Meta:
        """What time does is done once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["alert", "once"], name="one_escalation")]

    def __str__(self) -> str:
        """Which step."""
        return self.step
