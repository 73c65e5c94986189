"""The engine: which rules a record matches.

``Engine(ruleset).match(fields, source)`` for one record, ``match_batch`` for many; ``arrow`` for columns.
One engine a process: it keeps what it learns, in bounded memory, and is not to be shared between threads.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

import msgspec

from negatoscope.watch.sigma.clauses import text_of
from negatoscope.watch.sigma.columns import Cells, Columns
from negatoscope.watch.sigma.finder import Finder, Memory, type_keys
from negatoscope.watch.sigma.sources import Gate, concerns, other_names
from negatoscope.watch.sigma.tree import Node, Rule, Ruleset, Source
from negatoscope.watch.sigma.verify import View, compiled, fields_of, holds, lowered, type_check, type_names, viewed

GATES = 4096
"""Gates remembered; a hostile log can write any channel and any event id."""
FEW = 12
"""Records on which a rule is tried clause by clause before it is worth a function of its own."""
ALIKE = 4
"""Records of one shape that are worth being laid out side by side."""
LONGEST = 256
"""Characters of a channel or an event id; what follows is nobody's name."""
ANYWHERE = Source()
WINDOWS = Source("windows")


class Plan:
    """The rules about the records of one gate, and how to find those worth trying."""

    __slots__ = ("always", "finders", "keywords", "names")

    def __init__(
        self, rules: Sequence[tuple[int, Rule]], names: type_names, finder: Callable[[type_keys], Finder]
    ) -> None:
        """Lay out the anchors of the chosen rules by their field."""
        self.names = names
        self.always = [index for index, rule in rules if rule.keys is None]
        by_field: dict[str, list[tuple[str, str, int]]] = {}
        for index, rule in rules:
            for key in rule.keys or ():
                by_field.setdefault(key.field, []).append((key.how, key.text, index))
        keywords = by_field.pop("", None)
        self.keywords = finder(tuple(keywords)) if keywords else None
        self.finders = [(field, finder(tuple(keys))) for field, keys in by_field.items()]

    @property
    def idle(self) -> bool:
        """No rule is about these records."""
        return not (self.always or self.finders or self.keywords is not None)

    def candidates(self, view: View) -> list[int]:
        """Indexes of the rules whose anchor is found, in order."""
        found: list[int] = list(self.always)
        raw = view.raw
        for field, finder in self.finders:
            if field in raw:
                found += finder[view[field]]
        if self.keywords is not None:
            found += self.keywords[view[""]]
        if view.many:
            found += self._of_many(view.many)
        return sorted(set(found)) if len(found) > 1 else found

    def found(self, columns: Columns, length: int) -> list[list[int]]:
        """The same for each of several records."""
        found = [self.always.copy() for _ in range(length)]
        finders = self.finders if self.keywords is None else [*self.finders, ("", self.keywords)]
        for field, finder in finders:
            values = columns.folded(field)
            if values is not None:
                for one, rules in zip(found, map(finder.__getitem__, values), strict=True):
                    if rules:
                        one.extend(rules)
        for row, many in columns.many.items():
            found[row] += self._of_many(many)
        return [sorted(set(one)) if len(one) > 1 else one for one in found]

    def _of_many(self, many: Mapping[str, Iterable[str]]) -> Iterator[int]:
        """Rules of the further values of fields that have several."""
        sought = dict(self.finders)
        for field, values in many.items():
            for finder in (sought.get(field), self.keywords):
                if finder is not None:
                    for value in values:
                        yield from finder[value.casefold()]


