"""R1: a precise, current map of the information system, kept off the network that it shows."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.atlas import GHOST_AFTER, MapEntry
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS, Host, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.software import SoftwareCensus

APPLIANCES = frozenset({HostClass.MODALITY, HostClass.PRINTER, HostClass.NETWORK})
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


@RULE.measured("R1.3", on=APPLIANCES)
def appliances_have_their_version(hosts: Seen[Host]) -> Said:
    """Know the version installed on modalities, printers and network devices, from them or from their record."""
    for host in hosts.facts:
        if host.os_version is None:
            yield unread(host.ref, "installed_version")
        elif not any(map(str.isdigit, host.os_version)):
            yield Finding(host.ref, "version_empty", {"version": host.os_version})


RULE.awaiting("R1.4", "snmp", "arp")
RULE.awaiting("R1.5", "firewall", "flows")
RULE.attested("R1.6")


@RULE.measured("R1.7")
def the_map_follows_reality(hosts: Seen[Host], entries: Seen[MapEntry], now: datetime) -> Said:
    """Everything seen is declared, everything declared is seen, and nothing is contradicted."""
    stands = {entry.host: entry for entry in entries.facts}
    for host in hosts.facts:
        entry = stands.get(host.ref, MapEntry(host.ref, declared=True))
        if not entry.declared:
            yield Finding(host.ref, "unknown")
        yield from (Finding(host.ref, "drifted", {"what": name}) for name in entry.drifted or ())
        yield from _last_seen(host, entry, now)


def _last_seen(host: Host, entry: MapEntry, now: datetime) -> Said:
    """Sought in vain for long, never seen, or not lately. A modality may not be sought: doubted."""
    last = entry.seen_at or entry.told_at
    if last is not None and entry.sought_at is not None and now - last > GHOST_AFTER:
        values = {"last": f"{last:%Y-%m-%d}", "sought": f"{entry.sought_at:%Y-%m-%d}"}
        spared = host.host_class is HostClass.MODALITY
        yield Doubt(host.ref, "spared") if spared else Finding(host.ref, "ghost", values)
    elif entry.seen_at is None or (entry.declared and entry.drifted is None):
        yield Doubt(host.ref, "never_seen")
    elif now - entry.seen_at > RULE.fresh:
        yield Doubt(host.ref, "seen_long_ago", {"on": f"{entry.seen_at:%Y-%m-%d}"})


RULE.awaiting("R1.8", "vantage")
RULE.attested("R1.9")
