"""R7: a written update policy, strictly applied."""

from datetime import timedelta

from negatoscope.judge.rule import Rule

RULE = Rule("R7", fresh=timedelta(days=7))

RULE.attested("R7.1")
RULE.attested("R7.2")
RULE.attested("R7.3")
RULE.awaiting("R7.4", "vulnerabilities", "agent")
RULE.awaiting("R7.5", "vulnerabilities", "dicom")
