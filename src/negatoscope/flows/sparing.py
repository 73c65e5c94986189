"""Events that a Sigma rule spares by their fields: tried on the past, kept with a reason, counted."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from negatoscope.flows import ruling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hunting import store
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.rulewriting import batches
from negatoscope.flows.tuning import ACT, NotTuned, Tuner
from negatoscope.kit.clock import PARIS
from negatoscope.kit.durable import write_durably
from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref
from negatoscope.model.tuning import AlertExemption
from negatoscope.store.queries import alerts, events
from negatoscope.store.queries.events import Refused
from negatoscope.watch import matching
from negatoscope.watch.detection import Kind, Level
from negatoscope.watch.filtering import Clauses, node_of
from negatoscope.watch.matching import Hidden
from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.tree import Node, Rule, Ruleset, Source
from negatoscope.watch.sigma.verify import holds
from negatoscope.watch.sparing import FIELDS, Spared, too_long

PAST = timedelta(days=30)
"""On how much of the past a filter is tried."""
SECONDS = 10.0
"""A trial ends after so long, and says how far back it came."""
SHOWN = 5
BATCH = 500
ANCHORS = 20
"""Texts that are sought before events are read one by one; a rule of more is held against all of them."""


@dataclass(frozen=True)
class Wish:
    """Which events a rule is to spare, until when and why. ``alert``: the one that taught it."""

    rule: str
    clauses: Clauses
    until: date
    reason: str
    alert: int | None = None


@dataclass(frozen=True)
class Tried:
    """What a filter would have hidden of the matches of a rule, and examples of both, the newest first."""

    matches: int
    spared: int
    events: int
    """How many were looked at one by one: those that hold a text without which the rule cannot match."""
    since: datetime | None
    """``None``: all of the past that is kept; else since when, as far back as the time allowed to look."""
    hidden: tuple[Told, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether the rule would have raised nothing at all."""
        return 0 < self.matches == self.spared


def rule_of(console: Console, ident: str) -> Rule:
    """A rule some of whose events may be spared. Raises NotTuned: ``unknown``, ``never_spared``, ``together``."""
    one = next((one for one in ruling.in_force(console).ruleset.every if one.id == ident), None)
    if one is None:
        raise NotTuned("unknown")
    if one.level == Level.CRITICAL:
        raise NotTuned("never_spared")
    if one.quiet or not isinstance(one, Rule):
        raise NotTuned("together")
    return one


def rehearse(console: Console, rule: Rule, clauses: Clauses) -> Tried:
    """Hold a rule and a filter against what came within ``PAST``, the newest days first. Raises NotAFilter, OSError."""
    tally, ends = _Tally(node_of(clauses), Engine(Ruleset((rule,)))), time.monotonic() + SECONDS
    kept, first, texts = store(console), (console.clock() - PAST).astimezone(UTC).date(), anchored(rule)
    days = sorted((day for day in kept.days() if day >= first), reverse=True)
    for day in days:
        for batch in batches(kept.told(day, day, rule.source.product, texts), BATCH):
            tally.add(batch)
            if time.monotonic() > ends:
                return tally.tried(batch[-1].came)
        if time.monotonic() > ends and day != days[-1]:
            return tally.tried(datetime.combine(day, datetime.min.time(), UTC))
    return tally.tried(None)


def anchored(rule: Rule) -> tuple[str, ...]:
    """Texts of which an event that a rule matches holds one, however it is written; none where nobody can say."""
    texts = {max(key.text.split("\\"), key=len) for key in rule.keys or ()}
    return tuple(sorted(texts)) if len(texts) <= ANCHORS and all(one and one.isascii() for one in texts) else ()


@dataclass
class _Tally:
    """What a rule matched so far, and what of it a filter hides."""

    node: Node
    engine: Engine
    counts: list[int] = field(default_factory=lambda: [0, 0, 0])
    """Told, hidden, looked at."""
    hidden: list[Told] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def add(self, batch: Sequence[Told]) -> None:
        """Match some events."""
        sources = (Source(one.event.product, one.event.service, one.event.category) for one in batch)
        records = [(one.event.fields, source) for one, source in zip(batch, sources, strict=True)]
        for one, record, found in zip(batch, records, self.engine.match_batch(records), strict=True):
            if found:
                spared = holds(self.node, self.engine.view(*record))
                self.counts[spared] += 1
                _shown(self.hidden if spared else self.told, one)
        self.counts[2] += len(batch)

    def tried(self, since: datetime | None) -> Tried:
        """What came of it."""
        rest, hidden, looked = self.counts
        return Tried(rest + hidden, hidden, looked, since, tuple(self.hidden), tuple(self.told))


def _shown(told: list[Told], one: Told) -> None:
    """Keep an event among the examples, if it is of the newest."""
    told.append(one)
    told.sort(key=lambda each: each.came, reverse=True)
    del told[SHOWN:]


def keep(console: Console, wish: Wish, who: Tuner) -> AlertExemption:
    """Spare such events from now on, until a day. Raises NotTuned, NotAFilter, DiskFull."""
    if not wish.reason.strip():
        raise NotTuned("unexplained")
    rule, now = rule_of(console, wish.rule), console.clock()
    if too_long(now.astimezone(PARIS).date(), wish.until):
        raise NotTuned("too_long")
    node_of(wish.clauses)
    clauses = dict(wish.clauses)
    subject, reason = f"rule/{rule.id}", wish.reason.strip()
    fact = AlertExemption(rule.id, FIELDS, subject, reason, who.name, now, wish.until, wish.alert, clauses)
    declare(console, Said(who.operator, ACT), [fact])
    return fact


def origin(console: Console, number: int) -> Told | None:
    """The first event of an alert that a rule raised; ``None``: there is none such, or it is kept no more."""
    one = alerts.alert(console.practice, number)
    parts = alerts.parts(number) if one is not None and one.kind == Kind.SIGMA else []
    if not parts or not parts[-1].keys:
        return None
    try:
        return events.kept(store(console), parts[-1].keys[0], parts[-1].came)
    except Refused:
        return None


def _file(console: Console) -> Path:
    return console.config.data / "watch" / "hidden"


def write(console: Console, state: matching.State) -> None:
    """Write down what exemptions from rules have hidden, for the pages: they are another process. Raises OSError."""
    if state.hidden or _file(console).exists():
        write_durably(_file(console), msgspec.msgpack.encode(state.hidden))


def hidden(console: Console) -> dict[Ref, Hidden]:
    """What each exemption from a rule has hidden; one that hid nothing yet is not among them."""
    try:
        return msgspec.msgpack.decode(_file(console).read_bytes(), type=dict[Ref, Hidden])
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}


def forget(state: matching.State, spared: Spared) -> None:
    """Let go of what exemptions hid that were withdrawn."""
    there = {one.ref for one in spared.exemptions}
    state.hidden = {ref: told for ref, told in state.hidden.items() if ref in there}


def of_rule(console: Console, rule: str) -> list[AlertExemption]:
    """The exemptions from one rule, of a subject or by fields."""
    return [one for one in StoredRegister(console.practice).seen(AlertExemption).facts if one.behaviour == rule]
