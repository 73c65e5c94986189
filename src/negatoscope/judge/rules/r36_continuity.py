"""R36: a current plan to continue and recover, and backups that a drill has restored."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R36", fresh=timedelta(days=7))

RULE.attested("R36.1")
RULE.attested("R36.2")
RULE.awaiting("R36.3", "backup")
RULE.awaiting("R36.4", "drills", "backup")
