"""Who may log in to the console."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from negatoscope.store.models.practice import PracticeRow, SiteRow


class User(AbstractUser):
    """A named person who uses the console."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT, related_name="users", null=True)
    second_factor_by = models.DateTimeField(null=True, blank=True)
    """Until when they may act fully without the second factor that their role asks for; ``None``: none is missing."""
    language = models.CharField(max_length=2, blank=True, default="")
    """Of the mails that they get, as they chose it on a page; empty: they never chose."""
    muted = models.JSONField(default=list, blank=True)
    """Kinds of notices that they turned off (``prove.telling.Kind``)."""


class Role(models.TextChoices):
    """What a user may do, each with all that those before it may."""

    READER = "reader"
    OPERATOR = "operator"
    """Launches looks, declares, imports, works on actions."""
    APPROVER = "approver"
    """Signs: attestations, waivers, consents, reviews."""
    ADMINISTRATOR = "administrator"
    """Decides who may do what, and where the product may look."""


class GrantRow(models.Model):
    """A role of a user, on the whole practice or on one site of it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    site = models.ForeignKey(SiteRow, models.PROTECT, null=True)
    """``None``: every site."""
    role = models.CharField(max_length=14, choices=Role.choices)

    class Meta:
        """One role a place."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "practice", "site"], name="one_role_a_site"),
            models.UniqueConstraint(
                fields=["user", "practice"], condition=models.Q(site=None), name="one_role_on_the_whole"
            ),
        ]

    def __str__(self) -> str:
        """The role."""
        return self.role


class FirstLink(models.Model):
    """The one-time link that makes the first administrator. Only the hash of its token is kept."""

    practice = models.OneToOneField(PracticeRow, models.CASCADE)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """When it was made."""
        return f"{self.created_at:%Y-%m-%d %H:%M}"