class Engine:
    """Rules ready to be matched."""

    def __init__(self, ruleset: Ruleset) -> None:
        """Take the rules; what they need is made when a record first asks for it."""
        self.rules = ruleset.rules
        self._sources: dict[Source, list[int]] = {}
        for index, rule in enumerate(self.rules):
            self._sources.setdefault(rule.source, []).append(index)
        self._plans: dict[Gate | tuple[object, object], Plan] = {}
        self._same: dict[tuple[object, ...], Plan] = {}
        self._memory = Memory()
        self._finder = cache(partial(Finder, memory=self._memory))
        """Gates about which nearly the same rules are share what is sought in a field."""
        self._checks: dict[int, type_check] = {}
        self._tries: Counter[int] = Counter()
        self._nodes: dict[int, Node] = {}
        self._asked: dict[int, frozenset[str]] = {}
        self._decode = msgspec.msgpack.Decoder(Node).decode

    def match(self, fields: Mapping[str, Any], source: Source = ANYWHERE) -> list[Rule]:
        """The rules that a record matches, those that only correlations tell (``quiet``) among them.

        ``fields``: flat, values of text, numbers, booleans, ``None`` or lists of them. A record with a ``Channel`` is
        known by it and its ``EventID``; any other by the ``source`` that it is said to come from.
        """
        plan = self.plan(fields, source)
        return [] if plan.idle else self._matched(plan, viewed(fields, plan.names))

    def match_batch(self, records: Sequence[tuple[Mapping[str, Any], Source]]) -> list[list[Rule]]:
        """``match`` for each of them: the larger the batch, the more of them are alike and read side by side."""
        found: list[list[Rule]] = [[] for _ in records]
        alike: dict[tuple[Plan, tuple[str, ...]], list[int]] = {}
        for number, (fields, source) in enumerate(records):
            plan = self.plan(fields, source)
            if not plan.idle:
                alike.setdefault((plan, tuple(fields)), []).append(number)
        for (plan, names), numbers in alike.items():
            rows = [records[number][0] for number in numbers]
            for number, rules in zip(numbers, self._alike(plan, names, rows), strict=True):
                found[number] = rules
        return found

    def _alike(self, plan: Plan, names: tuple[str, ...], rows: list[Mapping[str, Any]]) -> list[list[Rule]]:
        """The rules that each of several records of one shape matches."""
        lower = lowered(names)
        if len(rows) < ALIKE or len({*lower, ""}) <= len(lower):  # a name twice, or none at all
            return [self._matched(plan, viewed(row, plan.names)) for row in rows]
        columns = Columns(lower, rows, plan.names)
        found = plan.found(columns, len(rows))
        rules = [self._held(rules, Cells(columns, row)) if rules else [] for row, rules in enumerate(found)]
        for row in columns.bare:
            rules[row] = self._matched(plan, viewed(rows[row], plan.names))
        return rules

    def _matched(self, plan: Plan, view: View) -> list[Rule]:
        """The rules that a record matches, of those that its plan finds."""
        return self._held(plan.candidates(view), view)

    def _held(self, candidates: Iterable[int], view: View) -> list[Rule]:
        """Those of these rules that a record matches."""
        checks, found = self._checks, []
        for index in candidates:
            check = checks.get(index)
            if self._tried(index, view) if check is None or view.many else check(view):
                found.append(self.rules[index])
        return found

    def view(self, fields: Mapping[str, Any], source: Source) -> View:
        """A record as rules see it, under the names that they ask for."""
        return viewed(fields, self.plan(fields, source).names)

    def plan(self, fields: Mapping[str, Any], source: Source) -> Plan:
        """The plan for the gate of a record."""
        channel, event = fields.get("Channel"), fields.get("EventID")
        plain = type(channel) is str and len(channel) <= LONGEST and type(event) is int
        plan = self._plans.get((channel, event)) if plain else None
        if plan is None:
            gate = gate_of(fields, source)
            plan = self._plans.get(gate) or self._made(gate)
            if len(self._plans) >= GATES:
                self._plans.clear()
            self._plans[gate] = plan
            if plain:
                self._plans[channel, event] = plan
        return plan

    def knows(self, channel: object, event: object) -> bool:
        """Whether any rule is about Windows events of a channel and event id."""
        plan = self._plans.get((channel, event)) if type(channel) is str and type(event) is int else None
        return not (plan or self.plan({"Channel": channel, "EventID": event}, WINDOWS)).idle

    def _made(self, gate: Gate) -> Plan:
        """A plan; gates about which the same rules are share one."""
        chosen = tuple(
            index
            for source, indexes in self._sources.items()
            if concerns(source, gate)
            for index in indexes
            if not gate.channel or self.rules[index].events is None or gate.event in (self.rules[index].events or ())
        )
        names = other_names(gate.channel, gate.event)
        if (chosen, names) not in self._same:
            rules = [(index, self.rules[index]) for index in chosen]
            self._same[chosen, names] = Plan(rules, names, self._finder)
        return self._same[chosen, names]

    def _tried(self, index: int, view: View) -> bool:
        """Whether a record is as a rule asks: one with fields of several values, or one of the first it is tried on."""
        node = self._nodes.get(index)
        if node is None:
            node = self._nodes[index] = self._decode(self.rules[index].node)
        if view.many and self._asks(index, node, view.many):
            return holds(node, view)
        check = self._checks.get(index)
        if check is not None:
            return check(view)
        self._tries[index] += 1
        if self._tries[index] > FEW:
            self._checks[index] = compiled(node)
        return holds(node, view)

    def _asks(self, index: int, node: Node, many: Mapping[str, Any]) -> bool:
        """Whether a rule asks any of these fields, or all of them for a keyword."""
        asked = self._asked.get(index)
        if asked is None:
            asked = self._asked[index] = fields_of(node)
        return "" in asked or not asked.isdisjoint(many)


def gate_of(fields: Mapping[str, Any], source: Source) -> Gate:
    """The gate of a record."""
    channel, event = fields.get("Channel"), fields.get("EventID")
    if channel is None and "Channel" not in fields:
        lower = {name.lower(): value for name, value in fields.items()}
        channel, event = lower.get("channel"), lower.get("eventid")
    if not isinstance(channel, str):
        return Gate(source=source)
    return Gate(channel[:LONGEST].lower(), "" if event is None else text_of(event)[:LONGEST].casefold())
