"""R29: devices are administered from a network apart."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R29", fresh=timedelta(days=7))

RULE.awaiting("R29.1", "snmp", "firewall")
RULE.awaiting("R29.2", "vantage", "firewall")
