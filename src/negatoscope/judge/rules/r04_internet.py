"""R4: as few ways to the Internet as needed, and who takes them is known exactly."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R4", fresh=timedelta(days=7))

RULE.awaiting("R4.1", "firewall", "flows", "snmp")
RULE.awaiting("R4.2", "flows", "firewall")
RULE.attested("R4.3")
