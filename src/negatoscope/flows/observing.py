"""Go and look, keep what was brought back, then read it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import lender
from negatoscope.flows.disk import DiskFull, room_on
from negatoscope.flows.places import Places
from negatoscope.flows.recording import enter, record
from negatoscope.flows.registering import StoredRegister, register
from negatoscope.kit.lock import held
from negatoscope.model.accounts import Account
from negatoscope.model.defaults import FactoryLogin, Trial, TrialConsent
from negatoscope.model.evidence import Gap, Seen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.journal import Observed
from negatoscope.model.networks import Consent, HostKey, Network, Service
from negatoscope.observe.collector import Bounds, Cancelled, Collector, Earlier, Known, Look, Subject, Unreachable
from negatoscope.observe.declared import declaration
from negatoscope.observe.defaults.pairs import every
from negatoscope.store import observations

ONCE_IN = timedelta(days=1)
"""How long after factory log-ins were tried on a host no other look may try any."""
REFUSAL_STANDS = timedelta(days=20)
"""How long a log-in that was refused is not tried again on the same service; less than the judge takes it for."""
ACTIVE = tuple(sorted(one.name for one in COLLECTORS.values() if one.bound))
"""Collectors that send packets to the places that their target names."""
TRIED_CLASSES = frozenset({HostClass.NETWORK, HostClass.SERVER, HostClass.PRINTER})
"""Classes on which they may be tried at all: never a modality, never a host of unknown class."""


class RefusedSettings(Exception):  # noqa: N818 -- what it is
    """The collector does not take these settings; the message says which."""


class NetworkElsewhere(RefusedSettings):
    """The target was looked at from another site; the message is that site's name, empty for the console's own."""


class ModalityNowhere(RefusedSettings):
    """A modality has no known address, so that no look at a network could spare it; the message names it."""


@dataclass(frozen=True)
class Order:
    """One look asked for, by whom, and how it is followed."""

    collector: str
    target: str
    operator: str
    settings: dict[str, Any] = field(default_factory=dict)
    cancelled: Callable[[], bool] = bool
    progress: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(frozen=True)
class Outcome:
    """What became of a look."""

    sequence: int
    digest: str
    facts: int
    gaps: tuple[Gap, ...]

    @property
    def blocking(self) -> Gap | None:
        """The gap that left nothing to read, if there is one."""
        whole = (gap for gap in self.gaps if gap.values.get("whole") or (gap.why == "unreadable" and gap.host is None))
        return next(whole, None)


def observe(console: Console, order: Order) -> Outcome:
    """Carry out one look. Raises RefusedSettings, Cancelled, DiskFull; an unreachable target is an outcome."""
    collector = COLLECTORS[order.collector]
    settings = prepared(console, order, console.site)
    started = console.clock()
    limit = started + timedelta(minutes=getattr(settings, "minutes", 30))

    def remaining() -> float:
        return (limit - console.clock()).total_seconds()

    with room_on(console.config.data):
        with console.vault.writer() as writer:
            look = Look(writer, order.cancelled, remaining, order.progress, lender(console))
            complete = _capture(collector, settings, order.target, look)
            digest = console.vault.keep(writer)
        ended = console.clock()
        return _keep(
            console,
            lambda sequence: Observed(
                sequence=sequence,
                collector=collector.name,
                target=order.target,
                started=started,
                ended=ended,
                recorded=ended,
                digest=digest,
                operator=order.operator,
                act="observation",
                settings=msgspec.to_builtins(settings),
                complete=complete,
                gaps=tuple(look.gaps),
            ),
        )


def prepared(console: Console, order: Order, site: int) -> Any:  # noqa: ANN401 -- each collector its own
    """Narrow a look to what the practice allows from this site, and announce log-ins that it tries.

    Raises RefusedSettings.
    """
    collector = COLLECTORS[order.collector]
    if collector.capture is None:
        raise RefusedSettings(f"{collector.name} looks nowhere: hand it a file")
    other = held_elsewhere(console, Places.named(order.target), site) if collector.bound else None
    if other is not None:
        raise NetworkElsewhere(other)
    with held(console.config.data / "trials.lock") if collector.announces else nullcontext():
        settings = _settings(console, collector, order)
        _announce(console, collector, settings, order)
    return settings


def held_elsewhere(console: Console, places: Places, site: int) -> str | None:
    """The site from which these places were looked at, if it is another: two sites may bear the same addresses.

    Empty: the console's own. Facts of two networks that share their addresses would be told of one.
    """
    for name, target in observations.looked_elsewhere(console.practice, site, ACTIVE):
        if Places.named(target).meets(places):
            return name
    return None


@dataclass(frozen=True)
class Delivery:
    """A capture handed over: a file imported, an edit, an attestation."""

    collector: str
    target: str
    operator: str
    act: str
    data: bytes
    at: datetime | None = None
    """When it was true, if not now: a scan made yesterday, a list complete on Monday."""


def deliver(console: Console, delivery: Delivery) -> Outcome:
    """Keep what was handed over and read it. Raises DiskFull; an unreadable file is an outcome."""
    now = console.clock()
    at = delivery.at or now
    with room_on(console.config.data):
        digest = console.vault.put(delivery.data)
        return _keep(
            console,
            lambda sequence: Observed(
                sequence=sequence,
                collector=delivery.collector,
                target=delivery.target,
                started=at,
                ended=at,
                recorded=now,
                digest=digest,
                operator=delivery.operator,
                act=delivery.act,
                settings={},
                complete=True,
            ),
        )


def _keep(console: Console, write: Callable[[int], Observed]) -> Outcome:
    """Journal an observation whose capture is in the vault, register it, and enter it in the ledger."""
    return record(console, write, lambda entry: applied(console, entry))


def applied(console: Console, entry: Observed) -> Outcome:
    """Register a journalled observation and enter it in the ledger."""
    stated = register(console, entry)
    enter(console, entry.recorded, entry.act, entry.operator, entry)
    return Outcome(entry.sequence, entry.digest, stated, observations.gaps_of(entry.sequence))


def _settings(console: Console, collector: Collector[Any], order: Order) -> Any:  # noqa: ANN401 -- each its own
    try:
        settings = msgspec.convert(order.settings, collector.settings)
    except msgspec.ValidationError as error:
        raise RefusedSettings(str(error)) from error
    return collector.bound(settings, bounds(console)) if collector.bound else settings


def _capture(collector: Collector[Any], settings: Any, target: str, look: Look) -> bool:  # noqa: ANN401 -- each its own
    """Whether the capture is whole; if not, why not is a gap."""
    try:
        if collector.capture:
            collector.capture(settings, target, look)
    except Unreachable as error:
        look.gaps.append(Gap(collector.name, error.why, None, {**error.values, "whole": True}))
        return False
    return True


def _announce(console: Console, collector: Collector[Any], settings: Any, order: Order) -> None:  # noqa: ANN401 -- each its own
    """Enter that log-ins are about to be tried on a host: whatever happens next, they are not tried again today."""
    with suppress(Unreachable):  # then nothing will be sent, and the look itself says why
        if collector.announces:
            address = collector.announces(settings, order.target)
            data = declaration((Trial(address, console.clock()),))
            deliver(console, Delivery("declared", "register", order.operator, "trial", data))


def bounds(console: Console) -> Bounds:
    """Where the practice lets an active collector look. Raises RefusedSettings: no address of a modality is known."""
    known = StoredRegister(console.practice)
    now = console.clock()
    hosts, alone = known.seen(Host).facts, spared(known, now)
    nowhere = [host.ref for host in alone if not host.addresses]
    if nowhere:
        raise ModalityNowhere(", ".join(nowhere))
    free = [host for host in hosts if host.host_class and host not in alone]
    return Bounds(
        networks=tuple(network.cidr for network in known.seen(Network).facts),
        spared=_all(host.addresses for host in alone),
        classed=_all(host.addresses for host in free),
        spared_macs=_all(host.macs for host in alone),
        host_keys=tuple((one.place, one.key) for one in known.seen(HostKey).facts),
        services=tuple(_known(hosts, known.seen(Service).facts)),
        subjects=tuple(_subjects(known, alone, now)),
        tried=_tried(hosts, known.seen(Trial).facts, now),
        earlier=tuple(_earlier(hosts, known.seen(FactoryLogin), now)),
        shared=_shared(known.seen(Account).facts),
    )


def spared(known: StoredRegister, now: datetime) -> list[Host]:
    """Modalities that nobody consented to have probed now."""
    allowed = {consent.host for consent in known.seen(Consent).facts if consent.until > now}
    hosts = known.seen(Host).facts
    return [host for host in hosts if host.host_class is HostClass.MODALITY and host.ref not in allowed]


def _tried(hosts: Iterable[Host], trials: Iterable[Trial], now: datetime) -> tuple[str, ...]:
    """Give every address of each host of which one was tried since yesterday."""
    lately = {one.address for one in trials if one.at > now - ONCE_IN}
    return _all([tuple(lately), *(host.addresses for host in hosts if lately & set(host.addresses or ()))])


def _earlier(hosts: Iterable[Host], logins: Seen[FactoryLogin], now: datetime) -> Iterator[Earlier]:
    """Give what became of trials that still stand, once an address: a counter that never forgets is fed rarely."""
    addresses = {host.ref: host.addresses or () for host in hosts}
    for one in logins.facts:
        lately = any(source.at > now - REFUSAL_STANDS for source in logins.sources.get(one.ref, ()))
        for address in addresses.get(one.host, ()) if lately else ():
            yield Earlier(address, one.protocol, one.port, one.pair, one.works is False)


def _shared(accounts: Iterable[Account]) -> tuple[str, ...]:
    """Give the published names that a directory knows too: devices that ask it could lock the account everywhere."""
    held = {one.name.casefold() for one in accounts if one.host is None}
    return _all([tuple(one.username for one in every() if one.username.casefold() in held)])


def _subjects(known: StoredRegister, alone: Iterable[Host], now: datetime) -> Iterator[Subject]:
    """Give hosts of a class on which somebody lets factory log-ins be tried, once an address."""
    allowed = {one.host_class for one in known.seen(TrialConsent).facts if one.until > now} & TRIED_CLASSES
    left_alone = _all(host.addresses for host in alone)
    for host in known.seen(Host).facts:
        if host.host_class in allowed:
            words = " ".join(filter(None, (host.vendor, host.model, host.os_name, host.card_maker)))
            for address in host.addresses or ():
                if address not in left_alone and host.host_class:
                    yield Subject(address, host.host_class, words)


def _known(hosts: Iterable[Host], services: Iterable[Service]) -> Iterator[Known]:
    """Give TCP services that answer beyond their host, once an address."""
    addresses = {host.ref: host.addresses or () for host in hosts}
    for one in services:
        if one.protocol == "tcp" and one.reachable is not False:
            for address in addresses.get(one.host, ()):
                yield Known(address, one.port, one.name, one.encrypted)


def _all(groups: Iterable[tuple[str, ...] | None]) -> tuple[str, ...]:
    return tuple(sorted({one for group in groups for one in group or ()}))


__all__ = [
    "Cancelled", "Delivery", "DiskFull", "ModalityNowhere", "NetworkElsewhere", "Order", "Outcome", "RefusedSettings",
    "applied", "bounds", "deliver", "held_elsewhere", "observe", "prepared", "spared",
]  # fmt: skip
