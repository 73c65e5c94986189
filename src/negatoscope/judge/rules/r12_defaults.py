"""R12: no device keeps the credentials it was sold with."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R12", fresh=timedelta(days=7))

RULE.awaiting("R12.1", "defaults", "snmp")
RULE.awaiting("R12.2", "defaults", "dicom")
RULE.awaiting("R12.3", "defaults", "ipp")
RULE.attested("R12.4")
