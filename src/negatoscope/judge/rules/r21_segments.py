"""R21: hosts that hold what matters stand behind a gateway of their own."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R21", fresh=timedelta(days=7))

RULE.attested("R21.1")
RULE.awaiting("R21.2", "firewall", "snmp")
RULE.awaiting("R21.3", "vantage", "firewall")
