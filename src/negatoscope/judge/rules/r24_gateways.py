"""R24: Internet, service zone and internal network are kept apart."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R24", fresh=timedelta(days=7))

RULE.awaiting("R24.1", "firewall", "vantage")
RULE.awaiting("R24.2", "firewall")
RULE.awaiting("R24.3", "firewall")
RULE.attested("R24.4")
