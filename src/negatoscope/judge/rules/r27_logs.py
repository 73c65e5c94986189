"""R27: how logs are analysed is written down, and done."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R27", fresh=timedelta(days=7))

RULE.attested("R27.1")
RULE.awaiting("R27.2", "mail", "syslog")
RULE.awaiting("R27.3", "syslog")
RULE.attested("R27.4", lasts=timedelta(days=8))
RULE.awaiting("R27.5", "syslog")
