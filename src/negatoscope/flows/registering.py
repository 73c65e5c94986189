"""From a kept capture to the register, and from the register to those who think."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any, TypeVar

from negatoscope.flows import mapping
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.judge.graph import draw
from negatoscope.model.atlas import HEARSAY, MapEntry, Standing
from negatoscope.model.carrying import ConsoleSeat
from negatoscope.model.evidence import Fact, Gap, Seen, Source, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.journal import Observed
from negatoscope.observe.collector import Collector, Unreadable
from negatoscope.observe.inventory.equipment import DEVICES_TELL
from negatoscope.register.bounds import bounded
from negatoscope.register.identity import Decisions
from negatoscope.register.merge import changes
from negatoscope.store import aliases, codes, facts, marks, observations, subjects
from negatoscope.store import practice as practices
from negatoscope.store.facts import Statement
from negatoscope.store.observations import Reading

F = TypeVar("F")
RECEIVED = frozenset({"agent", "registry"})
"""Collectors whose voices are devices that come by themselves."""
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a capture that its reader did not foresee makes of it. It is kept and says nothing; else the parcel that brought
it would be offered again for ever, and none after it would come."""
QUIET = timedelta(days=2)
"""Agents speak every day: one that was silent for so long was replaced."""


class StoredRegister:
    """The register of one practice, as the judge asks for it; each kind is read once."""

    def __init__(self, practice: int) -> None:
        """Look at the register of this practice, as it is now."""
        self.practice = practice
        self._sources = facts.sources(practice)
        self._seen: dict[type[Any], Seen[Any]] = {}

    def seen(self, kind: type[F]) -> Seen[F]:
        """Everything known of one kind; the same object at each call."""
        if kind not in self._seen:
            self._seen[kind] = self._load(kind)
        return self._seen[kind]

    def _load(self, kind: type[F]) -> Seen[F]:
        merged: dict[str, F] = {}
        sober: dict[str, F] = {}
        sources: dict[str, tuple[Source, ...]] = {}
        shared: dict[tuple[Source, ...], tuple[Source, ...]] = {}
        for fact, told in self._told(kind):
            ref = fact.ref
            merged[ref] = fact
            if kind not in {MapEntry, Standing} and any(one.remembered for one in told):
                sober[ref] = subjects.merged([one for one in told if not one.remembered] or told)[0]
            behind = tuple(statement.source for statement in told)
            sources[ref] = shared.setdefault(behind, behind)
        swept_as = getattr(kind, "SWEPT_AS", kind.__name__)
        return Seen(
            tuple(merged[ref] for ref in sorted(merged)),  # the same on a database that sorts as people do
            sources,
            facts.sweeps(self.practice, swept_as, self._sources),
            facts.gaps(self.practice, swept_as, self._sources),
            tuple(sober.get(ref, merged[ref]) for ref in sorted(merged)) if sober else None,
        )

    def addressed(self) -> frozenset[str]:
        """Hosts whose addresses an instrument saw: those of the others are the word of people."""
        told = facts.statements(self.practice, Host, self._sources)
        return frozenset(
            one.ref for one in told if not one.declared and one.source.collector not in HEARSAY and one.fact.addresses
        )

    def _told(self, kind: type[Any]) -> Iterator[tuple[Any, list[Statement]]]:
        """Each subject's one fact, and the statements that it is made of, the weightiest first."""
        if kind is Standing:
            yield from (
                (fact, [Statement(fact.ref, fact, one) for one in behind])
                for fact, behind in draw.standings(self, self.addressed())
            )
            return
        told = facts.statements(self.practice, Host if kind is MapEntry else kind, self._sources)
        by_subject = groupby(told, key=lambda statement: statement.ref)
        if kind is MapEntry:
            passages = mapping.passages(self.practice)
            yield from (mapping.entry(group, passages) for _, group in by_subject)
        else:
            yield from (subjects.merged(group) for _, group in by_subject)


def register(console: Console, entry: Observed) -> int:
    """Apply one journalled observation: the same on the day itself, after a crash and on replay. Returns its facts."""
    collector = COLLECTORS[entry.collector]
    items, unread = _read(console, collector, entry)
    if entry.parcel:
        items = [item for item in items if not _of_console(item)]
    decisions = Decisions(aliases.leading(console.practice), marks.apart(console.practice))
    site = practices.place(console.practice, entry.site) if entry.site else console.site
    apart = site if collector.voice is None and practices.many_places(console.practice) else None
    found = changes(items, marks.KnownHosts(console.practice, decisions.leaders, apart), decisions)
    reading = Reading(
        voice=collector.voice or f"{collector.name}/{entry.target}",
        declared=collector.voice is not None,
        facts=found.facts,
        sweeps=found.sweeps,
        gaps=(*entry.gaps, *unread, *found.gaps, *_rivals(console.practice, entry, collector, found.facts)),
        retractions=found.retractions,
        whole=entry.complete and not unread,
    )
    stated = observations.write(console.practice, site, entry, reading)
    codes.drop_unlisted(console.practice)
    return stated


def _of_console(item: Any) -> bool:  # noqa: ANN401 -- any item
    """Whether this tells where the console stands: a probe's own host is not the console (R1)."""
    return isinstance(item, ConsoleSeat) or (isinstance(item, Sweep) and item.kind == ConsoleSeat.__name__)


def _rivals(practice: int, entry: Observed, collector: Collector[Any], facts: Iterable[Fact]) -> Iterator[Gap]:
    """Two agents that both speak of one host, days apart at most: one of them is not on it, and which is not known."""
    if collector.name not in RECEIVED:
        return
    for host in (fact for fact in facts if isinstance(fact, Host)):
        other = observations.rival(practice, host.ref, f"{collector.name}/{entry.target}", entry.ended - QUIET)
        if other is not None:
            told = set(collector.gives[1:]) - (set() if host.host_class is HostClass.NETWORK else set(DEVICES_TELL))
            yield from (Gap(kind, "second_agent", host.ref, {"other": other}) for kind in sorted(told))


def _read(console: Console, collector: Collector[Any], entry: Observed) -> tuple[list[Any], list[Gap]]:
    """What the capture says; an unreadable one says nothing, and that is a gap."""
    if not entry.complete:
        return [], []
    with console.vault.open(entry.digest) as stream:
        try:
            return [bounded(item) for item in collector.read(stream)], []
        except Unreadable as error:
            gap = Gap(collector.name, "unreadable", None, {"detail": error.why, "position": error.position})
            return [], [gap]
        except BROKEN as error:
            gap = Gap(collector.name, "unreadable", None, {"detail": "malformed", "position": type(error).__name__})
            return [], [gap]
