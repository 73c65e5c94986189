"""Log-ins that devices were sold with: one that works is a finding, one that nobody tried is a doubt."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from negatoscope.judge.shapes import Said
from negatoscope.model.administration import log_in_by
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.defaults import LEFT_ALONE, NO_LOG_IN, UNRECOGNISED, FactoryLogin
from negatoscope.model.evidence import Fact, Ref, Seen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service

TRIED_STANDS = timedelta(days=31)
"""How long a trial stands: it is not repeated more often than it must."""
IN_PLACE = frozenset({UNRECOGNISED, LEFT_ALONE, NO_LOG_IN})
SNMP = ("snmp", 161)
Place = tuple[Ref, str, int]


@dataclass(frozen=True, slots=True)
class Tried:
    """What is known of log-ins: trials, and what SNMP agents answered in clear."""

    logins: Seen[FactoryLogin]
    clear: Seen[ClearAnswer] | None = None


def keep_none(hosts: Seen[Host], services: Iterable[Service], tried: Tried, now: datetime) -> Said:
    """Let no published log-in of a maker work on these hosts.

    An *other* device that nobody says more of may be one of them, and may be none: it settles nothing.
    """
    classes = {host.ref: None if host.host_class is HostClass.OTHER else host.host_class for host in hosts.facts}
    yield from (Doubt(ref, "class_unknown") for ref, known in classes.items() if known is None)
    trials: defaultdict[Place, list[FactoryLogin]] = defaultdict(list)
    for login in tried.logins.facts:
        if login.host in classes:
            trials[login.host, login.protocol, login.port].append(login)
            if login.works:
                yield Finding(login.ref, "factory_login", {"protocol": login.protocol, "port": login.port})
    wanted = {
        (service.host, protocol, service.port): service.ref
        for service in services
        if classes.get(service.host) and service.protocol == "tcp" and service.reachable is not False
        if (protocol := log_in_by(service.port, service.name, classes[service.host]))
    }
    for place, subject in wanted.items():
        yield from _tried(subject, trials.get(place, []), tried.logins, now)
    if tried.clear is not None:
        yield from _community([ref for ref, known in classes.items() if known], trials, tried, now)


def _community(hosts: Iterable[Ref], trials: dict[Place, list[FactoryLogin]], tried: Tried, now: datetime) -> Said:
    """SNMP, which no scan of TCP ports sees: asked of each host, by a trial or by a look in clear."""
    told = {one.host: one for one in (tried.clear.facts if tried.clear else ()) if one.protocol == "snmp"}
    for host in hosts:
        known, own = told.get(host), trials.get((host, *SNMP), [])
        if known is not None and known.published:
            yield Finding(known.ref, "factory_login", {"protocol": "snmp", "port": known.port})
        elif known is not None and known.answers and known.published is None:
            yield Doubt(known.ref, "trial_unclear")
        elif own or known is None or (known.answers is None and known.published is None):
            yield from _tried(host, own, tried.logins, now, "snmp_never_tried")
        elif tried.clear is not None and _old(tried.clear, known, now):
            yield Doubt(host, "tried_long_ago")


def _tried(
    subject: Ref, trials: list[FactoryLogin], logins: Seen[FactoryLogin], now: datetime, never: str = "never_tried"
) -> Said:
    trials = _standing(trials, logins)
    if any(one.works for one in trials):
        return
    if not trials:
        yield Doubt(subject, never)
    elif any(one.pair == UNRECOGNISED for one in trials):
        yield Doubt(subject, "login_unrecognised")
    elif any(one.pair == LEFT_ALONE for one in trials):
        yield Doubt(subject, "login_left_alone")
    elif any(one.works is None for one in trials):
        yield Doubt(subject, "trial_unclear")
    elif any(_old(logins, one, now) for one in trials):
        yield Doubt(subject, "tried_long_ago")


def _standing(trials: list[FactoryLogin], logins: Seen[FactoryLogin]) -> list[FactoryLogin]:
    """Leave out what once stood in the place of a pair, where one was tried since: its maker was told, say."""
    at = {one.ref: max(source.at for source in logins.sources[one.ref]) for one in trials}
    return [one for one in trials if one.pair not in IN_PLACE or at[one.ref] >= max(at.values())]


def _old(seen: Seen[Any], fact: Fact, now: datetime) -> bool:
    return all(source.at < now - TRIED_STANDS for source in seen.sources.get(fact.ref, ()))
