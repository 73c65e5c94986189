"""R13: strong authentication by card wherever possible."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R13", fresh=timedelta(days=7))

RULE.awaiting("R13.1", "directory")
RULE.awaiting("R13.2", "directory", "firewall")
RULE.attested("R13.3")
