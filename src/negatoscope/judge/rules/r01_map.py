"""R1: a precise, current map of the information system, kept off the network that it shows."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS, Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.software import SoftwareCensus

RULE = Rule("R1", fresh=timedelta(days=7))
PLACEHOLDERS = frozenset({
    "", "0", "na", "none", "null", "unknown", "other", "defaultstring", "notspecified", "notapplicable",
    "systemproductname", "systemname", "productname", "tobefilledbyoem", "allseries", "oem",
})  # fmt: skip
"""What makers leave in the place of a model, letters and digits only."""


@RULE.measured("R1.1")
def hardware_has_its_model(hosts: Seen[Host]) -> Said:
    """List each host with its model."""
    for host in hosts.facts:
        if host.model is None:
            yield unread(host.ref, "model")
        elif "".join(filter(str.isalnum, host.model)).casefold() in PLACEHOLDERS:
            yield Finding(host.ref, "model_empty", {"model": host.model})


@RULE.measured("R1.2", on=COMPUTERS)
def software_has_its_version(censuses: Seen[SoftwareCensus]) -> Said:
    """List the software of each computer with its version."""
    for census in censuses.facts:
        if census.unversioned:
            yield Finding(census.ref, "unversioned", {"count": census.unversioned, "total": census.total})
        elif not census.total:
            yield Doubt(census.ref, "no_software")


RULE.awaiting("R1.3", "snmp", "dicom", "ipp")
RULE.awaiting("R1.4", "snmp", "arp")
RULE.awaiting("R1.5", "firewall", "flows")
RULE.attested("R1.6")
RULE.awaiting("R1.7", "snmp", "arp", "dicom")
RULE.awaiting("R1.8", "vantage")
RULE.attested("R1.9")
