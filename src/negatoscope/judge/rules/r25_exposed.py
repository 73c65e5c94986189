"""R25: no administration interface answers to the Internet."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R25", fresh=timedelta(days=7))

RULE.awaiting("R25.1", "vantage")
RULE.awaiting("R25.2", "firewall")
