"""R16: one tool deploys settings and updates on the fleet."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R16", fresh=timedelta(days=7))

RULE.awaiting("R16.1", "agent")
RULE.awaiting("R16.2", "agent")
RULE.awaiting("R16.3", "agent", "arp")
