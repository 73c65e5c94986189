"""Looks that a probe makes for us: narrowed here, handed out with the log-ins they need, followed until they end."""

import math
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from negatoscope.flows import observing, vouching
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import lender
from negatoscope.flows.narrowing import narrowed
from negatoscope.flows.observing import RefusedSettings
from negatoscope.flows.places import Places
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.scheduling import REFUSALS
from negatoscope.model.defaults import TrialConsent
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Consent
from negatoscope.observe.collector import Login, Unreachable
from negatoscope.probe import messages, signed
from negatoscope.probe.messages import Heard, Order, Progress, Task
from negatoscope.store import jobs, probes
from negatoscope.store.jobs import JobRow, JobState
from negatoscope.store.probes import ProbeRow

STANDS = timedelta(hours=24)
"""How long an order may wait before it begins."""
TASK_STANDS = timedelta(days=7)
"""The same for one that travels on a medium."""
LATE = timedelta(hours=25)
"""After its last instant, how long a look may still take to come back before its job says that nothing came."""
BORROWED = ("credential", "bastion_credential")
"""Settings that name a log-in."""


def contact(probe: ProbeRow, said: datetime | None, now: datetime) -> float | None:
    """Note that a probe is here; returns how many seconds its clock is behind ours, rounded towards the past."""
    offset = float(math.floor((now - said).total_seconds())) if said is not None else None
    probes.heard(probe, now, offset)
    return offset


def following(console: Console, probe: ProbeRow, holds: Collection[int]) -> Order | None:
    """The next look that this probe shall make; a look that cannot be made ends here and says why."""
    for job in jobs.of_probe(probe.pk, holds):
        try:
            return _handed(console, probe, job, STANDS)
        except (RefusedSettings, Unreachable) as error:
            _refuse(console, job, error)
    return None


def _refuse(console: Console, job: JobRow, error: Exception) -> None:
    code = REFUSALS.get(type(error), "refused_settings")
    values: dict[str, Any] = {"detail": str(error)}
    if isinstance(error, Unreachable):
        code, values = error.why, dict(error.values)
    with alone(console):
        jobs.delivered(job.pk, JobState.FAILED, console.clock(), outcome=code, values=values)


def _handed(console: Console, probe: ProbeRow, job: JobRow, stands: timedelta) -> Order:
    """Narrow a look to this very moment and hand it out. Raises RefusedSettings, Unreachable (no such log-in)."""
    wanted = observing.Order(job.collector, job.target, job.operator, job.settings)
    settings = narrowed(observing.prepared(console, wanted, probe.site_id), job.target)
    lent = dict(_lent(console, job)) if stands is STANDS else _none(job)
    now = console.clock()
    until = min(now + stands, *_consents(console, job.target, now))
    with alone(console):
        held = [job.values.get("behind"), probe.offset]
        behind = min((one for one in held if one is not None), default=None)
        jobs.hand_out(job.pk, now, {"until": until.isoformat(), "behind": behind})
        probes.lend(probe, job.pk, lent, now)
        enter(console, now, "probe_order", f"probe:{probe.name}", {"probe": probe.ident, "order": job.pk})
        for name in lent:
            enter(console, now, "credential_lent", f"probe:{probe.name}", {"credential": name, "order": job.pk})
    minutes = getattr(settings, "minutes", 30)
    told = msgspec.to_builtins(settings)
    return Order(job.pk, job.collector, job.target, told, until, minutes, lent)


def _lent(console: Console, job: JobRow) -> Iterator[tuple[str, Login]]:
    """The log-ins that this look names. Raises Unreachable."""
    for name in _named(job):
        yield name, lender(console)(name)


def _none(job: JobRow) -> dict[str, Login]:
    """No log-in goes on a medium. Raises Unreachable."""
    for name in _named(job):
        raise Unreachable("credential_stays", credential=name)
    return {}


def _named(job: JobRow) -> list[str]:
    return list(dict.fromkeys(name for field in BORROWED if (name := job.settings.get(field))))


def _consents(console: Console, target: str, now: datetime) -> Iterator[datetime]:
    """When the consents end under which this look would be made: those for hosts at its target."""
    known, places = StoredRegister(console.practice), Places.named(target)
    standing = [one for one in known.seen(Consent).facts if one.until > now]
    addresses = {host.ref: Places.of([host]) for host in known.seen(Host).facts} if standing else {}
    for one in standing:
        at = addresses.get(one.host)
        if at is None or not (places.networks or places.addresses) or at.meets(places):
            yield one.until
    yield from (one.until for one in known.seen(TrialConsent).facts if one.until > now)
    yield now + TASK_STANDS


def follow(console: Console, probe: ProbeRow, number: int, told: Progress) -> Heard:
    """Note how far a look has come; says whether somebody wants it stopped."""
    job = jobs.one_of_probe(probe.pk, number)
    if job is None or job.cancel_asked or job.state == JobState.CANCELLED:
        if job is not None:
            jobs.end_cancelled(number, console.clock())
        return Heard(cancelled=True)
    if job.state == JobState.RUNNING:
        total = max(0, min(told.total, 2**31 - 1))
        jobs.follow(number, done=max(0, min(told.done, total)), total=total)
    return Heard()


def task(console: Console, operator: str, probe: ProbeRow) -> bytes:
    """All that waits for a probe without network, signed: what cannot travel ends here and says why."""
    orders = []
    for job in jobs.of_probe(probe.pk):
        try:
            orders.append(_handed(console, probe, job, TASK_STANDS))
        except (RefusedSettings, Unreachable) as error:
            _refuse(console, job, error)
    now = console.clock()
    until = max((one.until for one in orders), default=now)
    enter(console, now, "probe_task", operator, {"probe": probe.ident, "orders": [one.number for one in orders]})
    return signed.sign(messages.TASK, Task(probe.ident, now, until, tuple(orders)), vouching.authority(console).key)


def give_up(console: Console) -> int:
    """End the jobs of probes from which nothing came in time; returns how many. A parcel that comes later is taken."""
    late = jobs.overdue(console.clock() - LATE)
    for job in late:
        jobs.delivered(job.pk, JobState.FAILED, console.clock(), outcome="probe_silent")
    return len(late)
