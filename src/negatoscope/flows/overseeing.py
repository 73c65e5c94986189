"""What the watch says of itself to the judge: an observation now and then, and as soon as an alert is overdue."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from negatoscope.flows import retaining
from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.model.alert import Alert
from negatoscope.model.incident import Hit, State
from negatoscope.model.retention import is_over, times
from negatoscope.model.watching import AlertHandled, DetectorRun, IncidentHandled, LogsKept, SourceHealth, TipHandled
from negatoscope.observe.watch import WATCH, report
from negatoscope.respond import discipline, incident
from negatoscope.store import sources
from negatoscope.store.queries import alerts, incidents, observations, tips

EVERY, DAY = timedelta(hours=6), timedelta(days=1)
YEAR = timedelta(days=366)
REMEMBERED = timedelta(days=90)
"""How long after it was closed an alert still counts: one handled late stays a finding for as long."""
TARGET, OPERATOR = "console", "console"


def due(console: Console) -> bool:
    """Whether it is time to tell again: some hours have passed, or an alert became overdue since."""
    now, last = console.clock(), observations.last_look(console.practice, WATCH.name)
    if last is None or now - last >= EVERY:
        return True
    waiting = [one.due for one in alerts.standing(console.practice)]
    waiting += [one.due for one in tips.standing(console.practice)]
    return any(last < due <= now for due in waiting)


def oversee(console: Console, heard: Iterable[SourceHealth], detectors: Iterable[DetectorRun]) -> Outcome:
    """Keep what is known of sources and detectors, how alerts, reports and incidents were handled. Raises DiskFull."""
    since = console.clock() - REMEMBERED
    told = alerts.since(console.practice, since)
    reasons = alerts.reasons(one.number for one in told)
    handled = [_handled(one, reasons.get(one.number, ())) for one in told]
    brought: list[TipHandled | IncidentHandled] = [*_reported(console, since), *_lived(console)]
    data = report(heard, detectors, handled, kept(console), brought)
    return deliver(console, Delivery(WATCH.name, TARGET, OPERATOR, "observation", data))


def kept(console: Console) -> LogsKept | None:
    """What the store has of the days on which logs were counted; ``None``: none came in. Nothing may wait to be kept.

    Of today and yesterday only a damaged file is told. A day whose time is over may be gone; if it was over
    yesterday, it must.
    """
    now = console.clock()
    today, told = now.astimezone(UTC).date(), retaining.settings(console)
    yesterday, least = today - DAY, min(times(told, now).values())
    gone = max((one.gone_before for one in told), default=date.min)
    came = [day for day in sources.days_heard(console.practice) if day >= gone and not is_over(day, least, today)]
    place = store(console)
    there, damaged = {one.day for one in place.files()}, place.days_damaged()
    over = {one.day for one in place.expired(times(told, now - DAY), yesterday)}
    lost = tuple(sorted(day for day in came if day in damaged or (day < yesterday and day not in there)))
    longer = tuple(sorted(one.kind.value for one in told if one.unjustified(now)))
    return LogsKept(min(came), lost, len(over), longer) if came else None


def _reported(console: Console, since: datetime) -> list[TipHandled]:
    told = tips.since(console.practice, since)
    return [TipHandled(one.number, one.received_at, one.due, one.handled_at, one.outcome) for one in told]


def _lived(console: Console) -> Iterator[IncidentHandled]:
    """Incidents of the last year, exercises left out, with what their handling still lacks."""
    for one in incidents.since(console.practice, console.clock() - YEAR):
        read = incident.read(one.number, incidents.entries(console.practice, one.number))
        told = discipline.declared(read, console.clock())
        hosts = len(read.hosts(Hit.COMPROMISED))
        closed = one.state is State.CLOSED
        yield IncidentHandled(one.number, one.opened_at, closed, discipline.lacks(read), hosts, told)


def _handled(one: Alert, reasons: tuple[str, ...]) -> AlertHandled:
    return AlertHandled(one.number, one.code, one.subject, one.due, one.closed_at, one.outcome, reasons)
