"""Matches counted together in time: event_count, value_count, temporal, temporal_ordered."""

from bisect import insort
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import sha256
from operator import eq, ge, gt
from typing import Any, NamedTuple

from negatoscope.watch.sigma.clauses import text_of
from negatoscope.watch.sigma.tree import Counted

GROUPS = 50_000
"""Groups kept, of all correlations together; the one untouched for longest is forgotten, and counted."""
KEPT = 10_000
"""Matches kept of a group, or as many as the correlation asks for if that is more; the oldest is forgotten."""
LONGEST = 256
"""Characters of a value kept as it is."""
ORDERS = {"gte": ge, "gt": gt, "eq": eq}

type_values = tuple[str | None, ...]


class Told(NamedTuple):
    """A correlation that has come true."""

    rule: Counted
    group: dict[str, str | None]
    """The values that its matches agree in."""


class _Group:
    """Matches of one correlation that agree in its fields, by time."""

    __slots__ = ("kept", "told")

    def __init__(self) -> None:
        self.kept: list[tuple[float, str, type_values]] = []
        self.told: float | None = None


class Correlator:
    """Counts matches as they come. Bounded whatever comes."""

    def __init__(self, counted: Iterable[Counted]) -> None:
        """Take the correlations."""
        self.by_rule: dict[str, list[Counted]] = {}
        for one in counted:
            for rule in one.rules:
                self.by_rule.setdefault(rule, []).append(one)
        self.groups: OrderedDict[tuple[str, type_values], _Group] = OrderedDict()
        self.forgotten = 0
        """Groups or matches forgotten for want of room."""

    def counts(self, rule: str) -> bool:
        """Whether any correlation counts the matches of a rule."""
        return rule in self.by_rule

    def needs(self, rule: str) -> frozenset[str]:
        """The fields, in lower case, that correlations read from a match of a rule."""
        return frozenset(
            name
            for one in self.by_rule.get(rule, ())
            for name in (*(_field(one, rule, by) for by in one.by), *one.fields)
        )

    def feed(self, rule: str, fields: Mapping[str, Any], at: float) -> list[Told]:
        """A match of a rule at an instant (seconds): the correlations that it makes true, each told once a timespan.

        ``fields``: names in lower case. Matches may come out of order within a timespan.
        """
        found: list[Told] = []
        waiting: list[tuple[str, Mapping[str, Any]]] = [(rule, fields)]
        while waiting:
            name, values = waiting.pop()
            for one in self.by_rule.get(name, ()):
                told = self._one(one, name, values, at)
                if told:
                    found.append(told)
                    waiting.append((one.id, {by.lower(): value for by, value in told.group.items()}))
        return found

    def _one(self, one: Counted, rule: str, fields: Mapping[str, Any], at: float) -> Told | None:
        """One correlation, one match."""
        names = tuple(_values(fields, (_field(one, rule, by) for by in one.by)))
        group = self._group(one.id, names)
        insort(group.kept, (at, rule, tuple(_values(fields, one.fields))), key=lambda kept: kept[0])
        newest = group.kept[-1][0]
        fresh = next(
            place for place, kept in enumerate(group.kept) if kept[0] > newest - one.seconds or kept[0] == newest
        )
        del group.kept[:fresh]
        most = max(KEPT, int(one.count) + 1)
        if len(group.kept) > most:
            self.forgotten += len(group.kept) - most
            del group.kept[:-most]
        if not _true(one, group.kept):
            group.told = None
            return None
        if group.told is not None and abs(newest - group.told) < one.seconds:
            return None
        group.told = newest
        return Told(one, dict(zip(one.by, names, strict=True)))

    def _group(self, correlation: str, names: type_values) -> _Group:
        group = self.groups.get((correlation, names))
        if group is None:
            group = self.groups[correlation, names] = _Group()
            if len(self.groups) > GROUPS:
                self.groups.popitem(last=False)
                self.forgotten += 1
        self.groups.move_to_end((correlation, names))
        return group


def _field(one: Counted, rule: str, by: str) -> str:
    """The field, in lower case, that bears a name of ``group-by`` in matches of a rule."""
    return one.aliases.get(by, {}).get(rule, by).lower()


def short(value: object) -> str | None:
    """A value as it is compared: folded, and by its digest where it is long, so that no log fills the memory."""
    if value is None:
        return None
    text = text_of(value).casefold()
    return text if len(text) <= LONGEST else f"sha256:{sha256(text.encode('utf-8', 'replace')).hexdigest()}"


def _values(fields: Mapping[str, Any], names: Iterable[str]) -> Iterable[str | None]:
    return (short(fields.get(name)) for name in names)


def _true(one: Counted, kept: list[tuple[float, str, type_values]]) -> bool:
    """Whether the matches within a timespan are as a correlation asks."""
    match one.kind:
        case "event_count":
            number = len(kept)
        case "value_count":
            number = len({values for _, _, values in kept if None not in values})
        case "temporal":
            number = len({rule for _, rule, _ in kept})
        case _:
            return _ordered(one.rules, kept)
    return bool(ORDERS[one.operator](number, one.count))


def _ordered(rules: tuple[str, ...], kept: list[tuple[float, str, type_values]]) -> bool:
    """Whether the rules matched one after the other."""
    place = 0
    for _, rule, _ in kept:
        if rule == rules[place]:
            place += 1
            if place == len(rules):
                return True
    return False
