"""R9: rules for choosing passwords and how long they must be."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import PasswordPolicy
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Finding

RULE = Rule("R9", fresh=timedelta(days=7))
LENGTH = 12
"""Characters at least (ANSSI password note of 2012; CNIL 2022-100, first example of 80 bits)."""
CLASSES = 4
LONG = 14
"""From this length on, three classes weigh as much as four (CNIL 2022-100, second example of 80 bits)."""
CLASSES_WHEN_LONG = 3

RULE.attested("R9.1")
RULE.attested("R9.2")


@RULE.measured("R9.3", on=COMPUTERS)
def passwords_are_long_enough(policies: Seen[PasswordPolicy]) -> Said:
    """Refuse short passwords."""
    for policy in policies.facts:
        if policy.min_length is None:
            yield unread(policy.ref, "min_length")
        elif policy.min_length < LENGTH:
            yield Finding(policy.ref, "too_short", {"length": policy.min_length, "wanted": LENGTH})


@RULE.measured("R9.4", on=COMPUTERS)
def passwords_mix_characters(policies: Seen[PasswordPolicy]) -> Said:
    """Refuse passwords made of one kind of character."""
    for policy in policies.facts:
        wanted = CLASSES_WHEN_LONG if policy.min_length is None or policy.min_length >= LONG else CLASSES
        if policy.min_classes is None:
            yield unread(policy.ref, "min_classes")
        elif policy.min_length is None and wanted <= policy.min_classes < CLASSES:
            yield unread(policy.ref, "min_length")
        elif policy.min_classes < wanted:
            yield Finding(policy.ref, "few_classes", {"classes": policy.min_classes, "wanted": wanted})


RULE.awaiting("R9.5", "directory")
