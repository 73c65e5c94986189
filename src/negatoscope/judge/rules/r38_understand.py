"""R38: an infected host is never just cleaned."""

from datetime import datetime, timedelta

from negatoscope.judge.incidents import declared, named, of_hosts, stated
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt
from negatoscope.model.watching import IncidentHandled

RULE = Rule("R38", fresh=timedelta(days=7))


@RULE.measured("R38.1")
def the_way_in_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State how it came in, or after which search it stays unknown."""
    return stated(incidents, now, "entry")


@RULE.measured("R38.2")
def the_spread_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State whether it spread, and decide of each suspected host."""
    return stated(incidents, now, "spread", "undecided")


@RULE.measured("R38.3")
def what_was_touched_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State which data were touched."""
    return stated(incidents, now, "data")


@RULE.measured("R38.4")
def hosts_of_the_same_kind_are_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Keep, for each compromised host, which hosts are like it."""
    return of_hosts(incidents, now, "twins", "no_host")


@RULE.measured("R38.5")
def what_it_could_reach_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Keep, for each compromised host, which data could be reached from it."""
    return of_hosts(incidents, now, "reach", "no_host")


@RULE.measured("R38.6")
def whom_it_talked_with_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Keep, for each compromised host, with whom it exchanged."""
    return of_hosts(incidents, now, "talk", "no_host")


@RULE.measured("R38.7")
def memory_was_copied_first(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Copy memory before the disks: it was still on. Without a copy of its memory nothing shows that it was."""
    yield from of_hosts(incidents, now, "disk_first", "no_host")
    for one in incidents.facts:
        if "no_memory" in one.lacks:
            yield Doubt(one.ref, "memory_not_copied", named(one))


@RULE.measured("R38.8")
def hosts_were_copied(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Copy memory and disks of each compromised host, or say why not."""
    return stated(incidents, now, "images", "no_image")


@RULE.measured("R38.9")
def hosts_were_rebuilt(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Reinstall each compromised host from nothing, or never use it again."""
    return stated(incidents, now, "reinstall", "not_rebuilt", "no_host")


RULE.attested("R38.10")


@RULE.measured("R38.11")
def secrets_were_changed(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State which passwords, keys and codes were changed."""
    return stated(incidents, now, "secrets")


@RULE.measured("R38.12")
def lessons_were_drawn(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State what was learnt, and plan at least one action from it."""
    return stated(incidents, now, "lessons", "actions")


@RULE.measured("R38.13")
def authorities_were_told_in_time(incidents: Seen[IncidentHandled]) -> Said:
    """Tell each authority before the last instant, or late with the reasons that the law asks for."""
    return declared(incidents)
