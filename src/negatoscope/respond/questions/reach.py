"""What somebody who holds a host could reach from it: accounts, groups, hosts, directories, data, by the easiest path.

Nodes are the register's references, and ``data/<kind>/<where>`` for what an account was seen to open. A step is shown
by something that was read, or only possible; the easiest path has the fewest possible steps, then the fewest of all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from negatoscope.model.evidence import Ref, Values
from negatoscope.model.hosts import HostClass
from negatoscope.respond.questions.answer import Answer, Read, Why, why

MOST = 1000
DEEPEST = 8
"""Steps of a path at most."""
POSSIBLE = 100
"""What a step that is only possible costs; one that was shown costs 1."""
VALUES = {"directory": 80, "data": 50, "host": 10, "account": 2, "group": 1}
"""What a node is worth to somebody who came in, by the beginning of its reference."""
CLASSES = {HostClass.SERVER: 20, HostClass.MODALITY: 30, HostClass.NETWORK: 25}
IMAGING = 20
"""A host that answers DICOM holds images."""


@dataclass(frozen=True, slots=True)
class Step:
    """From a node to one that it opens. ``how`` is a code."""

    source: Ref
    target: Ref
    how: str
    values: Values = field(default_factory=dict)
    shown: bool = True
    """Something that was read says so; else it is only possible."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A node that can be reached, and the easiest path there."""

    node: Ref
    kind: str
    """``directory``, ``data``, ``host``, ``account``, ``group``."""
    path: tuple[Step, ...]
    worth: int

    @property
    def shown(self) -> bool:
        """Each step of the path was shown."""
        return all(step.shown for step in self.path)


@dataclass(frozen=True, slots=True)
class Known:
    """What hosts are, for their worth."""

    classes: Mapping[Ref, HostClass | None]
    imaging: frozenset[Ref] = frozenset()
    """Hosts that answer DICOM."""


def paths(start: Ref, steps: Iterable[Step]) -> dict[Ref, tuple[Step, ...]]:
    """The easiest path from a node to each that can be reached in at most ``DEEPEST`` steps."""
    leaving: defaultdict[Ref, list[Step]] = defaultdict(list)
    for step in steps:
        leaving[step.source].append(step)
    best: dict[tuple[Ref, int], int] = {(start, 0): 0}
    by: dict[tuple[Ref, int], Step] = {}
    settled: dict[Ref, int] = {}
    waiting = [(0, 0, start)]
    while waiting:
        cost, depth, here = heappop(waiting)
        if here in settled and settled[here] <= depth:
            continue  # reached as easily, and with more steps to spare
        settled[here] = depth
        for step in leaving[here] if depth < DEEPEST else ():
            place, then = (step.target, depth + 1), cost + (1 if step.shown else POSSIBLE)
            if then < best.get(place, then + 1):
                best[place], by[place] = then, step
                heappush(waiting, (then, depth + 1, step.target))
    easiest: dict[Ref, tuple[int, int]] = {}
    for (node, depth), cost in best.items():
        easiest[node] = min(easiest.get(node, (cost, depth)), (cost, depth))
    return {node: _path(node, depth, by) for node, (_, depth) in easiest.items() if node != start}


def _path(node: Ref, depth: int, by: Mapping[tuple[Ref, int], Step]) -> tuple[Step, ...]:
    told: list[Step] = []
    while depth:
        told.append(by[node, depth])
        node, depth = told[-1].source, depth - 1
    return tuple(reversed(told))


def reach(
    host: Ref, steps: Iterable[Step], known: Known, read: Iterable[Read], blind: Iterable[Why]
) -> Answer[Reached]:
    """Rank what can be reached from a host: what is worth most by the easiest path first."""
    every = tuple(steps)
    found = paths(host, every).items()
    told = [_reached(node, path, known) for node, path in found if node.partition("/")[0] in VALUES]
    ranked = sorted(told, key=lambda one: (-one.worth, not one.shown, len(one.path), one.node))
    unknown = () if any(step.source == host for step in every) else (why("nobody_known_on_it"),)
    return Answer(tuple(ranked[:MOST]), tuple(read), (*unknown, *blind), max(0, len(ranked) - MOST))


def kinds(answer: Answer[Reached]) -> Counter[str]:
    """How many of each kind can be reached."""
    return Counter(one.kind for one in answer.rows)


def _reached(node: Ref, path: tuple[Step, ...], known: Known) -> Reached:
    kind = node.partition("/")[0]
    worth = VALUES[kind]
    if kind == "host":
        told = known.classes.get(node)
        worth += CLASSES.get(told, 0) if told else 0
        worth += IMAGING if node in known.imaging else 0
    return Reached(node, kind, path, worth)
