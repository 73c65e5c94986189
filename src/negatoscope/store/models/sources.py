"""What came from those who send logs, by the hour."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class SourceHourRow(models.Model):
    """One sender's hour by our clock. ``lost``: how many records were not kept, or not as they came, by why."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    sender = models.CharField(max_length=250)
    hour = models.DateTimeField()
    first = models.DateTimeField()
    last = models.DateTimeField()
    received = models.BigIntegerField(default=0)
    octets = models.BigIntegerField(default=0)
    longest = models.FloatField(default=0)
    """Seconds of the longest silence that began in this hour and is over."""
    lost = models.JSONField(default=dict)
    skew = models.FloatField(null=True)
    """Seconds by which its clock is behind ours: the median of what came in this hour; unknown until it was read."""

    class Meta:
        """Counted once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "sender", "hour"], name="one_hour_a_sender")
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "hour"])]

    def __str__(self) -> str:
        """Who, and when."""
        return f"{self.sender} {self.hour}"
