"""The verdict algebra: FAILED > UNPROVEN > PASSED > NOT_APPLICABLE, worst wins."""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The state of a control or a rule, in the words of ``negatoscope judge --json``."""

    FAILED = "failed"
    UNPROVEN = "unproven"
    PASSED = "passed"
    NOT_APPLICABLE = "not_applicable"


class Proof(StrEnum):
    """What stands under a settled verdict: an instrument's measure or a person's signed word."""

    MEASURED = "measured"
    ATTESTED = "attested"


_SEVERITY = {Verdict.FAILED: 3, Verdict.UNPROVEN: 2, Verdict.PASSED: 1, Verdict.NOT_APPLICABLE: 0}


def combine(verdicts: Iterable[Verdict]) -> Verdict:
    """Worst wins. Nothing to combine is UNPROVEN: silence proves nothing."""
    return max(verdicts, key=_SEVERITY.__getitem__, default=Verdict.UNPROVEN)
