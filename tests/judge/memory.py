"""A register of facts in memory, as the judge asks for it; data, not a stand-in for the store's own tests."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from negatoscope.judge.catalogue import PREAMBLE, RULES
from negatoscope.judge.coverage import swept_as
from negatoscope.judge.judge import judge
from negatoscope.judge.rule import Control, Rule
from negatoscope.model.atlas import MapEntry, Standing
from negatoscope.model.cases import Case, CaseKind
from negatoscope.model.directory import Directory
from negatoscope.model.evidence import Blind, Gap, Ref, Scope, Seen, Source, Sweep, Swept
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import ControlResult
from negatoscope.model.kinds import KINDS
from negatoscope.model.people import Departure, FormerHolder, Person
from negatoscope.model.software import Software, SoftwareCensus, remote_control

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEAVING = {CaseKind.DEPARTURE}
SEEN_AT = AT - timedelta(hours=1)
EVERY_KIND: tuple[type[Any], ...] = (*KINDS.values(), SoftwareCensus, Departure, FormerHolder, MapEntry, Standing)
BY_ID: dict[str, tuple[Rule, Control]] = {
    c.id: (rule, c) for rule in (PREAMBLE, *RULES) for c in rule.controls.values()
}
MEASURED = sorted(ident for ident, (_, control) in BY_ID.items() if control.logic)


@dataclass(frozen=True)
class World:
    """Facts, and what was looked for. A sweep is as old as ``seen_at`` says, unless ``swept_at`` does."""

    facts: tuple[Any, ...] = ()
    sweeps: tuple[Sweep, ...] = ()
    gaps: tuple[Gap, ...] = ()
    seen_at: datetime = SEEN_AT
    gaps_by: str = "local"
    swept_at: dict[Sweep, datetime] = field(default_factory=dict)
    cache: dict[type[Any], Seen[Any]] = field(default_factory=dict, compare=False)

    def source(self, at: datetime | None = None, collector: str = "local") -> Source:
        return Source(f"sha256:{at or self.seen_at:%Y%m%d%H}", at or self.seen_at, collector)

    def seen(self, kind: type[Any]) -> Seen[Any]:
        if kind not in self.cache:
            name = swept_as(kind)
            facts = tuple(fact for fact in self.facts if type(fact) is kind)
            self.cache[kind] = Seen(
                facts,
                {fact.ref: (self.source(),) for fact in facts},
                tuple(Swept(s, self.source(self.swept_at.get(s))) for s in self.sweeps if s.kind == name),
                tuple(Blind(gap, self.source(collector=self.gaps_by)) for gap in self.gaps if gap.what == name),
            )
        return self.cache[kind]

    def with_(self, *facts: Any) -> "World":  # noqa: ANN401 -- any fact
        """The same world, these facts in the place of those of the same kind and subject."""
        told = {(type(fact), fact.ref): fact for fact in (*self.facts, *facts)}
        return replace(self, facts=tuple(told.values()), cache={})

    def but(self, **changes: Any) -> "World":  # noqa: ANN401 -- fields of a world
        return replace(self, cache={}, **changes)


def aged(world: World, kind: type[Any], subject: Ref, days: int = 32) -> World:
    """The same world, where what is said of this subject was last seen some days ago."""
    seen = world.seen(kind)
    sources = {**seen.sources, subject: (world.source(AT - timedelta(days=days)),)}
    return replace(world, cache={kind: replace(seen, sources=sources)})


def swept(facts: Iterable[Any], *kinds: type[Any]) -> World:
    """A world in which everything was looked for, completely, in every place."""
    facts = tuple(facts)
    places: dict[Scope, list[Ref | None]] = {
        "host": [fact.ref for fact in facts if isinstance(fact, Host)],
        "directory": [fact.ref for fact in facts if isinstance(fact, Directory)],
        "practice": [None],
    }
    looked_for = [kind for kind in kinds or EVERY_KIND if not getattr(kind, "KEPT_HERE", False)]
    sweeps = [Sweep(swept_as(kind), place) for kind in looked_for for place in places[kind.SCOPE]]
    return World(facts, tuple(dict.fromkeys(sweeps)))


def of(items: Iterable[Any], seen_at: datetime = SEEN_AT) -> World:
    """A world of what a reader yielded, its software reduced to a census."""
    items = tuple(items)
    census: defaultdict[Ref, Counter[bool]] = defaultdict(Counter)
    for item in items:
        if isinstance(item, Software):
            census[item.host][item.version is None] += 1
    remote: defaultdict[Ref, list[str]] = defaultdict(list)
    for item in items:
        if isinstance(item, Software) and remote_control(item.name):
            remote[item.host].append(item.name)
    counts = tuple(
        SoftwareCensus(host, count.total(), count[True], tuple(remote[host])) for host, count in census.items()
    )
    left = [Departure(item.ref, item.left_on) for item in items if isinstance(item, Person) and item.left_on]
    left += [Departure(item.person, item.on) for item in items if isinstance(item, Case) and item.kind in LEAVING]
    return World(
        (*(item for item in items if not isinstance(item, Sweep | Gap | Software)), *counts, *left),
        tuple(item for item in items if isinstance(item, Sweep)),
        tuple(item for item in items if isinstance(item, Gap)),
        seen_at,
    )


def judged(world: World, control: str, at: datetime = AT) -> ControlResult:
    """One control, judged: its rule without the others, which it does not know."""
    rule, one = BY_ID[control]
    alone = Rule(rule.id, fresh=rule.fresh)
    alone.controls = {control: one}
    (result,) = judge(world, [alone], at).rules
    return result.controls[0]
