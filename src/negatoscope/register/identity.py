"""Which host of the register a capture speaks of; pure and the same on every replay.

Lifelong marks (serial number, machine, agent and directory ids) and burned-in addresses decide; where two of these
disagree with each other nobody is merged in silence: the host keeps a name of its own and a person is asked, once.
Weaker marks (AE title at an address, IP address, full name) decide only where no stronger one has anything to say.

Names last, so the order of captures cannot be wholly without effect: a host first seen by its address and then by its
serial number has two names until a third look joins them. The law kept instead: what one order joins and another does
not is named as a conflict, and lifelong marks alone give the same hosts in any order.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol

from negatoscope.model.aliases import Leaders
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.marks import flat, marks
from negatoscope.register.bounds import shorter
from negatoscope.register.likeness import Fit, Likeness, compare, lent

Pair = frozenset[Ref]


class Known(Protocol):
    """What the register knows of hosts, each under its own name."""

    def bearing(self, sought: Collection[str]) -> Iterable[Host]:
        """Give all statements, oldest first, on every host that bears one of these marks (``mac:…``, ``ref:…``)."""

    def taken(self, stem: Ref) -> AbstractSet[Ref]:
        """Tell which of ``stem``, ``stem~2``, ``stem~3`` … are names already, at least past the first that is free."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people said once and for all: who answers for whom, and which pairs are two."""

    leaders: Leaders = field(default_factory=dict)
    apart: AbstractSet[Pair] = frozenset()

    def open(self, one: Ref, other: Ref) -> bool:
        """Whether nobody has said yet if these are one."""
        one, other = self.leaders.get(one, one), self.leaders.get(other, other)
        return one != other and frozenset((one, other)) not in self.apart


NONE_YET = Decisions()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two names that may be one host, and the marks that say so or not."""

    host: Ref
    other: Ref
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Identified:
    """The lasting name of each handle, and the pairs of names at which a person must look."""

    names: Mapping[Ref, Ref]
    conflicts: tuple[Conflict, ...] = ()


def identify(seen: Iterable[Host], known: Known, decisions: Decisions = NONE_YET) -> Identified:
    """Name every host of a capture, the strongest agreements first; two of one capture never get one name."""
    seen = tuple(seen)
    near = _Neighbours(seen, known, decisions)
    names: dict[Ref, Ref] = {}
    given: set[Ref] = set()
    for place, name in near.ranked():
        if seen[place].ref not in names and name not in given:
            names[seen[place].ref] = name
            given.add(name)
    for host in seen:
        if host.ref not in names:
            names[host.ref] = _new_name(host, known, given)
            given.add(names[host.ref])
    return Identified(names, tuple(near.conflicts(names)))


class _Neighbours:
    """For each host of a capture, the hosts of the register that share a mark with it, and how alike they are."""

    def __init__(self, seen: Sequence[Host], known: Known, decisions: Decisions) -> None:
        self.seen, self.decisions = seen, decisions
        self.told: dict[Ref, list[Host]] = defaultdict(list)
        self.age: dict[Ref, int] = {}
        wanted = [{*flat(marks(host)), f"ref:{host.ref}"} for host in seen]
        bearers: dict[str, set[Ref]] = defaultdict(set)
        for number, host in enumerate(known.bearing(set().union(*wanted)) if wanted else ()):
            self.told[host.ref].append(host)
            self.age[host.ref] = number
            for mark in (*flat(marks(host)), f"ref:{host.ref}"):
                bearers[mark].add(host.ref)
        self.lent = lent(bearers, self.told, decisions.leaders)
        self.alike: list[dict[Ref, Likeness]] = [
            {
                name: compare(self.told[name], [host], self.lent)
                for mark in sorted(sought - self.lent)
                for name in bearers.get(mark, ())
            }
            for host, sought in zip(seen, wanted, strict=True)
        ]

    def ranked(self) -> Iterable[tuple[int, Ref]]:
        """Say who may be whom, the best agreements first; the newest of two alike, then the first in the alphabet."""
        fits = [
            (-alike.weight, -self.age[name], name, place)
            for place, found in enumerate(self.alike)
            for name, alike in found.items()
            if alike.fit is Fit.SAME and self._alone(place, name, alike)
        ]
        return ((place, name) for _, _, name, place in sorted(fits))

    def _alone(self, place: int, name: Ref, alike: Likeness) -> bool:
        """A name alone is a mark only where no other host bears it."""
        others = (one for other, one in self.alike[place].items() if other != name and "name" in one.agreed)
        return alike.agreed != ("name",) or not any(others)

    def conflicts(self, names: Mapping[Ref, Ref]) -> Iterable[Conflict]:
        """Pairs that a person must look at: alike, and neither joined nor told apart by what is already known."""
        for host, found in zip(self.seen, self.alike, strict=True):
            mine = names[host.ref]
            for other, alike in sorted(found.items()):
                if other == mine or alike.fit is Fit.OTHER or not self.decisions.open(mine, other):
                    continue
                told = [*self.told.get(mine, ()), host]
                if compare(self.told[other], told, self.lent).fit is not Fit.OTHER:
                    yield Conflict(mine, other, alike)


def _new_name(host: Host, known: Known, given: AbstractSet[Ref]) -> Ref:
    label = host.hostname or next(iter(host.addresses or ()), None) or host.ref.removeprefix("host/")
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = f"host/{shorter(re.sub(r'[^a-z0-9.:-]+', '-', plain).strip('-') or 'host')}"
    taken = {*known.taken(stem), *given}
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}~{number}", number + 1
    return name
