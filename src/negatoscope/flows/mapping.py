"""How hosts stand on the map, drawn from everything said of each."""

from collections.abc import Iterable

from negatoscope.model.atlas import HEARSAY, MapEntry
from negatoscope.register import differences
from negatoscope.register.differences import Passage, Told
from negatoscope.store import subjects
from negatoscope.store.facts import Statement
from negatoscope.store.queries.differences import passages as went


def passages(practice: int) -> list[Passage]:
    """Networks looked through for hosts."""
    return [Passage(*one) for one in went(practice)]


def entry(group: Iterable[Statement], looked: Iterable[Passage]) -> tuple[MapEntry, list[Statement]]:
    """One host's entry, and the statements under it, the weightiest first."""
    said = sorted(group, key=subjects.weight, reverse=True)
    told = [Told(one.fact, one.source.at, one.declared, one.source.collector not in HEARSAY) for one in said]
    return differences.entry(told, looked), said
