"""A register in memory, for those who ask who is known."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.marks import flat, marks


@dataclass(frozen=True)
class Listed:
    """Statements on hosts, oldest first."""

    hosts: Sequence[Host] = ()

    def bearing(self, sought: Collection[str]) -> Iterator[Host]:
        wanted = set(sought)
        bearers = {host.ref for host in self.hosts if not wanted.isdisjoint((*flat(marks(host)), f"ref:{host.ref}"))}
        return (host for host in self.hosts if host.ref in bearers)

    def taken(self, stem: Ref) -> set[Ref]:
        return {host.ref for host in self.hosts if host.ref == stem or host.ref.startswith(f"{stem}~")}
