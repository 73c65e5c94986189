"""R38: an infected host is never just cleaned."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen, Values
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.watching import IncidentHandled

RULE = Rule("R38", fresh=timedelta(days=7))
OPEN = {"waits": "declaration_waits", "perhaps": "declaration_perhaps"}
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


@RULE.measured("R38.4")
def hosts_of_the_same_kind_are_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Keep, for each compromised host, which hosts are like it."""
    return _of_hosts(incidents, now, "twins", "no_host")


@RULE.measured("R38.5")
def what_it_could_reach_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Keep, for each compromised host, which data could be reached from it."""
    return _of_hosts(incidents, now, "reach", "no_host")


@RULE.measured("R38.6")
def whom_it_talked_with_is_known(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Keep, for each compromised host, with whom it exchanged."""
    return _of_hosts(incidents, now, "talk", "no_host")


@RULE.measured("R38.7")
def memory_was_copied_first(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Copy memory before the disks: it was still on. Without a copy of its memory nothing shows that it was."""
    yield from _of_hosts(incidents, now, "disk_first", "no_host")
    for one in incidents.facts:
        if "no_memory" in one.lacks:
            yield Doubt(one.ref, "memory_not_copied", _said(one))


@RULE.measured("R38.8")
def hosts_were_copied(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Copy memory and disks of each compromised host, or say why not."""
    return _stated(incidents, now, "images", "no_image")


@RULE.measured("R38.9")
def hosts_were_rebuilt(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """Reinstall each compromised host from nothing, or never use it again."""
    return _stated(incidents, now, "reinstall", "not_rebuilt", "no_host")


RULE.attested("R38.10")


@RULE.measured("R38.11")
def secrets_were_changed(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State which passwords, keys and codes were changed."""
    return _stated(incidents, now, "secrets")


@RULE.measured("R38.12")
def lessons_were_drawn(incidents: Seen[IncidentHandled], now: datetime) -> Said:
    """State what was learnt, and plan at least one action from it."""
    return _stated(incidents, now, "lessons", "actions")


@RULE.measured("R38.13")
def authorities_were_told_in_time(incidents: Seen[IncidentHandled]) -> Said:
    """Tell each authority before the last instant, or late with the reasons that the law asks for."""
    if not incidents.facts:
        yield Doubt("practice", "no_incident_lived")
    elif not any(one.declared or one.declared is None for one in incidents.facts):
        yield Doubt("practice", "no_declaration_owed")
    for one in incidents.facts:
        if one.declared is None:
            yield Doubt(one.ref, "incident_untold", _said(one))
        for duty, became in (told.split("/") for told in one.declared or ()):
            said = {**_said(one), "duty": duty}
            if became == "late":
                yield Finding(one.ref, "declaration_late", said)
            elif became in OPEN:
                yield Doubt(one.ref, OPEN[became], said)


def _stated(incidents: Seen[IncidentHandled], now: datetime, *codes: str) -> Iterator[Finding | Doubt]:
    """Say of each incident of the year whether this is still lacking; a year without any shows nothing."""
    if not incidents.facts:
        yield Doubt("practice", "no_incident_lived")
    for one in incidents.facts:
        if not set(codes).isdisjoint(one.lacks):
            late = one.closed or now - one.opened_at > WITHIN
            said = _said(one)
            yield Finding(one.ref, "incident_unanswered", said) if late else Doubt(one.ref, "incident_under_way", said)


def _of_hosts(incidents: Seen[IncidentHandled], now: datetime, *codes: str) -> Iterator[Finding | Doubt]:
    """Say what is lacking of compromised hosts; where no incident had one, nothing is shown."""
    yield from _stated(incidents, now, *codes)
    yield from (Doubt(one.ref, "incident_untold", _said(one)) for one in incidents.facts if one.hosts is None)
    if incidents.facts and not any(one.hosts or one.hosts is None for one in incidents.facts):
        yield Doubt("practice", "no_host_touched")


def _said(one: IncidentHandled) -> Values:
    return {"on": f"{one.opened_at:%Y-%m-%d}"}
