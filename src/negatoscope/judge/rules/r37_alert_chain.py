"""R37: everyone knows whom to call."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R37", fresh=timedelta(days=7))

RULE.attested("R37.1")
RULE.attested("R37.2")
RULE.awaiting("R37.3", "people", "drills")
RULE.awaiting("R37.4", "drills")
