"""R26: what supervision is for is written down; five situations are handled within 24 hours."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold
from negatoscope.judge.supervising import GATES, SERVERS, Watch, gates, in_time, refs, rules_missing
from negatoscope.model.event import Action
from negatoscope.model.evidence import Seen
from negatoscope.model.hardening import LogPolicy, TimeSync
from negatoscope.model.hosts import COMPUTERS, Host
from negatoscope.model.judgement import Doubt
from negatoscope.model.traffic import Route
from negatoscope.model.watching import AMOUNT, AlertHandled, DetectorRun, SourceHealth

RULE = Rule("R26", fresh=timedelta(days=7))

RULE.attested("R26.1")


@RULE.measured("R26.2", on=COMPUTERS)
def logs_survive_a_restart(logs: Seen[LogPolicy]) -> Said:
    """Keep logs on disk."""
    yield from all_hold(((one.ref, one.persistent) for one in logs.facts), "persistent", "logs_lost")


@RULE.measured("R26.3", on=COMPUTERS)
def logs_leave_the_host(logs: Seen[LogPolicy]) -> Said:
    """Send logs elsewhere as they happen: an intruder erases those he finds."""
    yield from all_hold(((one.ref, one.remote) for one in logs.facts), "remote", "logs_stay")


@RULE.measured("R26.4", on=COMPUTERS)
def logs_share_one_time(clocks: Seen[TimeSync]) -> Said:
    """Date events by clocks that agree."""
    yield from all_hold(((one.ref, one.synchronised) for one in clocks.facts), "synchronised", "clock_free")


@RULE.measured("R26.5", on=SERVERS)
def unusual_log_ins_are_seen(
    runs: Seen[DetectorRun], hosts: Seen[Host], sources: Seen[SourceHealth], alerts: Seen[AlertHandled], now: datetime
) -> Said:
    """See a log-in outside somebody's hours, or while they are away, and answer it in time."""
    yield from Watch(sources, runs, alerts, now).weighed("unusual_hours", Action.LOGON, refs(hosts))


@RULE.measured("R26.6", on=GATES)
def massive_transfers_are_seen(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    runs: Seen[DetectorRun],
    hosts: Seen[Host],
    routes: Seen[Route],
    sources: Seen[SourceHealth],
    alerts: Seen[AlertHandled],
    now: datetime,
) -> Said:
    """See much data leave, and answer it in time."""
    passed = gates(hosts.facts, routes.facts)
    yield from Watch(sources, runs, alerts, now).weighed("transfers", AMOUNT, passed)


@RULE.measured("R26.7", on=SERVERS)
def repeated_attempts_are_seen(
    runs: Seen[DetectorRun], hosts: Seen[Host], sources: Seen[SourceHealth], alerts: Seen[AlertHandled], now: datetime
) -> Said:
    """See attempts that follow one another, and answer them in time."""
    yield from Watch(sources, runs, alerts, now).weighed("attempts", Action.LOGON, refs(hosts))


@RULE.measured("R26.8", on=SERVERS)
def attempts_on_closed_accounts_are_seen(
    runs: Seen[DetectorRun], hosts: Seen[Host], sources: Seen[SourceHealth], alerts: Seen[AlertHandled], now: datetime
) -> Said:
    """See attempts on accounts that nobody uses, and answer them in time."""
    yield from Watch(sources, runs, alerts, now).weighed("inactive", Action.LOGON, refs(hosts))


@RULE.measured("R26.9", on=GATES)
def bypasses_are_seen(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    runs: Seen[DetectorRun],
    hosts: Seen[Host],
    routes: Seen[Route],
    sources: Seen[SourceHealth],
    alerts: Seen[AlertHandled],
    now: datetime,
) -> Said:
    """See forbidden services and connections, and answer them in time."""
    passed = gates(hosts.facts, routes.facts)
    yield from Watch(sources, runs, alerts, now).weighed("bypass", Action.CONNECTION, passed)


@RULE.measured("R26.10")
def every_alert_is_handled_in_time(
    alerts: Seen[AlertHandled], runs: Seen[DetectorRun], sources: Seen[SourceHealth], now: datetime
) -> Said:
    """Handle every alert within a day, whatever raised it."""
    if not runs.facts or not sources.facts:
        yield Doubt("practice", "nothing_watched")
    yield from rules_missing(runs)
    yield from in_time(alerts, now)
