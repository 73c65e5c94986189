"""Observations and what was read from them. ``voice``: whose word a row is; a new look replaces its own word only."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow, SiteRow


class ObservationRow(models.Model):
    """A capture in the vault, and the look that brought it back. ``sequence``: its place in the journal."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    site = models.ForeignKey(SiteRow, models.PROTECT)
    sequence = models.BigIntegerField(unique=True)
    collector = models.CharField(max_length=40)
    target = models.CharField(max_length=300)
    voice = models.CharField(max_length=350)
    started = models.DateTimeField()
    ended = models.DateTimeField()
    recorded = models.DateTimeField()
    digest = models.CharField(max_length=64, db_index=True)
    operator = models.CharField(max_length=150)
    act = models.CharField(max_length=40)
    settings = models.JSONField()
    complete = models.BooleanField()
    facts = models.IntegerField(default=0)
    parcel = models.CharField(max_length=40, blank=True, default="")
    """Of a look made by a probe: its id and the number of the parcel."""

    class Meta:
        """Newest first is how people read them; a parcel is registered once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "parcel"], condition=~models.Q(parcel=""), name="one_parcel_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-sequence"])]

    def __str__(self) -> str:
        """Its place and origin."""
        return f"{self.sequence} {self.voice}"


class Stated(models.Model):
    """What every row read from a capture has."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    voice = models.CharField(max_length=350)
    observation = models.ForeignKey(ObservationRow, models.PROTECT)

    class Meta:
        """No table of its own."""

        abstract = True


class FactRow(Stated):
    """One typed statement: ``body`` is the fact's own JSON, declared once as a dataclass (ADR 1)."""

    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=400)
    host = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    declared = models.BooleanField()
    own = models.CharField(max_length=400, default="")
    """The subject under its host's own name: another than ``ref`` where a person said that two hosts are one."""
    told = models.TextField(blank=True)
    """The fact under that own name, where it is not ``body``: what is given back when the decision is withdrawn."""

    class Meta:
        """One word a voice on each subject."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "voice", "kind", "own"], name="one_word_a_voice"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "kind", "ref"]),
            models.Index(fields=["practice", "host"]),
        ]

    def __str__(self) -> str:
        """Its kind and subject."""
        return f"{self.kind} {self.ref}"


class SoftwareRow(Stated):
    """Software is counted in millions: columns of its own, reduced in SQL (ADR 1)."""

    host = models.CharField(max_length=300)
    name = models.CharField(max_length=300)
    version = models.CharField(max_length=200, null=True)
    publisher = models.CharField(max_length=300, null=True)
    own = models.CharField(max_length=300, blank=True)
    """The host's own name, where it is told under another."""

    class Meta:
        """Read by host, or by name and version across hosts."""

        indexes: ClassVar = [
            models.Index(fields=["practice", "host", "version"]),
            models.Index(fields=["practice", "name", "version", "host"]),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class SweepRow(Stated):
    """This voice looked for this kind, completely, when its observation ended."""

    kind = models.CharField(max_length=40)
    host = models.CharField(max_length=300, blank=True)
    network = models.CharField(max_length=50, blank=True)
    own = models.CharField(max_length=300, blank=True)
    """The host's own name, where it is told under another."""

    class Meta:
        """The last sweep of a voice is what counts."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "voice", "kind", "host", "network", "own"], name="last_sweep"),
        ]

    def __str__(self) -> str:
        """Its kind and place."""
        return f"{self.kind} {self.host or self.network}"


class GapRow(Stated):
    """What the last look of this voice could not see."""

    what = models.CharField(max_length=100)
    why = models.CharField(max_length=60)
    host = models.CharField(max_length=300, blank=True)
    values = models.JSONField()
    own = models.CharField(max_length=300, blank=True)
    """The host's own name, where it is told under another."""

    class Meta:
        """Each look ends the gaps of its own voice, however many others left."""

        indexes: ClassVar = [models.Index(fields=["practice", "voice"])]

    def __str__(self) -> str:
        """What and why."""
        return f"{self.what}: {self.why}"
