"""Which techniques of attack the rules would see, with the sources that come now, and with those that could."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from negatoscope.flows.rulebook import Entry, State, techniques
from negatoscope.watch.sigma.attack import table
from negatoscope.watch.sigma.tree import Source

LAYER, NAVIGATOR = "4.5", "5.1.0"
"""The edition of the layer format, and of the program that reads it."""


@dataclass(frozen=True)
class Technique:
    """One technique, with all its parts: how many rules see it now, and how many wait for a source."""

    id: str
    runs: int
    waits: int

    @property
    def name(self) -> str:
        """Its name; empty if it is not known."""
        return table().name(self.id)


@dataclass(frozen=True)
class Gain:
    """What a source that does not come would bring: techniques that no rule sees now."""

    source: Source
    rules: int
    techniques: int


@dataclass(frozen=True)
class Coverage:
    """``tactics``: in MITRE's order, each with its techniques; one that serves several stands in each."""

    tactics: Sequence[tuple[str, Sequence[Technique]]]
    parts: Sequence[Technique]
    """Every technique by the number that rules name, parts apart from the whole."""
    gains: Sequence[Gain]
    """The largest first."""


def coverage(entries: Iterable[Entry]) -> Coverage:
    """Count rules by technique: those that are off or cannot run see nothing."""
    counted = [one for one in entries if one.state in (State.RUNS, State.WAITS)]
    whole = _counted((one, {name.partition(".")[0] for name in techniques(one.tags)}) for one in counted)
    parts = _counted((one, set(techniques(one.tags))) for one in counted)
    tactics = [(name, [one for one in whole if name in table().tactics_of(one.id)]) for name in table().tactics]
    seen = {one.id for one in parts if one.runs}
    return Coverage([each for each in tactics if each[1]], parts, _gains(counted, seen))


def _counted(told: Iterable[tuple[Entry, set[str]]]) -> list[Technique]:
    runs: defaultdict[str, int] = defaultdict(int)
    waits: defaultdict[str, int] = defaultdict(int)
    for one, names in told:
        for name in names:
            (runs if one.state is State.RUNS else waits)[name] += 1
    return [Technique(name, runs[name], waits[name]) for name in sorted({*runs, *waits})]


def _gains(counted: Iterable[Entry], seen: set[str]) -> list[Gain]:
    rules: defaultdict[Source, int] = defaultdict(int)
    more: defaultdict[Source, set[str]] = defaultdict(set)
    for one in counted:
        if one.state is State.WAITS and one.source is not None:
            rules[one.source] += 1
            more[one.source] |= set(techniques(one.tags)) - seen
    gains = [Gain(source, many, len(more[source])) for source, many in rules.items()]
    return sorted(gains, key=lambda gain: (-gain.techniques, -gain.rules, gain.source.category or ""))


def layer(told: Coverage, name: str) -> dict[str, Any]:
    """A layer of the ATT&CK Navigator: the score of a technique is how many rules see it now."""
    return {
        "name": name,
        "versions": {"attack": table().version, "navigator": NAVIGATOR, "layer": LAYER},
        "domain": "enterprise-attack",
        "techniques": [
            {"techniqueID": one.id, "score": one.runs, "metadata": [{"name": "waiting", "value": f"{one.waits}"}]}
            for one in told.parts
        ],
        "gradient": {"colors": ["#ffffff", "#1a7f4b"], "minValue": 0, "maxValue": 20},
    }
