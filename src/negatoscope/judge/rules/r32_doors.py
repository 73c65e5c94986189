"""R32: robust access control of the premises."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R32", fresh=timedelta(days=7))

RULE.awaiting("R32.1", "premises")
RULE.attested("R32.2")
RULE.attested("R32.3")
RULE.attested("R32.4", lasts=timedelta(days=100))
