"""Incidents: their log, of which rows are only ever added, and the little that lists are sorted by."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class IncidentRow(models.Model):
    """One incident, as its log says it stands."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10)
    origin = models.CharField(max_length=10)
    alert = models.PositiveBigIntegerField(null=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    """When something was last written."""

    class Meta:
        """An alert opens one incident."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "alert"], name="one_incident_an_alert"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "state"])]

    def __str__(self) -> str:
        """What it is called."""
        return self.title


class IncidentEntryRow(models.Model):
    """One line of a log. ``once``: what is not to be written twice, a form sent again or a reminder."""

    incident = models.ForeignKey(IncidentRow, models.PROTECT, related_name="entries")
    place = models.PositiveIntegerField()
    at = models.DateTimeField()
    who = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    word = models.JSONField()
    text = models.TextField(blank=True)
    element = models.CharField(max_length=200, blank=True)
    once = models.CharField(max_length=100, null=True)
    real_at = models.DateTimeField(null=True)
    """When it was written, where ``at`` is by the clock of an exercise."""

    class Meta:
        """Each line has its place."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "place"], name="one_entry_a_place"),
            models.UniqueConstraint(fields=["incident", "once"], name="one_entry_once"),
        ]

    def __str__(self) -> str:
        """Where it stands."""
        return f"{self.incident_id}/{self.place}"
