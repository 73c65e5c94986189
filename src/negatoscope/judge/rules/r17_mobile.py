"""R17: mobile devices obey a policy at least as strict as fixed ones."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R17", fresh=timedelta(days=7))

RULE.awaiting("R17.1", "agent")
RULE.awaiting("R17.2", "agent", "directory")
