"""R9: rules for choosing passwords and how long they must be."""

from datetime import timedelta

from negatoscope.judge.profiles import Asked, chosen, long_enough, mixed_enough
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.accounts import PasswordPolicy
from negatoscope.model.directory import DirectoryPolicy
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.passwords import PasswordChoice

RULE = Rule("R9", fresh=timedelta(days=7))

RULE.attested("R9.1")
RULE.attested("R9.2")


@RULE.measured("R9.3", on=COMPUTERS)
def passwords_are_long_enough(policies: Seen[PasswordPolicy], choice: Seen[PasswordChoice]) -> Said:
    """Refuse short passwords."""
    for policy in policies.facts:
        yield from long_enough(policy.ref, policy.min_length, chosen(choice))


@RULE.measured("R9.4", on=COMPUTERS)
def passwords_mix_characters(policies: Seen[PasswordPolicy], choice: Seen[PasswordChoice]) -> Said:
    """Refuse passwords made of too few sorts of characters for their length."""
    for policy in policies.facts:
        asked = Asked(policy.min_length, policy.min_classes, policy.lockout_attempts)
        yield from mixed_enough(policy.ref, asked, chosen(choice))


@RULE.measured("R9.5")
def the_directory_asks_as_much(policies: Seen[DirectoryPolicy], choice: Seen[PasswordChoice]) -> Said:
    """Judge every policy of a directory, the domain's own and the finer ones, as a computer's is."""
    for policy in policies.facts:
        asked = Asked(policy.min_length, policy.min_classes, policy.lockout_attempts)
        yield from long_enough(policy.ref, policy.min_length, chosen(choice))
        yield from mixed_enough(policy.ref, asked, chosen(choice))
