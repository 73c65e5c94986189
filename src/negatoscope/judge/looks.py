"""When each host was last looked at for a kind, and what that look left dark."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from negatoscope.model.evidence import Blind, Ref, Seen, Source

By = tuple[Ref, str]
"""A host, and the collector that looked at it."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks at one kind.

    A look may leave fields dark and still count: each of them is ``None`` in a fact, so that any logic that reads it
    doubts by itself, and whatever else the look brought back was seen.
    """

    last: Mapping[Ref, Source]
    blind: Mapping[Ref, Blind]
    """Gaps that undo the earlier looks of their own collector."""
    dark: tuple[Blind, ...]
    """Gaps that only name fields: they say why, where somebody asks."""


def looks_at(kind: type[Any], seen: Seen[Any], at: datetime) -> Looks:
    """Date the last look at each host before ``at``, whole but for the fields that it names."""
    gaps: defaultdict[By, list[Blind]] = defaultdict(list)
    for blind in seen.gaps:
        if blind.gap.host is not None:
            gaps[blind.gap.host, blind.source.collector].append(blind)
    unknown = _unknown(kind, seen, {host for host, _ in gaps})
    undone = {by: blinds for by, blinds in gaps.items() if any(_undoes(blind, unknown[by[0]]) for blind in blinds)}
    last: dict[Ref, Source] = {}
    for host, look in _made(seen, gaps, undone):
        if look.at <= at and (host not in last or look.at > last[host].at):
            last[host] = look
    return Looks(
        last,
        {host: blinds[0] for (host, _), blinds in undone.items()},
        tuple(blind for by, blinds in gaps.items() if by not in undone for blind in blinds),
    )


def _made(
    seen: Seen[Any], gaps: Mapping[By, list[Blind]], undone: Mapping[By, list[Blind]]
) -> Iterator[tuple[Ref, Source]]:
    for swept in seen.sweeps:
        host, look = swept.sweep.host, swept.source
        if host is not None:
            against = undone.get((host, look.collector), [])
            if all(blind.source.at < look.at for blind in against):
                yield host, look
    for (host, collector), blinds in gaps.items():
        if (host, collector) not in undone:
            yield host, blinds[0].source


def _unknown(kind: type[Any], seen: Seen[Any], hosts: set[Ref]) -> Mapping[Ref, set[str]]:
    """Fields that are ``None`` in some fact of these hosts."""
    names = [field.name for field in fields(kind)]
    unknown: defaultdict[Ref, set[str]] = defaultdict(set)
    for fact in seen.facts if hosts else ():
        place = getattr(fact, kind.SCOPE)
        if place in hosts:
            unknown[place] |= {name for name in names if getattr(fact, name) is None}
    return unknown


def _undoes(blind: Blind, unknown: set[str]) -> bool:
    """Tell a gap that names only fields known to be dark from one that may hide anything."""
    said = blind.gap.values.get("fields")
    return not isinstance(said, str) or not set(said.split(", ")) <= unknown
