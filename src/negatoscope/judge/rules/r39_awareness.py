"""R39: users know the elementary rules."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R39", fresh=timedelta(days=7))

RULE.attested("R39.1")
RULE.attested("R39.2")
RULE.attested("R39.3")
RULE.attested("R39.4")
RULE.attested("R39.5")
RULE.attested("R39.6")
RULE.attested("R39.7")
RULE.awaiting("R39.8", "people")
