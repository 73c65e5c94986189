"""R28: administration accounts do not reach the Internet."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R28", fresh=timedelta(days=7))

RULE.awaiting("R28.1", "flows", "firewall")
