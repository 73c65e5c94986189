"""R34: no live network socket where the public may go."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R34", fresh=timedelta(days=7))

RULE.attested("R34.1")
RULE.awaiting("R34.2", "snmp")
RULE.awaiting("R34.3", "snmp")
RULE.awaiting("R34.4", "snmp")
RULE.awaiting("R34.5", "snmp")
RULE.awaiting("R34.6", "snmp")
