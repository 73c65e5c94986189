"""The watch: what came in at the doors, and what flow exporters told, is read, kept, and held against what it seeks.

One process does it, batch by batch. A batch is confirmed to the spool once its events are kept, its alerts are raised,
and what the watch remembers is on the disk. After a crash the same batch is read again: events are known by their key,
alerts by their case, and memory is what it was before.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import msgspec
from django.db import DatabaseError, close_old_connections

from negatoscope.flows import alerting, hearing, overseeing, ruling, sparing, talking, tuning
from negatoscope.flows.console import Console
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.hunting import store
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.scheduling import judge_soon
from negatoscope.flows.talking import Talk
from negatoscope.flows.weighing import weighty
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.reading import Batch, Reader
from negatoscope.intake.events.spool import cursor
from negatoscope.judge.zones import Zoning
from negatoscope.kit.durable import write_durably
from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref
from negatoscope.model.hearing import SourceState
from negatoscope.model.watching import OTHERS, DetectorRun, SourceHealth
from negatoscope.store import observations, sources
from negatoscope.store.events import EventStore
from negatoscope.store.queries.events import Brought, Refused, brought
from negatoscope.watch import matching
from negatoscope.watch.behaviours import five
from negatoscope.watch.calendar import public_holidays
from negatoscope.watch.detection import Detection
from negatoscope.watch.known import INTERNET, Known
from negatoscope.watch.resolving import Resolver
from negatoscope.watch.source import Line, normalise
from negatoscope.watch.sparing import Spared
from negatoscope.watch.talking import placed
from negatoscope.watch.triage import Weighty

MOST = 2_000
"""Records of a batch."""
SAVED_EVERY = 5.0
"""Seconds after which what is remembered is written down, and the spool told, while more and more comes."""
REST = 10
"""How many times as long as writing it down took, at least: whatever there is to remember, most time goes to events."""
MOST_UNSAVED = 80_000
"""Events after which it is written down in any case: after a crash, the store knows the last so many again."""
PAUSE = 0.5
REPORTED_EVERY = timedelta(minutes=1)
LATELY = timedelta(days=7)
"""What a source brings is what it brought within so long."""
NO_LOSS = frozenset({"duplicate", "cut"})
"""Counted beside losses: what was kept already, and what was kept in part."""
OURS = frozenset({"damaged", "datagrams_dropped", "spool_damaged"})
"""What the console itself loses of senders that it cannot tell. What strangers try in vain is no loss."""
OPERATOR = "watch"
AGAIN = 10.0
"""Seconds to wait after a disk or a database refused."""


class Kept(msgspec.Struct, frozen=True):
    """What is on the disk. ``next``: the record of the spool up to which it remembers."""

    next: int
    since: datetime
    """Since when the watch has looked at all that came, without a break in what it remembers."""
    five: bytes
    sigma: matching.State
    talked: int | None = None
    """The place in the journal up to which flow exporters were listened to."""


def folder(console: Console) -> Path:
    """What the watch keeps for itself."""
    return console.config.data / "watch"


@dataclass
class Watch:
    """The watch at work. Whoever sees it raise begins another: memory and spool are then read from the disk again."""

    console: Console
    _reader: Reader = field(init=False)
    _store: EventStore = field(init=False)
    _memory: five.Memory = field(init=False)
    _matches: matching.State = field(init=False)
    _rules: matching.Rules | None = None
    _force: ruling.InForce = field(init=False)
    _resolver: Resolver = field(init=False)
    _settings: five.Settings = field(init=False)
    _spared: Spared = field(init=False)
    _since: datetime = field(init=False)
    _reported: datetime | None = None
    _sequence: int = -1
    _talked: int = 0
    _counters: Counters = field(default_factory=Counters)
    _pending: Batch | None = None
    _save_at: float = field(default_factory=lambda: time.monotonic() + SAVED_EVERY)
    _unsaved: int = 0
    _weights: Weighty | None = None

    def __post_init__(self) -> None:
        """Begin where the last one saved. Raises OSError."""
        place = hearing.folder(self.console)
        kept, reader = _remembered(folder(self.console)) or self._begun(cursor(place)), Reader(place)
        self._talked = talking.last(self.console) if kept.talked is None else kept.talked
        self._memory, self._matches, self._since = five.remembered(kept.five), kept.sigma, kept.since
        if kept.next > cursor(place):  # a crash came between the memory and the spool
            reader.confirm(Batch((), kept.next, 0))
            reader = Reader(place)
        self._reader, self._store, self._key = reader, store(self.console), self.console.keys.veil()

    def _begun(self, at: int) -> Kept:
        """Begin a memory, and write it down: what comes from now on is looked at, whatever stops the watch."""
        last = talking.last(self.console)
        kept = Kept(
            at, self.console.clock(), five.Memory().kept(), matching.State(hidden=sparing.hidden(self.console)), last
        )
        _write(folder(self.console), kept)
        return kept

    def round(self) -> int:
        """Work through the next batch; returns how many records it had. Raises OSError, DatabaseError."""
        self._look_up()
        batch, talk, now = self._reader.read(MOST), None, self.console.clock()
        self._counters.lost(OTHERS, now, "spool_damaged", batch.missing)
        if batch.records:
            told = [self._told(raw) for raw in batch.records]
            self._store.keep(told)
            self._compare_clocks(one for raw, one in zip(batch.records, told, strict=True) if raw.rings_within is None)
            found = self._shown([one for raw, one in zip(batch.records, told, strict=True) if rings(raw, one)])
            self._pending, now = batch, told[-1].came
        elif talk := talking.after(self.console, self._talked):
            found = self._talk(talk)
            self._pending = self._pending or batch
        else:
            found = list(five.settle(now, self._memory, self._resolver.known, self._settings))
            self._pending = self._pending or (batch if found else None)
        alerting.raise_from(self.console, self._spared.rest(found, now), self._weigh)
        worked = len(batch.records) or (len(talk.told) if talk else 0)
        self._unsaved += worked
        due = not batch.records or time.monotonic() >= self._save_at or self._unsaved >= MOST_UNSAVED
        if self._pending and due:
            self._save(self._pending)
        return worked

    def _look_up(self) -> None:
        """Ask the register anew when it has changed."""
        sequence = observations.last_sequence()
        if sequence != self._sequence:
            register = StoredRegister(self.console.practice)
            known = Known.of(lambda kind: register.seen(kind).facts)
            self._weights = None
            self._resolver, self._sequence = Resolver(known, _place(Zoning(known.zones))), sequence
            self._settings, self._spared = tuning.settings(register), tuning.spared(register)
            if self._rules is None or self._force.missing or ruling.made_of(self.console) != self._force.made_of:
                self._force = ruling.in_force(self.console)
                self._rules = matching.Rules(self._force.ruleset, self._force.off)
            self._rules.spared, self._rules.filters = self._spared.of_rules, self._spared.of_fields
            sparing.forget(self._matches, self._spared)

    def _shown(self, told: Sequence[Told]) -> list[Detection]:
        """What events show, whoever told them."""
        return [
            *five.look(told, self._memory, self._resolver.known, self._settings),
            *(self._rules.look(told, self._matches) if self._rules else ()),
        ]

    def _talk(self, talk: Talk) -> list[Detection]:
        """Keep what an exporter told, and look at it."""
        told = [placed(self._resolver.resolve(one)) for one in talk.told]
        self._store.keep(told)
        talking.count(self.console, self._counters, talk)
        self._talked = talk.sequence
        return self._shown(told)

    def _told(self, raw: Raw) -> Told:
        event = normalise(Line(raw.data, raw.came, raw.format, raw.sender), self._key)
        return self._resolver.resolve(Told(raw.key, raw.sender, raw.came, event))

    def _compare_clocks(self, told: Iterable[Told]) -> None:
        """Note by how much each sender's clock is behind ours, where its lines say when they were written."""
        late: defaultdict[tuple[str, datetime], list[float]] = defaultdict(list)
        for one in told:
            if one.event.at != one.came:
                hour = one.came.replace(minute=0, second=0, microsecond=0)
                late[one.sender, hour].append((one.came - one.event.at).total_seconds())
        for (sender, hour), seconds in late.items():
            sources.skewed(self.console.practice, sender, hour, median(seconds))

    def report(self) -> None:
        """Tell the judge how sources and detectors are doing: now and then, and when one speaks up or falls silent.

        Raises DiskFull, DatabaseError, Refused.
        """
        now = self.console.clock()
        if self._reported is not None and timedelta() <= now - self._reported < REPORTED_EVERY:
            return
        self._reported = now
        states = hearing.health(self.console, public_holidays(now.date()))
        register = StoredRegister(self.console.practice)
        changed = {(name, one.silent_since is not None) for name, one in states.items()} ^ {
            (one.source, one.silent) for one in register.seen(SourceHealth).facts
        }
        rules = DetectorRun(matching.CODE, self._since, now, missing=self._force.missing)
        detectors = [*tuning.runs(register, self._since, now, len(self._resolver.known.admins)), rules]
        if not (changed or _changed(detectors, register.seen(DetectorRun).facts)) and not overseeing.due(self.console):
            return
        told = brought(self._store, now - LATELY)
        self._tell_losses(now)
        overseeing.oversee(self.console, [_health(*one, told.get(one[0])) for one in states.items()], detectors)
        judge_soon(self.console, OPERATOR)

    def _tell_losses(self, now: datetime) -> None:
        """Count what the disk damaged: records that were never read, and files whose events are no longer found."""
        self._counters.lost(OTHERS, now, "damaged", self._store.damaged)
        self._store.damaged = 0
        sources.add(self.console.practice, self._counters.take())

    def _save(self, batch: Batch) -> None:
        """Write down what is remembered, then tell the spool."""
        began = time.monotonic()
        kept = Kept(batch.next, self._since, self._memory.kept(), self._matches, self._talked)
        _write(folder(self.console), kept)
        self._tell_losses(self.console.clock())
        sparing.write(self.console, self._matches)
        self._reader.confirm(batch)
        ended = time.monotonic()
        self._pending, self._unsaved, self._save_at = None, 0, ended + max(SAVED_EVERY, REST * (ended - began))

    def _weigh(self, register: StoredRegister) -> Weighty:
        """What makes an alert urgent, asked once for as long as the register stays as it is."""
        self._weights = self._weights or weighty(register)
        return self._weights


