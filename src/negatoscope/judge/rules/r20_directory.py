"""R20: the central directory is audited regularly and its rights are correct."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R20", fresh=timedelta(days=7))

RULE.awaiting("R20.1", "directory")
RULE.awaiting("R20.2", "directory")
RULE.awaiting("R20.3", "directory", "agent")
