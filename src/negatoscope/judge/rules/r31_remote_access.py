"""R31: from afar, only with the practice's own hosts, strong authentication and robust encryption."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R31", fresh=timedelta(days=7))

RULE.awaiting("R31.1", "firewall")
RULE.awaiting("R31.2", "firewall")
RULE.awaiting("R31.3", "firewall", "tls")
