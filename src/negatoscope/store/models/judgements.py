"""Verdicts, each at its own instant."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class JudgementRow(models.Model):
    """Forty verdicts at one instant. ``digest``: sha256 of their canonical JSON, the same on every replay."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        """When."""
        return f"{self.at:%Y-%m-%d %H:%M}"


class RuleResultRow(models.Model):
    """One film. ``controls``: the control results, JSON compressed with zstd."""

    judgement = models.ForeignKey(JudgementRow, models.CASCADE, related_name="results")
    rule = models.CharField(max_length=4)
    number = models.SmallIntegerField()
    verdict = models.CharField(max_length=20)
    proof = models.CharField(max_length=10, null=True)
    oldest = models.DateTimeField(null=True)
    settled = models.SmallIntegerField()
    total = models.SmallIntegerField()
    findings = models.IntegerField()
    doubts = models.IntegerField()
    controls = models.BinaryField()

    class Meta:
        """A rule is judged once a judgement."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["judgement", "number"], name="one_verdict_a_rule"),
        ]

    def __str__(self) -> str:
        """Rule and verdict."""
        return f"{self.rule} {self.verdict}"
