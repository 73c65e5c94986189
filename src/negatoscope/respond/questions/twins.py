"""Which other hosts are alike: what struck this one may strike them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from negatoscope.model.accounts import LOOK, Privilege
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.respond.questions.answer import Answer, Read, Why, why

MOST = 500
"""Twins told of at most."""


class Trait(StrEnum):
    """In what two hosts are alike."""

    CLASS = "class"
    MODEL = "model"
    SYSTEM = "system"
    SOFTWARE = "software"
    SERVICE = "service"
    ADMINISTRATOR = "administrator"


WEIGHTS = {
    Trait.CLASS: 0.5, Trait.MODEL: 2.0, Trait.SYSTEM: 2.0, Trait.SOFTWARE: 1.0, Trait.SERVICE: 1.5,
    Trait.ADMINISTRATOR: 2.0,
}  # fmt: skip
"""How much a trait that is shared tells, beside how rare it is: a way in that serves twice weighs most."""
Traits = Mapping[Ref, frozenset[tuple[Trait, str]]]
Blinds = Mapping[Trait, str]
BLIND: Blinds = {
    Trait.CLASS: "class_unknown", Trait.MODEL: "model_unknown", Trait.SYSTEM: "system_unknown",
    Trait.SOFTWARE: "no_inventory", Trait.SERVICE: "no_services", Trait.ADMINISTRATOR: "no_administrators",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing in which two hosts are alike, and how many hosts of the practice have it."""

    trait: Trait
    what: str
    hosts: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A host that is like the one asked about."""

    host: Ref
    score: float
    """Sum over what is shared: its weight, times the bits of information in its rarity."""
    shared: tuple[Shared, ...]
    """What tells most first."""


def traits(hosts: Iterable[Host], services: Iterable[Service], privileges: Iterable[Privilege]) -> Traits:
    """What each host has that another may have too; software is told apart, there is too much of it."""
    found: defaultdict[Ref, set[tuple[Trait, str]]] = defaultdict(set)
    for host in hosts:
        found[host.ref].update(_of_host(host))
    for service in services:
        if service.reachable is not False:
            told = (service.product, service.version)
            names = " ".join(filter(None, told)) or service.name or ""
            found[service.host].add((Trait.SERVICE, f"{service.protocol}/{service.port} {names}".strip()))
    for privilege in privileges:
        if privilege.via != LOOK:
            found[privilege.host].add((Trait.ADMINISTRATOR, privilege.account))
    return {ref: frozenset(told) for ref, told in found.items()}


def _of_host(host: Host) -> Iterator[tuple[Trait, str]]:
    if host.host_class is not None:
        yield Trait.CLASS, host.host_class.value
    if host.model:
        yield Trait.MODEL, " ".join(filter(None, (host.vendor, host.model)))
    if host.os_name and host.os_version:
        yield Trait.SYSTEM, f"{host.os_name} {host.os_version}"


def twins(host: Ref, known: Traits, software: Mapping[str, frozenset[Ref]], read: Iterable[Read]) -> Answer[Twin]:
    """Rank the other hosts by what they share with this one. ``software``: each package of this host and who has it.

    A trait of every host tells nothing: its rarity is none.
    """
    mine = known.get(host, frozenset())
    bearers: dict[tuple[Trait, str], set[Ref]] = {one: set() for one in mine}
    for ref, told in known.items():
        for one in mine & told:
            bearers[one].add(ref)
    bearers |= {(Trait.SOFTWARE, name): set(refs) for name, refs in software.items()}
    population = max(1, len(known))
    shared: defaultdict[Ref, list[tuple[float, Shared]]] = defaultdict(list)
    for (trait, what), refs in bearers.items():
        worth = WEIGHTS[trait] * log2(max(1.0, population / max(1, len(refs))))
        for ref in refs - {host}:
            shared[ref].append((worth, Shared(trait, what, len(refs))))
    ranked = sorted((_twin(ref, alike) for ref, alike in shared.items()), key=lambda one: (-one.score, one.host))
    return Answer(tuple(ranked[:MOST]), tuple(read), tuple(_blind(known, mine, software)), max(0, len(ranked) - MOST))


def _twin(ref: Ref, alike: list[tuple[float, Shared]]) -> Twin:
    alike.sort(key=lambda one: (-one[0], one[1].trait, one[1].what))
    return Twin(ref, round(sum(told for told, _ in alike), 3), tuple(one for _, one in alike))


def _blind(known: Traits, mine: Iterable[tuple[Trait, str]], software: Mapping[str, frozenset[Ref]]) -> Iterator[Why]:
    yield why("no_vulnerabilities")
    there = {trait for trait, _ in mine} | ({Trait.SOFTWARE} if software else set())
    for trait, code in BLIND.items():
        if trait not in there:
            yield why(code)
    kinds = [{trait for trait, _ in told} for told in known.values()]
    for trait in (Trait.SYSTEM, Trait.SERVICE, Trait.ADMINISTRATOR):
        without = sum(trait not in told for told in kinds)
        if without:
            yield why(f"others_without_{trait}", hosts=without, of=len(known))
