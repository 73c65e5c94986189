"""Probes on the network: who they are, what they delivered, and which log-ins they were lent."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow, SiteRow


class ProbeRow(models.Model):
    """A probe, from the code that lets it in to the day on which nobody listens to it any more."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    ident = models.CharField(max_length=16, unique=True)
    """Drawn at random; it stands in its certificate and tells nothing."""
    name = models.CharField(max_length=80)
    site = models.ForeignKey(SiteRow, models.PROTECT)
    """Where it stands; the console's own site for one beside it."""
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)
    code_hash = models.CharField(max_length=64, blank=True)
    """Of the secret that lets it in; empty once it is in, or once the code is dead."""
    code_until = models.DateTimeField(null=True)
    code_tries = models.IntegerField(default=0)
    """Wrong secrets shown while this one stood."""
    sealed = models.BinaryField(null=True)
    """The secret of a probe that is enrolled by file, encrypted with a key file kept outside the database."""
    certificate = models.TextField(blank=True)
    serial = models.CharField(max_length=64, blank=True, db_index=True)
    enrolled_at = models.DateTimeField(null=True)
    edition = models.CharField(max_length=40, blank=True)
    contact_at = models.DateTimeField(null=True)
    offset = models.FloatField(null=True)
    """Seconds that its clock is behind ours; ``None``: it never told the time."""
    full = models.BooleanField(default=False)
    """It has no room for another look."""
    revoked_at = models.DateTimeField(null=True)
    lost = models.BooleanField(default=False)
    refused = models.IntegerField(default=0)
    """Parcels that were not taken."""
    refused_why = models.CharField(max_length=60, blank=True)
    """Why the last of them was not."""

    class Meta:
        """A revoked probe leaves its name to the next one."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "name"], condition=models.Q(revoked_at=None), name="one_probe_a_name"
            ),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class ParcelRow(models.Model):
    """A parcel that was registered: its place in the chain of its probe."""

    probe = models.ForeignKey(ProbeRow, models.PROTECT)
    number = models.IntegerField()
    head = models.CharField(max_length=64)
    """sha256 of its header line."""
    previous = models.CharField(max_length=64, blank=True)
    """The same, of the parcel before."""
    received_at = models.DateTimeField()
    observation = models.BigIntegerField()

    class Meta:
        """A number is used once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["probe", "number"], name="one_parcel_a_number")]

    def __str__(self) -> str:
        """Its number."""
        return str(self.number)


class LendingRow(models.Model):
    """A log-in that a probe was lent for one look."""

    probe = models.ForeignKey(ProbeRow, models.PROTECT)
    credential = models.CharField(max_length=80)
    job = models.IntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Its name."""
        return self.credential
