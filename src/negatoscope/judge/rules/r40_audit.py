"""R40: an audit at least once a year, each with its action plan."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R40", fresh=timedelta(days=7))

RULE.attested("R40.1")
RULE.awaiting("R40.2", "campaigns")
RULE.awaiting("R40.3", "campaigns")
