"""R38: an infected host is never just cleaned."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R38", fresh=timedelta(days=7))

RULE.awaiting("R38.1", "incident")
RULE.awaiting("R38.2", "incident")
RULE.awaiting("R38.3", "incident")
RULE.awaiting("R38.4", "incident", "vulnerabilities")
RULE.awaiting("R38.5", "incident")
RULE.awaiting("R38.6", "incident", "flows")
RULE.awaiting("R38.7", "incident")
RULE.awaiting("R38.8", "incident")
RULE.awaiting("R38.9", "incident")
RULE.attested("R38.10")
