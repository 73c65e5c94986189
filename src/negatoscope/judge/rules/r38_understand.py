"""R38: an infected host is never just cleaned."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.watching import IncidentHandled

RULE = Rule("R38", fresh=timedelta(days=7))
WITHIN = timedelta(days=30)
"""How long an incident may be open before what is still not known of it is a finding: our choice, no text says it."""


@RULE.measured("R38.1")
def the_way_in_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State how it came in, or after which search it stays unknown."""
    return _stated(incidents, now, "entry")


@RULE.measured("R38.2")
def the_spread_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State whether it spread, and decide of each suspected host."""
    return _stated(incidents, now, "spread", "undecided")


@RULE.measured("R38.3")
def what_was_touched_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State which data were touched."""
    return _stated(incidents, now, "data")


RULE.awaiting("R38.4", "incident", "vulnerabilities")
RULE.awaiting("R38.5", "incident")
RULE.awaiting("R38.6", "incident", "flows")
RULE.awaiting("R38.7", "incident")


@RULE.measured("R38.8")
def hosts_were_copied(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Copy memory and disks of each compromised host, or say why not."""
    return _stated(incidents, now, "images", "no_image")


@RULE.measured("R38.9")
def hosts_were_rebuilt(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Reinstall each compromised host from nothing, or never use it again."""
    return _stated(incidents, now, "reinstall", "not_rebuilt", "no_host")


RULE.attested("R38.10")


def _stated(incidents: Seen[IncidentHandled], now: datetime, *codes: str) -> Iterator[Finding | Doubt]:
    """Say of each incident of the year whether this is still lacking; a year without any shows nothing."""
    if not incidents.facts:
        yield Doubt("practice", "no_incident_lived")
    for one in incidents.facts:
        said = {"on": f"{one.opened_at:%Y-%m-%d}"}
        if not set(codes).isdisjoint(one.lacks):
            late = one.closed or now - one.opened_at > WITHIN
            yield Finding(one.ref, "incident_unanswered", said) if late else Doubt(one.ref, "incident_under_way", said)