def rings(raw: Raw, told: Told) -> bool:
    """Whether situations and rules look at an event: old lines of a file are kept to be searched, and raise nothing."""
    return raw.rings_within is None or (told.came - told.event.at).total_seconds() < raw.rings_within


def watch(console: Console, stopping: Callable[[], bool]) -> None:
    """Work until told to stop; what a disk or a database refuses is tried again."""
    at_work: Watch | None = None
    while not stopping():
        close_old_connections()
        try:
            at_work = at_work or Watch(console)
            if not at_work.round():
                at_work.report()
                _pause(PAUSE, stopping)
        except (OSError, DatabaseError, DiskFull, Refused):
            at_work = None
            _pause(AGAIN, stopping)


def _pause(seconds: float, stopping: Callable[[], bool]) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not stopping():
        time.sleep(0.1)


def _file(where: Path) -> Path:
    return where / "memory"


def _write(where: Path, kept: Kept) -> None:
    write_durably(_file(where), msgspec.msgpack.encode(kept))


def _remembered(where: Path) -> Kept | None:
    """What the last one saved; ``None``: nothing, or another edition did: memory begins anew."""
    try:
        kept = msgspec.msgpack.decode(_file(where).read_bytes(), type=Kept)
        five.remembered(kept.five)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    return kept


def _health(sender: str, state: SourceState, told: Brought | None) -> SourceHealth:
    lost = sum(many for why, many in state.lost.items() if (why in OURS if sender == OTHERS else why not in NO_LOSS))
    actions, hosts = (told.actions, told.hosts) if told else ((), ())
    return SourceHealth(sender, actions, hosts, state.last, state.silent_since is not None, lost)


def _changed(detectors: Iterable[DetectorRun], before: Iterable[DetectorRun]) -> bool:
    """Whether anything but how far they looked is new."""
    told = {one.behaviour: one for one in before}
    return any(
        one.behaviour not in told
        or replace(one, since=None, until=None) != replace(told[one.behaviour], since=None, until=None)
        for one in detectors
    )


def _place(zoning: Zoning) -> Callable[[str], Ref | None]:
    """Which zone an address stands in, by one name for all that is outside."""

    def place(address: str) -> Ref | None:
        zone = zoning.of(address)
        return None if zone is None else INTERNET if zone is zoning.outside else zone.ref

    return place


__all__ = ["Watch", "folder", "store", "watch"]
