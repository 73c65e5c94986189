"""Who may log in to the console."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from negatoscope.store.models.practice import PracticeRow


class User(AbstractUser):
    """A named person who uses the console."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT, related_name="users", null=True)


class FirstLink(models.Model):
    """The one-time link that makes the first administrator. Only the hash of its token is kept."""

    practice = models.OneToOneField(PracticeRow, models.CASCADE)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """When it was made."""
        return f"{self.created_at:%Y-%m-%d %H:%M}"
