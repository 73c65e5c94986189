"""R22: no Wi-Fi, or one that is cut off from the rest."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R22", fresh=timedelta(days=7))

RULE.awaiting("R22.1", "wifi", "snmp")
RULE.awaiting("R22.2", "wifi", "vantage")
RULE.awaiting("R22.3", "wifi")
RULE.attested("R22.4")
