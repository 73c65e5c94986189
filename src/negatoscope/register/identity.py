"""Which host of the register a capture speaks of; pure and the same on every replay.

A host is recognised by its machine id, its burned-in addresses, its IP addresses, in that order of strength. Agreement
on a weaker mark is worth nothing where a stronger one contradicts it: an address is lent again, a machine is cloned.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host


@dataclass(frozen=True, slots=True)
class Identified:
    """The lasting name of each handle, and the names on which marks disagree: a person must look."""

    names: Mapping[Ref, Ref]
    conflicts: tuple[Ref, ...] = ()


@dataclass(slots=True)
class _Marks:
    """All that is known to tell one host from another."""

    ids: set[str] = field(default_factory=set)
    macs: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def add(self, host: Host) -> None:
        self.ids |= {host.machine_id} if host.machine_id else set()
        self.macs |= set(host.macs or ())
        self.addresses |= set(host.addresses or ())

    def agreement(self, host: Host) -> int:
        """How strongly a host of a capture agrees; 0: not at all."""
        return (
            8 * (host.machine_id in self.ids)
            + 4 * (not self.macs.isdisjoint(host.macs or ()))
            + 2 * (not self.addresses.isdisjoint(host.addresses or ()))
        )

    def contradicts(self, host: Host) -> bool:
        """Whether both state machine ids, or both burned-in addresses, and none in common."""
        other_id = bool(self.ids and host.machine_id and host.machine_id not in self.ids)
        other_cards = bool(self.macs and host.macs and self.macs.isdisjoint(host.macs))
        return other_id or other_cards


def identify(seen: Iterable[Host], known: Iterable[Host]) -> Identified:
    """Name every host of a capture, the strongest agreements first; two of one capture never get one name."""
    register: dict[Ref, _Marks] = defaultdict(_Marks)
    owners: dict[str, set[Ref]] = defaultdict(set)
    for host in known:
        register[host.ref].add(host)
        for mark in (*_marks(host), f"ref:{host.ref}"):
            owners[mark].add(host.ref)
    seen = tuple(seen)
    near = [{name for mark in _marks(host) for name in owners.get(mark, ())} for host in seen]
    fits = sorted(
        (-register[name].agreement(host), place, name)
        for place, host in enumerate(seen)
        for name in near[place]
        if not register[name].contradicts(host)
    )
    names: dict[Ref, Ref] = {}
    given: set[Ref] = set()
    for _, place, name in fits:
        if seen[place].ref not in names and name not in given:
            names[seen[place].ref] = name
            given.add(name)
    taken = {*register}
    for host in seen:
        if host.ref not in names:
            names[host.ref] = _new_name(host, taken)
            taken.add(names[host.ref])
    conflicts = (names[host.ref] for host, others in zip(seen, near, strict=True) if others - {names[host.ref]})
    return Identified(names, tuple(conflicts))


def _marks(host: Host) -> Iterator[str]:
    if host.machine_id:
        yield f"id:{host.machine_id}"
    yield from (f"mac:{mac}" for mac in host.macs or ())
    yield from (f"ip:{address}" for address in host.addresses or ())
    yield f"ref:{host.ref}"


def _new_name(host: Host, taken: AbstractSet[Ref]) -> Ref:
    label = host.hostname or next(iter(host.addresses or ()), None) or host.ref.removeprefix("host/")
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9.:-]+", "-", plain).strip("-") or "host"
    name, number = f"host/{slug}", 2
    while name in taken:
        name, number = f"host/{slug}~{number}", number + 1
    return name
