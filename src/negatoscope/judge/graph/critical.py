"""What hangs on whom: articulation points (Tarjan 1972) and betweenness (Brandes 2001), in hosts and pairs of hosts.

Points with one link are folded into the point that they hang on, so that thousands of hosts cost what a few dozen
devices do; beyond ``EXACT`` points that remain, the betweenness is estimated from evenly spread origins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from negatoscope.model.drawing import Weight
from negatoscope.model.evidence import Ref

EXACT = 700
"""Points up to which every one is an origin; about a second."""
ORIGINS = 150
"""How many are, beyond that."""

Edges = Mapping[Ref, tuple[Ref, ...]]


def joined(pairs: Iterable[tuple[Ref, Ref]]) -> dict[Ref, tuple[Ref, ...]]:
    """Neighbours of each point, both ways, in a lasting order."""
    found: dict[Ref, set[Ref]] = {}
    for one, other in pairs:
        if one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {one: tuple(sorted(found[one])) for one in sorted(found)}


def weigh(edges: Edges, hosts: frozenset[Ref]) -> dict[Ref, Weight]:
    """What hangs on each point without which hosts would be parted. Only such points are told."""
    cuts: dict[Ref, int] = {}
    between: dict[Ref, float] = {}
    for part in _parts(edges):
        cuts |= _cuts(edges, part, hosts)
        between |= _between(edges, part, hosts)
    return {ref: Weight(cut, round(between.get(ref, 0.0), 4)) for ref, cut in sorted(cuts.items()) if cut}


def _parts(edges: Edges) -> list[list[Ref]]:
    """Points that can reach one another, together."""
    seen: set[Ref] = set()
    parts = []
    for start in edges:
        if start not in seen:
            seen.add(start)
            part = [start]
            for one in part:
                fresh = [other for other in edges[one] if other not in seen]
                seen.update(fresh)
                part += fresh
            parts.append(part)
    return parts


@dataclass(slots=True)
class _Walk:
    """A walk in depth through one part."""

    found: dict[Ref, int] = field(default_factory=dict)
    low: dict[Ref, int] = field(default_factory=dict)
    mass: dict[Ref, int] = field(default_factory=dict)
    """Hosts in the tree under a point, itself included."""
    parted: dict[Ref, list[int]] = field(default_factory=dict)
    """Hosts of each piece that falls off without a point."""


def _cuts(edges: Edges, part: list[Ref], hosts: frozenset[Ref]) -> dict[Ref, int]:
    """Hosts cut off from the largest piece that remains without a point; 0 is left out."""
    walk = _walked(edges, part[0], hosts)
    whole = sum(one in hosts for one in part)
    told = {}
    for one, pieces in walk.parted.items():
        rest = whole - sum(pieces) - (one in hosts)
        remaining = [*pieces, rest]
        told[one] = sum(remaining) - max(remaining)
    return told


def _walked(edges: Edges, root: Ref, hosts: frozenset[Ref]) -> _Walk:
    walk = _Walk({root: 0}, {root: 0}, {root: int(root in hosts)})
    stack = [(root, "", iter(edges[root]))]
    while stack:
        one, parent, onward = stack[-1]
        other = next(onward, None)
        if other is None:
            stack.pop()
            if stack:
                _climb(walk, parent, one)
        elif other not in walk.found:
            walk.found[other] = walk.low[other] = len(walk.found)
            walk.mass[other] = int(other in hosts)
            stack.append((other, one, iter(edges[other])))
        elif other != parent:
            walk.low[one] = min(walk.low[one], walk.found[other])
    return walk


def _climb(walk: _Walk, parent: Ref, child: Ref) -> None:
    """Back from a child: what hangs under it falls off without its parent, unless it reaches above by another way."""
    walk.low[parent] = min(walk.low[parent], walk.low[child])
    walk.mass[parent] += walk.mass[child]
    if walk.low[child] >= walk.found[parent]:
        walk.parted.setdefault(parent, []).append(walk.mass[child])


def _between(edges: Edges, part: list[Ref], hosts: frozenset[Ref]) -> dict[Ref, float]:
    """Share of the pairs of other hosts whose shortest ways pass through each point."""
    core = [one for one in part if len(edges[one]) > 1] or part[:1]
    inside = set(core)
    hung = {one: sum(leaf in hosts for leaf in edges[one] if leaf not in inside) for one in core}
    mass = {one: hung[one] + (one in hosts) for one in core}
    whole = sum(mass.values())
    step = 1 if len(core) <= EXACT else len(core) / ORIGINS
    origins = core if step == 1 else [core[int(n * step)] for n in range(ORIGINS)]
    through = dict.fromkeys(core, 0.0)
    inner = {one: tuple(other for other in edges[one] if other in inside) for one in core}
    for origin in origins:
        _spread(inner, origin, mass, through)
    told = {}
    for one in core:
        others = whole - (one in hosts)
        pairs = others * (others - 1) / 2
        own = hung[one] * (whole - mass[one]) + hung[one] * (hung[one] - 1) / 2
        passing = through[one] / 2 * (len(core) / len(origins))
        told[one] = min(1.0, (own + passing) / pairs) if pairs else 0.0
    return told


def _spread(inner: Edges, origin: Ref, mass: Mapping[Ref, int], through: dict[Ref, float]) -> None:
    """Brandes' accumulation from one origin, each pair as heavy as the hosts at its ends."""
    ways, far, order, before = {origin: 1.0}, {origin: 0}, [origin], dict[Ref, list[Ref]]()
    for one in order:
        for other in inner[one]:
            if other not in far:
                far[other] = far[one] + 1
                order.append(other)
            if far[other] == far[one] + 1:
                ways[other] = ways.get(other, 0.0) + ways[one]
                before.setdefault(other, []).append(one)
    owed = dict.fromkeys(order, 0.0)
    for one in reversed(order[1:]):
        for nearer in before[one]:
            owed[nearer] += ways[nearer] / ways[one] * (mass[one] + owed[one])
        through[one] += owed[one] * mass[origin]
