"""Whether the watch hears what it must, looks without a break, and is answered in time. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from negatoscope.judge.shapes import Said, unread
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import Route
from negatoscope.model.watching import BY_WHOM, ONLINE, OTHERS, AlertHandled, DetectorRun, SourceHealth

SERVERS = frozenset({HostClass.SERVER})
GATES = frozenset({HostClass.NETWORK, HostClass.SERVER})
RULES = "sigma"
"""What the run of the detector of Sigma's rules is called."""
STOPPED = timedelta(hours=24)
"""How far behind a detector may be: what it sees later than that cannot be handled in time."""
MENDED = timedelta(days=7)
"""How long nobody must have gone online again until what was done about it is proven."""
EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(frozen=True)
class Watch:
    """What the watch says of itself, and the instant from which it is looked at."""

    sources: Seen[SourceHealth]
    runs: Seen[DetectorRun]
    alerts: Seen[AlertHandled]
    now: datetime

    def weighed(self, behaviour: str, brings: str, hosts: Iterable[Ref]) -> Said:
        """Weigh one situation: its detector looked, each of these hosts is heard, its alerts were handled in time."""
        yield from self._looks(behaviour)
        yield from self._hears(brings, hosts)
        yield from in_time(self.alerts, self.now, lambda one: one.code == behaviour)

    def nobody_online(self, behaviour: str, hosts: Iterable[Ref]) -> Said:
        """Weigh that no administrator goes on the Internet: it would be seen, and it was not.

        Only sources that name the account show it, at each of these hosts; and only of accounts that are known.
        """
        yield from self._looks(behaviour)
        yield from self._hears(BY_WHOM, hosts)
        for run in (one for one in self.runs.facts if one.behaviour == behaviour):
            if run.admins is None:
                yield unread(run.ref, "detector_admins")
            elif not run.admins:
                yield Doubt("practice", "no_admin_known")
        for one in (one for one in self.alerts.facts if one.code == behaviour):
            yield from _online(one, self.now)

    def _looks(self, behaviour: str) -> Iterator[Doubt]:
        run = next((one for one in self.runs.facts if one.behaviour == behaviour), None)
        if run is None:
            yield Doubt("practice", "detector_never_ran")
        elif run.since is None or run.until is None:
            yield unread(run.ref, "looked_until")
        elif not self.now - STOPPED <= run.until <= self.now:
            yield Doubt("practice", "detector_stopped", {"on": f"{run.until:%Y-%m-%d}"})
        if run is not None:
            yield from _tuned(run)

    def _hears(self, brings: str, hosts: Iterable[Ref]) -> Iterator[Doubt]:
        """Doubt a source that is silent or loses lines, and each host that no other tells of."""
        told: set[Ref] = set()
        bearing = [one for one in self.sources.facts if one.brings is None or brings in one.brings]
        if not bearing:
            yield Doubt("practice", "no_source", {"what": str(brings)})
        for one in self.sources.facts:
            if one.source == OTHERS and one.lost:
                yield Doubt("practice", "lines_lost", {"lost": one.lost})
        for one in bearing:
            doubts = list(_ill(one))
            yield from doubts
            told |= set(() if doubts else one.hosts or ())
        for host in sorted(set(hosts) - told) if bearing else ():
            yield Doubt(host, "host_unheard", {"what": str(brings)})


def _online(one: AlertHandled, now: datetime) -> Said:
    """An administrator was seen on the Internet: until it is handled, and for some days after."""
    said = {"other": one.subject, "on": f"{one.due:%Y-%m-%d}"}
    if one.reasons is None:
        yield unread(one.ref, "alert_reasons")
    elif set(ONLINE).isdisjoint(one.reasons):
        return
    elif one.closed_at is None:
        yield Finding(one.subject, "went_online", {"number": one.number})
    elif one.closed_at > one.due:
        yield Finding(one.ref, "handled_late", said)
    elif one.outcome is None:
        yield Doubt(one.ref, "outcome_unsaid", said)
    elif one.outcome is AlertOutcome.TRUE and now - one.closed_at < MENDED:
        yield Doubt(one.subject, "went_online_lately", {"on": f"{one.closed_at:%Y-%m-%d}"})


def _ill(one: SourceHealth) -> Iterator[Doubt]:
    """Say what keeps a source from being relied upon."""
    for what in ("brings", "hosts", "silent", "lost"):
        if getattr(one, what) is None:
            yield unread(one.ref, f"source_{what}")
    if one.silent:
        yield Doubt(one.ref, "source_silent", {"on": f"{one.last:%Y-%m-%d}" if one.last else None})
    if one.lost:
        yield Doubt(one.ref, "source_loses", {"lost": one.lost})


def _tuned(run: DetectorRun) -> Iterator[Doubt]:
    """Say what keeps a detector that looks from telling what it should."""
    for what in ("off", "off_at", "loosened"):
        if getattr(run, what) is None:
            yield unread(run.ref, f"detector_{what}")
    if run.off:
        yield Doubt("practice", "detector_off")
    for site in run.off_at or ():
        yield Doubt(f"site/{site}", "detector_off_at")
    if run.loosened:
        yield Doubt("practice", "detector_loosened", {"settings": len(run.loosened)})


def rules_missing(runs: Seen[DetectorRun]) -> Iterator[Doubt]:
    """Doubt each file of rules that the practice uses and that nothing is held against any more."""
    for one in runs.facts:
        if one.behaviour == RULES and one.missing is None:
            yield unread(one.ref, "rules_missing")
        for name in one.missing or ():
            yield Doubt(f"rulearchive/{name}", "rules_missing")


def refs(hosts: Seen[Host]) -> frozenset[Ref]:
    """Each of these hosts."""
    return frozenset(host.ref for host in hosts.facts)


def gates(hosts: Iterable[Host], routes: Iterable[Route]) -> frozenset[Ref]:
    """Hosts to which others send what is for elsewhere: what leaves is seen there."""
    ways = {route.gateway for route in routes if route.destination in EVERYWHERE and route.gateway}
    return frozenset(host.ref for host in hosts if not ways.isdisjoint(host.addresses or ()))


def in_time(alerts: Seen[AlertHandled], now: datetime, wanted: Callable[[AlertHandled], bool] = bool) -> Said:
    """Each of these alerts was handled before its hour; one handled late stays found."""
    for one in filter(wanted, alerts.facts):
        said = {"other": one.subject, "on": f"{one.due:%Y-%m-%d}"}
        told = max((source.at for source in alerts.sources.get(one.ref, ())), default=now)
        if one.closed_at is not None and one.closed_at > one.due:
            yield Finding(one.ref, "handled_late", said)
        elif one.closed_at is not None and one.outcome is None:
            yield Doubt(one.ref, "outcome_unsaid", said)
        elif one.closed_at is None and one.due <= told:
            yield Finding(one.ref, "alert_overdue", said)
        elif one.closed_at is None and one.due <= now:
            yield Doubt(one.ref, "alert_unfollowed", said)
