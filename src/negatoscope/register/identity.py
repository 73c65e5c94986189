"""Which host of the register a capture speaks of; pure and the same on every replay."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host


@dataclass(frozen=True, slots=True)
class Identified:
    """The lasting name of each handle, and the handles whose identifiers point at several hosts."""

    names: Mapping[Ref, Ref]
    conflicts: tuple[Ref, ...] = ()


def identify(seen: Iterable[Host], known: Iterable[Host]) -> Identified:
    """Match hosts of a capture with known ones by machine id, then burned-in address, then IP address."""
    owners: dict[str, Ref] = {}
    taken: set[Ref] = set()
    for host in known:
        taken.add(host.ref)
        for mark in _marks(host):
            owners.setdefault(mark, host.ref)
    names: dict[Ref, Ref] = {}
    conflicts: list[Ref] = []
    for host in seen:
        matches = list(dict.fromkeys(owners[mark] for mark in _marks(host) if mark in owners))
        name = matches[0] if matches else _new_name(host, taken)
        if len(matches) > 1:
            conflicts.append(name)
        names[host.ref] = name
        taken.add(name)
        for mark in _marks(host):
            owners.setdefault(mark, name)
    return Identified(names, tuple(conflicts))


def _marks(host: Host) -> Iterator[str]:
    """Identifiers, strongest first. A lasting name given by a person is one too."""
    if host.machine_id:
        yield f"id:{host.machine_id}"
    for mac in host.macs or ():
        yield f"mac:{mac}"
    for address in host.addresses or ():
        yield f"ip:{address}"
    yield f"ref:{host.ref}"


def _new_name(host: Host, taken: set[Ref]) -> Ref:
    label = host.hostname or next(iter(host.addresses or ()), None) or host.ref.removeprefix("host/")
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9.:-]+", "-", plain).strip("-") or "host"
    name, number = f"host/{slug}", 2
    while name in taken:
        name, number = f"host/{slug}~{number}", number + 1
    return name
