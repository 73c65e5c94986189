"""R33: keys, badges and alarm codes are guarded."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R33", fresh=timedelta(days=7))

RULE.awaiting("R33.1", "premises", "people")
RULE.awaiting("R33.2", "premises")
RULE.awaiting("R33.3", "premises", "people")
RULE.attested("R33.4")
