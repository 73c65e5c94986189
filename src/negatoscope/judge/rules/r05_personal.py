"""R5: no personal device on the network, no professional mail sent on to private mailboxes."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R5", fresh=timedelta(days=7))

RULE.awaiting("R5.1", "arp", "wifi", "snmp")
RULE.awaiting("R5.2", "syslog")
RULE.awaiting("R5.3", "mail")
RULE.attested("R5.4")
RULE.attested("R5.5")
