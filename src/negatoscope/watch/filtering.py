"""Events that a Sigma rule spares by what their fields say: a few clauses, read as a rule's own selections are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from negatoscope.model.evidence import Ref
from negatoscope.model.tuning import AlertExemption
from negatoscope.watch.sigma.condition import CannotRun
from negatoscope.watch.sigma.tree import Node

IS = "is"
HOWS = (IS, "contains", "startswith", "endswith", "cidr", "re")
"""What may be asked of a field: Sigma's own modifiers, and none."""
AS_WRITTEN = frozenset({"cidr", "re"})
"""Those whose values have a grammar of their own; the values of the others are taken letter by letter."""
MOST, VALUES, LONGEST = 20, 50, 2_000
"""Clauses of a filter, values of a clause, characters of a value."""

Clauses = Mapping[str, tuple[str, ...]]
"""``AlertExemption.clauses``."""


class NotAFilter(Exception):  # noqa: N818 -- what it is
    """It cannot be read. ``code``: ``empty``, ``no_field``, ``no_value``, ``twice``, ``too_many``, ``cannot``.

    ``what``: the clause that it is about, as in ``AlertExemption.clauses``.
    """

    def __init__(self, code: str, what: str = "") -> None:
        """Keep both."""
        super().__init__(code)
        self.code, self.what = code, what


@dataclass(frozen=True)
class Clause:
    """What one field must say: one of these values, in one of ``HOWS``."""

    field: str
    how: str
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        """The field and the modifier as Sigma writes them."""
        return self.field if self.how == IS else f"{self.field}|{self.how}"


@dataclass(frozen=True)
class Filter:
    """An exemption, ready to be held against events. ``until``: its last day, Paris time."""

    ref: Ref
    until: date
    node: Node


def told(clauses: Iterable[Clause]) -> dict[str, tuple[str, ...]]:
    """Clauses as they are kept. Raises NotAFilter."""
    kept: dict[str, tuple[str, ...]] = {}
    for one in clauses:
        if not one.field or "|" in one.field or one.how not in HOWS:
            raise NotAFilter("no_field", one.key)
        if not one.values or not all(one.values):
            raise NotAFilter("no_value", one.key)
        if one.key.lower() in {key.lower() for key in kept}:
            raise NotAFilter("twice", one.key)
        if len(one.values) > VALUES or max(map(len, (one.field, *one.values))) > LONGEST:
            raise NotAFilter("too_many", one.key)
        kept[one.key] = one.values
    if not kept:
        raise NotAFilter("empty")
    if len(kept) > MOST:
        raise NotAFilter("too_many")
    return kept


def parted(clauses: Clauses) -> list[Clause]:
    """Clauses from what is kept of them."""
    return [Clause(key.partition("|")[0], key.partition("|")[2] or IS, values) for key, values in clauses.items()]


def node_of(clauses: Clauses) -> Node:
    """The tree of a filter. Raises NotAFilter: ``cannot``, with the first clause that cannot be read."""
    for key, values in clauses.items():
        try:
            _read(((key, values),))
        except CannotRun as error:
            raise NotAFilter("cannot", key) from error
    return _read(tuple(clauses.items()))


@lru_cache(512)
def _read(clauses: tuple[tuple[str, tuple[str, ...]], ...]) -> Node:
    from negatoscope.watch.sigma.reading import WRONG, selection  # noqa: PLC0415 -- pySigma takes a third of a second

    asked = {key: _literal(values, key.partition("|")[2] or IS) for key, values in clauses}
    try:
        return selection(asked)
    except WRONG as error:
        raise CannotRun("filter") from error


def _literal(values: Iterable[str], how: str) -> list[str]:
    """Values whose stars, question marks and backslashes are themselves: whoever picks a value means no other."""
    if how in AS_WRITTEN:
        return list(values)
    return [one.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?") for one in values]


def filters_of(exemptions: Iterable[AlertExemption]) -> dict[str, tuple[Filter, ...]]:
    """Filters by the rule that they are of. One that cannot be read any more spares nothing."""
    found: defaultdict[str, list[Filter]] = defaultdict(list)
    for one in exemptions:
        try:
            node = node_of(one.clauses)
        except NotAFilter:
            continue
        found[one.behaviour].append(Filter(one.ref, one.until, node))
    return {rule: tuple(filters) for rule, filters in found.items()}
