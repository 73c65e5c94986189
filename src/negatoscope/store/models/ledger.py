"""The ledger's rows; its arithmetic is in ``prove.ledger``."""

from django.db import models


class LedgerRow(models.Model):
    """One entry of the chain."""

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        """Its place and kind."""
        return f"{self.sequence} {self.kind}"


class CheckpointRow(models.Model):
    """A signed size and head."""

    size = models.BigIntegerField()
    head = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        """Its size."""
        return str(self.size)


class KeyChangeRow(models.Model):
    """A succession of signing keys, signed by both."""

    old = models.CharField(max_length=64)
    new = models.CharField(max_length=64)
    old_signature = models.CharField(max_length=128)
    new_signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        """The new key."""
        return self.new
