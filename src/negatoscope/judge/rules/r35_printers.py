"""R35: nothing printed is left lying, nothing stored is thrown away readable."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R35", fresh=timedelta(days=7))

RULE.awaiting("R35.1", "ipp")
RULE.attested("R35.2", lasts=timedelta(days=31))
RULE.attested("R35.3")
RULE.awaiting("R35.4", "premises")
