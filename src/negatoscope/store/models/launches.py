"""The alert chain launched, and each person whom it calls."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class LaunchRow(models.Model):
    """One launch. ``once``: marks a form sent twice."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    once = models.CharField(max_length=60, unique=True)
    purpose = models.CharField(max_length=10)
    reach = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    suspect = models.JSONField(default=list)
    incident = models.PositiveBigIntegerField(null=True)
    total = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    why = models.TextField(blank=True)
    sheet = models.CharField(max_length=64, blank=True)
    """sha256 of the result sheet, in the vault."""

    class Meta:
        """The loop looks for those that go on."""

        indexes: ClassVar = [models.Index(fields=["practice", "state"])]

    def __str__(self) -> str:
        """Its number."""
        return str(self.pk)


class RingRow(models.Model):
    """One person of a launch. ``token``: of the address by which they answer, until the launch expires."""

    launch = models.ForeignKey(LaunchRow, models.CASCADE, related_name="rings")
    place = models.PositiveIntegerField()
    person = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    lines = models.JSONField(default=list)
    instead = models.CharField(max_length=200, blank=True)
    phones = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    """Numbers of the channels by which they are told."""
    ways = models.JSONField(default=list)
    """What these were called then."""
    mail = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="fr")
    token = models.CharField(max_length=40, unique=True)
    due = models.DateTimeField()
    until = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    mail_due = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, null=True)
    noted_by = models.CharField(max_length=200, blank=True)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        """Each is called once a launch."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["launch", "person"], name="rung_once")]

    def __str__(self) -> str:
        """Of which launch, at which place."""
        return f"{self.launch_id}/{self.place}"
