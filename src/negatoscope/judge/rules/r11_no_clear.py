"""R11: no password in clear in files, none remembered by a program."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R11", fresh=timedelta(days=7))

RULE.awaiting("R11.1", "secrets")
RULE.awaiting("R11.2", "secrets")
