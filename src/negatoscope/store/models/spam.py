"""Signal Spam: where mails are reported to, and which left."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class SpamServiceRow(models.Model):
    """Whether mails may be reported from here, and where to; no row: they may not. Its account is a credential."""

    practice = models.OneToOneField(PracticeRow, models.PROTECT)
    address = models.CharField(max_length=300)
    active = models.BooleanField(default=False)
    tried_at = models.DateTimeField(null=True)
    tried = models.CharField(max_length=30, blank=True)
    """Why the account was not known at the last trial; empty: it was."""

    def __str__(self) -> str:
        """Where to."""
        return self.address


class SpamSendingRow(models.Model):
    """One mail on its way: written down before it leaves, settled once an answer came."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    tip = models.PositiveBigIntegerField(null=True)
    incident = models.PositiveBigIntegerField(null=True)
    address = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10, default="going")
    """``going``, ``taken``, ``refused``, ``unsure``."""
    status = models.PositiveIntegerField(null=True)
    why = models.CharField(max_length=30, blank=True)

    class Meta:
        """Asked by the mail."""

        indexes: ClassVar = [models.Index(fields=["practice", "digest"])]

    def __str__(self) -> str:
        """Which."""
        return self.digest
