"""Incidents of the year as rule 38 weighs them: what is lacking, of which hosts, and declarations in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen, Values
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.watching import IncidentHandled

OPEN = {"waits": "declaration_waits", "perhaps": "declaration_perhaps"}
WITHIN = timedelta(days=30)
"""How long an incident may be open before what is still not known of it is a finding: our choice, no text says it."""


def stated(incidents: Seen[IncidentHandled], now: datetime, *codes: str) -> Iterator[Finding | Doubt]:
    """Say of each incident of the year whether this is still lacking; a year without any shows nothing."""
    if not incidents.facts:
        yield Doubt("practice", "no_incident_lived")
    for one in incidents.facts:
        if not set(codes).isdisjoint(one.lacks):
            late = one.closed or now - one.opened_at > WITHIN
            said = named(one)
            yield Finding(one.ref, "incident_unanswered", said) if late else Doubt(one.ref, "incident_under_way", said)


def of_hosts(incidents: Seen[IncidentHandled], now: datetime, *codes: str) -> Iterator[Finding | Doubt]:
    """Say what is lacking of compromised hosts; where no incident had one, nothing is shown."""
    yield from stated(incidents, now, *codes)
    yield from (Doubt(one.ref, "incident_untold", named(one)) for one in incidents.facts if one.hosts is None)
    if incidents.facts and not any(one.hosts or one.hosts is None for one in incidents.facts):
        yield Doubt("practice", "no_host_touched")


def named(one: IncidentHandled) -> Values:
    """Say which incident it is."""
    return {"on": f"{one.opened_at:%Y-%m-%d}"}


def declared(incidents: Seen[IncidentHandled]) -> Said:
    """Say of each incident of the year which declarations did not leave in time."""
    if not incidents.facts:
        yield Doubt("practice", "no_incident_lived")
    elif not any(one.declared or one.declared is None for one in incidents.facts):
        yield Doubt("practice", "no_declaration_owed")
    for one in incidents.facts:
        if one.declared is None:
            yield Doubt(one.ref, "incident_untold", named(one))
        for duty, became in (told.split("/") for told in one.declared or ()):
            said = {**named(one), "duty": duty}
            if became == "late":
                yield Finding(one.ref, "declaration_late", said)
            elif became in OPEN:
                yield Doubt(one.ref, OPEN[became], said)
