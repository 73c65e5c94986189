"""Channels of alerts, and what went out by each."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class ChannelRow(models.Model):
    """A way by which alerts reach somebody. ``sealed``: its address, which bears tokens."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    name = models.CharField(max_length=80)
    service = models.CharField(max_length=10)
    where = models.CharField(max_length=254)
    """What of the address is no secret."""
    sealed = models.BinaryField()
    for_whom = models.CharField(max_length=10)
    whom = models.CharField(max_length=300, blank=True)
    priorities = models.JSONField(default=list)
    quiet_begins = models.PositiveSmallIntegerField(null=True)
    quiet_ends = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=2, default="fr")
    active = models.BooleanField(default=True)
    depends = models.JSONField(null=True)
    """What of the practice it needs; nothing: nobody said."""
    rests_until = models.DateTimeField(null=True)
    """A server that fails is left in peace."""
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        """Each is called something else."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "name"], name="one_channel_a_name")]

    def __str__(self) -> str:
        """What it is called."""
        return self.name


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    WAITING = "waiting"
    GOING = "going"
    SENT = "sent"
    GIVEN_UP = "given_up"
    SPARED = "spared"
    """The alert was closed before."""


class DeliveryRow(models.Model):
    """One alert at one step by one channel: written down before it is sent. ``key``: it is told once."""

    channel = models.ForeignKey(ChannelRow, models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=100)
    alert = models.PositiveBigIntegerField(null=True)
    """Nothing: an incident, or a trial."""
    incident = models.PositiveBigIntegerField(null=True)
    """Which incident, where it is told that the clock of a duty runs."""
    duty = models.CharField(max_length=10, blank=True)
    ring = models.PositiveBigIntegerField(null=True)
    """Who is called, where the alert chain was launched."""
    step = models.CharField(max_length=10)
    letter = models.CharField(max_length=40, blank=True)
    """The message that bears it, the same at each try."""
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    """When the newest try began."""
    error = models.CharField(max_length=30, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Once each; the loop looks for those that wait."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "key"], name="called_once")]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"]), models.Index(fields=["alert"])]

    def __str__(self) -> str:
        """What it tells."""
        return self.key
