"""Sigma rules on events as they come: what matches is one case a rule and subject, told again as it grows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import msgspec

from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref, Values
from negatoscope.watch.behaviours.growing import Cases, Matter
from negatoscope.watch.calendar import local
from negatoscope.watch.detection import Detection, Kind, Level
from negatoscope.watch.filtering import Filter
from negatoscope.watch.sigma.correlate import Correlator
from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.tree import Counted, Rule, Ruleset, Source
from negatoscope.watch.sigma.verify import View, holds
from negatoscope.watch.sparing import RULE

CODE = "sigma"
QUIET = timedelta(days=1)
"""After so long without a match, what comes next is another case."""


class Hidden(msgspec.Struct):
    """How many matches an exemption from a rule has hidden, and when the last of them came."""

    count: int
    last: datetime


class State(msgspec.Struct):
    """What is remembered of matches, over a restart too. What correlations had counted is not: they begin anew."""

    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))
    hidden: dict[Ref, Hidden] = msgspec.field(default_factory=dict)
    """What each exemption from a rule has hidden, by its ref."""


@dataclass
class Rules:
    """The rules in force, ready to be matched. For one thread."""

    ruleset: Ruleset
    off: frozenset[str] = frozenset()
    """Ids of those that raise nothing; correlations count their matches all the same."""
    spared: Mapping[tuple[str, Ref], date] = field(default_factory=dict)
    """Until when a rule raises nothing of a subject. What is spared makes no case grow: what comes after is told."""
    filters: Mapping[str, tuple[Filter, ...]] = field(default_factory=dict)
    """Of which events a rule raises nothing, by what their fields say; correlations have none."""

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
                    if not one.quiet and one.id not in self.off and not self._spares(one, told, state):
                        yield from _grown(one, told, state)

    def _spares(self, one: Rule | Counted, told: Told, state: State) -> bool:
        """Whether somebody found such events harmless, and said until when; counted for whoever asks what it hides."""
        ref = None if one.level == Level.CRITICAL else self._exemption(one, told)
        if ref is not None:
            count = state.hidden[ref].count if ref in state.hidden else 0
            state.hidden[ref] = Hidden(count + 1, told.came)
        return ref is not None

    def _exemption(self, one: Rule | Counted, told: Told) -> Ref | None:
        """The exemption that holds for a match: of its subject, else by its fields."""
        day, subject = local(told.came)[0], subject_of(told)
        until = self.spared.get((one.id, subject))
        if until is not None and day <= until:
            return f"exemption/{one.id}/{RULE}/{subject}"
        filters = [each for each in self.filters.get(one.id, ()) if day <= each.until] if isinstance(one, Rule) else []
        view = self.view(told) if filters else None
        return next((each.ref for each in filters if view is not None and holds(each.node, view)), None)

    def view(self, told: Told) -> View:
        """An event as rules see it."""
        event = told.event
        return self._engine.view(event.fields, Source(event.product, event.service, event.category))

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
