"""Sigma rules on events as they come: what matches is one case a rule and subject, told again as it grows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import msgspec

from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref, Values
from negatoscope.watch.behaviours.growing import Cases, Matter
from negatoscope.watch.calendar import local
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.watch.sigma.correlate import Correlator
from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.tree import Counted, Rule, Ruleset, Source

CODE = "sigma"
QUIET = timedelta(days=1)
"""After so long without a match, what comes next is another case."""


class State(msgspec.Struct):
    """What is remembered of matches, over a restart too. What correlations had counted is not: they begin anew."""

    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))


@dataclass
class Rules:
    """The rules in force, ready to be matched. For one thread."""

    ruleset: Ruleset
    off: frozenset[str] = frozenset()
    """Ids of those that raise nothing; correlations count their matches all the same."""
    spared: Mapping[tuple[str, Ref], date] = field(default_factory=dict)
    """Until when a rule raises nothing of a subject. What is spared makes no case grow: what comes after is told."""

    def __post_init__(self) -> None:
        """Make the engine; what single rules need is made when an event first asks for it."""
        self._engine, self._correlator = Engine(self.ruleset), Correlator(self.ruleset.counted)

    def look(self, events: Iterable[Told], state: State) -> Iterator[Detection]:
        """Tell what these events match; ``state`` changes as detections are taken."""
        several = [(told, told.event) for told in events]
        matches = self._engine.match_batch(
            [(event.fields, Source(event.product, event.service, event.category)) for _, event in several]
        )
        for (told, _), rules in zip(several, matches, strict=True):
            for rule in rules:
                found: list[Rule | Counted] = [rule, *self._together(rule, told)]
                for one in found:
                    if not one.quiet and one.id not in self.off and not self._spares(one, told):
                        yield from _grown(one, told, state)

    def _spares(self, rule: Rule | Counted, told: Told) -> bool:
        """Whether somebody found such events of this subject harmless, and said until when."""
        until = self.spared.get((rule.id, subject_of(told)))
        return until is not None and rule.level != Level.CRITICAL and local(told.came)[0] <= until

    def _together(self, rule: Rule, told: Told) -> Iterator[Counted]:
        """Correlations that this match makes true."""
        if self._correlator.counts(rule.id):
            fields = {name.lower(): value for name, value in told.event.fields.items()}
            yield from (one.rule for one in self._correlator.feed(rule.id, fields, told.event.at.timestamp()))


def subject_of(told: Told) -> Ref:
    """Whom an event is about first of all: its host, else its person or account, else whoever sent it."""
    return told.host or told.person or told.account or f"address/{told.event.host or told.sender}"


def _grown(rule: Rule | Counted, told: Told, state: State) -> Iterator[Detection]:
    subject = subject_of(told)
    case = state.cases.take(f"{rule.id}/{subject}", told, told.event.at, QUIET)
    if case.grown(""):
        seen: Values = {"title": rule.title, "tags": ", ".join(rule.tags)}
        matter = Matter(subject, "", Level(rule.level), seen=seen)
        yield replace(case.say(rule.id, matter), kind=Kind.SIGMA)
