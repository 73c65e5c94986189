"""R3: rights begin and end with a person's presence."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R3", fresh=timedelta(days=7))

RULE.attested("R3.1")
RULE.attested("R3.2")
RULE.awaiting("R3.3", "directory", "people")
RULE.awaiting("R3.4", "people", "agent")
RULE.awaiting("R3.5", "people", "directory")
RULE.awaiting("R3.6", "people", "premises", "directory")
RULE.awaiting("R3.7", "syslog", "people")
