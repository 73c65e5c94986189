"""The rules of a practice as people read them: which run, which wait for a source, which cannot, which are off."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from negatoscope.flows.console import Console
from negatoscope.flows.hunting import store
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.ruling import InForce, in_force
from negatoscope.model.detecting import RuleSwitch
from negatoscope.store.queries.events import Heard, Refused, heard
from negatoscope.watch.sigma import tree
from negatoscope.watch.sigma.sources import Gate, concerns
from negatoscope.watch.sigma.tree import Source
from negatoscope.watch.sigma.words import Line, Speaker

LATELY = timedelta(days=7)
"""A source that sent nothing for so long does not come."""
TECHNIQUE = re.compile(r"attack\.t\d{4}(\.\d{3})?")


class State(StrEnum):
    """How a rule stands."""

    RUNS = "runs"
    WAITS = "waits"
    """It could run: no record that it is about came lately."""
    CANNOT = "cannot"
    OFF = "off"


@dataclass(frozen=True)
class Entry:
    """One rule. ``level`` and ``source``: ``None`` where they could not be read, or for a correlation."""

    id: str
    title: str
    path: str
    state: State
    level: str | None = None
    source: Source | None = None
    tags: tuple[str, ...] = ()
    why: str = ""
    """Why it cannot run: a code of ``tree.Refused``."""
    values: dict[str, str] = field(default_factory=dict)
    off: RuleSwitch | None = None


Gates = tuple[Gate, ...]


def coming(console: Console) -> Gates | None:
    """Which kinds of records came lately; ``None``: the kept events did not answer."""
    try:
        told = heard(store(console), console.clock() - LATELY)
    except Refused:
        return None
    return tuple(dict.fromkeys(map(_gate, told)))


def _gate(one: Heard) -> Gate:
    source = Source(one.product, one.service, one.category)
    return Gate(one.channel.lower(), (one.event or "").casefold(), source) if one.channel else Gate(source=source)


def comes(source: Source, gates: Iterable[Gate]) -> bool:
    """Whether records of a source are among what came."""
    return any(concerns(source, gate) for gate in gates)


def entries(console: Console, gates: Gates | None) -> list[Entry]:
    """Every rule, by title; ``gates``: what came lately, where that is known. Raises OSError."""
    switches = {one.rule: one for one in StoredRegister(console.practice).seen(RuleSwitch).facts}
    found = _entries(in_force(console), switches, gates)
    return sorted(found, key=lambda entry: (entry.title.casefold(), entry.id))


def said(console: Console, ident: str, speaker: Speaker) -> Line | None:
    """What a rule looks for, in words; ``None``: it cannot be read. Raises OSError."""
    known = {one.id: one for one in in_force(console).ruleset.every}
    return speaker.rule(known[ident], known) if ident in known else None


def techniques(tags: Iterable[str]) -> list[str]:
    """The techniques of ATT&CK among a rule's tags: ``T1059.001``."""
    return sorted({tag.removeprefix("attack.").upper() for tag in tags if TECHNIQUE.fullmatch(tag.lower())})


def _entries(force: InForce, switches: dict[str, RuleSwitch], gates: Gates | None) -> Iterator[Entry]:
    sources = {one.source for one in force.ruleset.rules}
    heard_of = sources if gates is None else {one for one in sources if comes(one, gates)}
    ready = {one.id for one in force.ruleset.rules if one.source in heard_of}
    for one in force.ruleset.rules:
        state = _state(one, switches, runs=one.id in ready)
        yield Entry(one.id, one.title, one.path, state, one.level, one.source, one.tags, off=switches.get(one.id))
    for many in _settled(force.ruleset.counted, ready):
        state = _state(many, switches, runs=many.id in ready)
        yield Entry(many.id, many.title, many.path, state, many.level, None, many.tags, off=switches.get(many.id))
    for left in force.ruleset.refused:
        told = left.values if left.code == "unmapped" else {}
        source = Source(told.get("product"), told.get("service"), told.get("category")) if told else None
        title = left.title or left.path.rpartition("/")[2]
        yield Entry(left.rule, title, left.path, State.CANNOT, None, source, (), left.code, left.values)


def _settled(counted: Sequence[tree.Counted], ready: set[str]) -> Sequence[tree.Counted]:
    """Correlations; those whose rules are all ready join them, whatever their depth."""
    waiting, before = list(counted), -1
    while len(ready) != before:
        before = len(ready)
        ready |= {one.id for one in waiting if ready.issuperset(one.rules)}
    return counted


def _state(one: tree.Rule | tree.Counted, switches: dict[str, RuleSwitch], *, runs: bool) -> State:
    if one.id in switches:
        return State.OFF
    return State.RUNS if runs else State.WAITS


__all__ = ["LATELY", "Entry", "Gates", "State", "comes", "coming", "entries", "said", "techniques"]
