"""Go and look, keep what was brought back, then read it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import lender
from negatoscope.flows.disk import DiskFull, room_on
from negatoscope.flows.recording import enter, record
from negatoscope.flows.registering import StoredRegister, register
from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.journal import Observed
from negatoscope.model.networks import Consent, HostKey, Network
from negatoscope.observe.collector import Bounds, Cancelled, Collector, Look, Unreachable
from negatoscope.store import observations


class RefusedSettings(Exception):  # noqa: N818 -- what it is
    """The collector does not take these settings; the message says which."""


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
        return next((gap for gap in self.gaps if gap.why == "unreadable" or gap.values.get("whole")), None)


def observe(console: Console, order: Order) -> Outcome:
    """Carry out one look. Raises RefusedSettings, Cancelled, DiskFull; an unreachable target is an outcome."""
    collector = COLLECTORS[order.collector]
    if collector.capture is None:
        raise RefusedSettings(f"{collector.name} looks nowhere: hand it a file")
    settings = _settings(console, collector, order)
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

    def apply(entry: Observed) -> Outcome:
        stated = register(console, entry)
        enter(console, entry.recorded, entry.act, entry.operator, entry)
        return Outcome(entry.sequence, entry.digest, stated, observations.gaps_of(entry.sequence))

    return record(console, write, apply)


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


def bounds(console: Console) -> Bounds:
    """Where the practice lets an active collector look. Raises RefusedSettings: no address of a modality is known."""
    known = StoredRegister(console.practice)
    now = console.clock()
    allowed = {consent.host for consent in known.seen(Consent).facts if consent.until > now}
    hosts = known.seen(Host).facts
    spared = [host for host in hosts if host.host_class is HostClass.MODALITY and host.ref not in allowed]
    nowhere = [host.ref for host in spared if not host.addresses]
    if nowhere:
        raise ModalityNowhere(", ".join(nowhere))
    free = [host for host in hosts if host.host_class and host not in spared]
    return Bounds(
        networks=tuple(network.cidr for network in known.seen(Network).facts),
        spared=_all(host.addresses for host in spared),
        classed=_all(host.addresses for host in free),
        spared_macs=_all(host.macs for host in spared),
        host_keys=tuple((one.place, one.key) for one in known.seen(HostKey).facts),
    )


def _all(groups: Iterable[tuple[str, ...] | None]) -> tuple[str, ...]:
    return tuple(sorted({one for group in groups for one in group or ()}))


__all__ = [
    "Cancelled", "Delivery", "DiskFull", "ModalityNowhere", "Order", "Outcome", "RefusedSettings", "bounds", "deliver",
    "observe",
]  # fmt: skip
