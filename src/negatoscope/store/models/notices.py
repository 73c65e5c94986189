"""What the console tells people by mail: written down first, then sent, at most once each."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class NoticeRow(models.Model):
    """One message to one address. ``key``: nothing is told twice. ``code`` and ``values``: what it says."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    key = models.CharField(max_length=300)
    code = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    to = models.CharField(max_length=254)
    kind = models.CharField(max_length=10, default="", blank=True)
    """``prove.telling.Kind``."""
    language = models.CharField(max_length=2, default="", blank=True)
    letter = models.CharField(max_length=40, default="", blank=True)
    """The letter that bears it, once one was made; it stays in it, so that a second try is the same."""
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING)
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Once each; the loop looks for those that wait."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "key", "to"], name="told_once")]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        """What it says, and to whom."""
        return f"{self.code} {self.to}"
