"""R6: for every software component, how it is updated, what is wrong with it, and from where its updates come."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, not_ahead, unread
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.software import Updates

RULE = Rule("R6", fresh=timedelta(days=7))
LISTS_STAND = timedelta(days=7)
"""How old a list of available updates may be before "nothing to install" means nothing."""


@RULE.measured("R6.1", on=COMPUTERS)
def no_security_update_waits(updates: Seen[Updates], now: datetime) -> Said:
    """Leave no known security update uninstalled."""
    for host in updates.facts:
        if host.pending_security is None:
            yield unread(host.ref, "pending_security")
        elif host.pending_security:
            yield Finding(host.ref, "security_pending", {"count": host.pending_security})
        elif host.refreshed_at is None or host.refreshed_at + LISTS_STAND < now:
            yield Doubt(host.ref, "nothing_listed")
        else:
            yield from not_ahead(host.ref, "refreshed_at", host.refreshed_at, now)


@RULE.measured("R6.2", on=COMPUTERS)
def lists_of_updates_are_fresh(updates: Seen[Updates], now: datetime) -> Said:
    """Fetch the list of available updates at least once a week."""
    for host in updates.facts:
        at = host.refreshed_at
        if at is None:
            yield unread(host.ref, "refreshed_at")
        elif at + LISTS_STAND < now:
            yield Finding(host.ref, "list_old", {"on": f"{at:%Y-%m-%d}"})
        else:
            yield from not_ahead(host.ref, "refreshed_at", at, now)


@RULE.measured("R6.3", on=COMPUTERS)
def sources_are_verified(updates: Seen[Updates]) -> Said:
    """Install only what a verified signature ties to its publisher."""
    for host in updates.facts:
        if host.unverified_sources is None:
            yield unread(host.ref, "unverified_sources")
        elif host.unverified_sources:
            yield Finding(host.ref, "source_unverified", {"sources": ", ".join(host.unverified_sources)})


RULE.awaiting("R6.4", "vulnerabilities")
RULE.awaiting("R6.5", "flows", "syslog")
RULE.awaiting("R6.6", "vulnerabilities")
RULE.attested("R6.7")
