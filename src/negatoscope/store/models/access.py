"""What the console knows of secrets that are not its own: sealed log-ins of collectors, tokens of those who send."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow
from negatoscope.store.models.probes import ProbeRow


class CredentialRow(models.Model):
    """A log-in that collectors use by its name. ``sealed``: encrypted with a key file kept outside the database."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    """``password`` or ``private_key``."""
    username = models.CharField(max_length=200)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    used_at = models.DateTimeField(null=True)

    class Meta:
        """Settings of collectors name it."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "name"], name="one_credential_a_name")]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class SealedCodeRow(models.Model):
    """The code of an alarm that the register lists. ``sealed``: encrypted with a key file kept outside the database."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    ref = models.CharField(max_length=400)
    """Of the ``AlarmCode``."""
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=150)

    class Meta:
        """An alarm has one code at a time."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "ref"], name="one_code_an_alarm")]

    def __str__(self) -> str:
        """Whose code it is."""
        return self.ref


class TokenRow(models.Model):
    """What those who send to us must show, one a receiver and site. Only its hash is kept."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    receiver = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Receiver and name."""
        return f"{self.receiver} {self.name}"


class ScheduleRow(models.Model):
    """A look that is taken again and again. ``next_at``: the instant of the next one, stored, never recomputed."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    collector = models.CharField(max_length=40)
    target = models.CharField(max_length=300)
    settings = models.JSONField()
    every_hours = models.PositiveIntegerField()
    next_at = models.DateTimeField(db_index=True)
    active = models.BooleanField(default=True)
    created_by = models.CharField(max_length=150)
    probe = models.ForeignKey(ProbeRow, models.PROTECT, null=True)
    """Who makes the look, if it is not the console itself."""

    class Meta:
        """One rhythm for each look, from each place."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "collector", "target"], condition=models.Q(probe=None), name="one_rhythm_a_look"
            ),
            models.UniqueConstraint(
                fields=["practice", "collector", "target", "probe"], name="one_rhythm_a_look_of_a_probe"
            ),
        ]

    def __str__(self) -> str:
        """What it repeats."""
        return f"{self.collector} {self.target}"
