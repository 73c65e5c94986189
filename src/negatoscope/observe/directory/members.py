"""Who belongs to which group, whatever the path: primary groups and members from elsewhere included."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Graph:
    """Memberships between entries, each under a key of its own (a distinguished name in lower case)."""

    parents: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    children: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    primary: set[tuple[str, str]] = field(default_factory=set)
    _above: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, member: str, group: str) -> None:
        """``member`` belongs directly to ``group``."""
        self.parents[member].add(group)
        self.children[group].add(member)

    def add_primary(self, member: str, group: str) -> None:
        """``group`` is the primary group of ``member``."""
        self.add(member, group)
        self.primary.add((member, group))

    def above(self, key: str) -> frozenset[str]:
        """Every group that an entry belongs to; a circle of groups ends the walk."""
        if key not in self._above:
            found: set[str] = set()
            todo = deque(self.parents.get(key, ()))
            while todo:
                group = todo.popleft()
                if group not in found:
                    found.add(group)
                    known = self._above.get(group)
                    found |= known or frozenset()
                    todo.extend(() if known is not None else self.parents.get(group, ()))
            self._above[key] = frozenset(found - {key})
        return self._above[key]

    def paths_to(self, group: str) -> Mapping[str, tuple[str, ...]]:
        """For each entry below a group, the shortest path from its first group up to that group."""
        paths: dict[str, tuple[str, ...]] = {group: (group,)}
        found: dict[str, tuple[str, ...]] = {}
        todo = deque([group])
        while todo:
            above = todo.popleft()
            for member in sorted(self.children.get(above, ())):
                if member not in paths:
                    found[member] = paths[above]
                    paths[member] = (member, *paths[above])
                    todo.append(member)
        return found

    def sizes(self, groups: Iterable[str], accounts: Iterable[str]) -> Mapping[str, int]:
        """How many of these accounts each group holds, whatever the path."""
        counts = dict.fromkeys(groups, 0)
        for account in accounts:
            for group in self.above(account):
                if group in counts:
                    counts[group] += 1
        return counts
