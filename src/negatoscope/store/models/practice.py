"""The organisation and its places: every other row belongs to one."""

from django.db import models


class PracticeRow(models.Model):
    """A practice (cabinet)."""

    name = models.CharField(max_length=200)
    second_factor = models.CharField(max_length=14, default="approver", blank=True)
    """The least role that must have a second factor; empty: none must."""

    def __str__(self) -> str:
        """Its name."""
        return self.name


class SiteRow(models.Model):
    """One place of a practice."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Its name."""
        return self.name
