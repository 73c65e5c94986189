"""What lists, searches and look-ups need of the facts: made from them in the same transaction, never stated itself."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.evidence import ObservationRow
from negatoscope.store.models.practice import PracticeRow


class SubjectRow(models.Model):
    """One subject of one kind, its statements made one: what a list shows, sorts, filters and searches (ADR 5)."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=400)
    host = models.CharField(max_length=300, blank=True)
    holder = models.CharField(max_length=400, default="", blank=True)
    """The person answerable for it, where it has one: an account."""
    body = models.TextField()
    keys = models.JSONField()
    """What to sort and filter by: each field that is known, texts in lower case and without accents."""
    search = models.TextField()
    declared = models.BooleanField()
    at = models.DateTimeField()
    """When the newest look or word behind it was true."""
    seen = models.DateTimeField(null=True)
    """When an instrument last saw it; ``None``: people alone speak of it."""
    since = models.DateTimeField()
    """When it was first stated."""

    class Meta:
        """Read by kind, by name, by place or by holder."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "kind", "ref"], name="one_row_a_subject"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "host"]),
            models.Index(fields=["practice", "holder"]),
        ]

    def __str__(self) -> str:
        """Its kind and name."""
        return f"{self.kind} {self.ref}"


class ChangeRow(models.Model):
    """What one look or word changed of a subject: by field, before and after."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=400)
    host = models.CharField(max_length=300, blank=True)
    observation = models.ForeignKey(ObservationRow, models.PROTECT)
    values = models.JSONField()
    """``{field: [before, after]}``; empty: the subject is no longer told of."""

    class Meta:
        """Read by subject, and by host."""

        indexes: ClassVar = [
            models.Index(fields=["practice", "ref"]),
            models.Index(fields=["practice", "host"]),
        ]

    def __str__(self) -> str:
        """Its subject."""
        return f"{self.kind} {self.ref}"


class RevisionRow(models.Model):
    """A word of people that another replaced, kept for those who judge: holders, first and last days."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=400)
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=400)
    observation = models.ForeignKey(ObservationRow, models.PROTECT)
    """The word that replaced it."""

    class Meta:
        """Read by kind."""

        indexes: ClassVar = [models.Index(fields=["practice", "kind"], name="revisions_by_kind")]

    def __str__(self) -> str:
        """Its subject and what it said."""
        return f"{self.ref} {self.field} {self.before}"


class MarkRow(models.Model):
    """By what a host is known again: each mark of each host, under its own name."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    mark = models.CharField(max_length=400)
    host = models.CharField(max_length=300)

    class Meta:
        """Asked by mark; rewritten by host."""

        indexes: ClassVar = [
            models.Index(fields=["practice", "mark"]),
            models.Index(fields=["practice", "host"]),
        ]

    def __str__(self) -> str:
        """Mark and host."""
        return f"{self.mark} {self.host}"
