"""Reports of the staff: what was said, of which rows are only ever added, and what became of it."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class TipDoorRow(models.Model):
    """To whom the page is open that asks for no account; no row: to private networks."""

    practice = models.OneToOneField(PracticeRow, models.PROTECT)
    door = models.CharField(max_length=10)
    networks = models.TextField(blank=True)

    def __str__(self) -> str:
        """To whom."""
        return self.door


class TipRow(models.Model):
    """One report."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    code = models.CharField(max_length=20, unique=True)
    once = models.CharField(max_length=60, unique=True)
    """Marks a form that is sent twice."""
    look = models.CharField(max_length=10)
    received_at = models.DateTimeField()
    due = models.DateTimeField()
    host = models.CharField(max_length=300, null=True)
    address = models.CharField(max_length=45)
    where = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, null=True)
    incident = models.PositiveBigIntegerField(null=True)

    class Meta:
        """Lists ask for the open ones; limits ask who sent much lately."""

        indexes: ClassVar = [models.Index(fields=["practice", "handled_at"])]

    def __str__(self) -> str:
        """Its number."""
        return str(self.pk)


class TipWordRow(models.Model):
    """Something said or joined. ``digest``: of the file in the vault."""

    tip = models.ForeignKey(TipRow, models.PROTECT, related_name="words")
    place = models.PositiveIntegerField()
    at = models.DateTimeField(db_index=True)
    voice = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    text = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    once = models.CharField(max_length=60, null=True)

    class Meta:
        """Each word has its place, and is written once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tip", "place"], name="one_tip_word_a_place"),
        ]

    def __str__(self) -> str:
        """Where it stands."""
        return f"{self.tip_id}/{self.place}"
