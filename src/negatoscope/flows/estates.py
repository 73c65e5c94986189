"""What rule 38's questions read of the register: who may go where, what stands open, and of when that is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.talks import ends
from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.directory import (
    DirectoryAccount,
    DirectoryComputer,
    DirectoryGroup,
    DirectoryPrivilege,
    GuardedObject,
)
from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import PortMapping
from negatoscope.model.hosts import Host
from negatoscope.model.imaging import DicomNode
from negatoscope.model.traffic import INTERNET, Reach
from negatoscope.respond.questions.answer import Read
from negatoscope.respond.questions.entry import Happening
from negatoscope.respond.questions.reach import Step
from negatoscope.respond.questions.ways import Estate, Opened, Session

ESTATE = (
    Host, Account, Privilege, DirectoryAccount, DirectoryGroup, DirectoryPrivilege, DirectoryComputer, GuardedObject,
    DicomNode,
)  # fmt: skip
"""Kinds of facts from which steps are read."""


def of_register(register: StoredRegister, sessions: Sequence[Session], opened: Sequence[Opened]) -> Estate:
    """All that steps are read from."""
    facts: Any = (*(register.seen(kind).facts for kind in ESTATE), tuple(sessions), tuple(opened))
    return Estate(*facts)


def reachable(register: StoredRegister, host: Ref, addresses: Sequence[str]) -> Iterator[Step]:
    """Administration interfaces that answered somebody who looked from the host's own network."""
    bearers = ends(register.seen(Host).facts)
    for one in register.seen(Reach).facts:
        there = bearers.get(one.address)
        if there and there != host and one.administers and any(_within(address, one.origin) for address in addresses):
            yield Step(host, there, "answers", {"port": f"{one.protocol}/{one.port}"}, shown=False)


def exposures(register: StoredRegister, bearers: Mapping[str, Ref]) -> Iterator[Happening]:
    """Doors of hosts that the Internet finds open: ports mapped to them, services that answered a look from outside."""
    for mapped in register.seen(PortMapping).facts:
        host = bearers.get(mapped.internal or "")
        if host and mapped.enabled is not False:
            yield Happening(host, "exposure", origin=f"{mapped.protocol}/{mapped.external_port}", outside=True)
    for one in register.seen(Reach).facts:
        host = bearers.get(one.address)
        if host and one.origin == INTERNET:
            yield Happening(host, "exposure", origin=f"{one.protocol}/{one.port}", outside=True)


def evidence(register: StoredRegister, kinds: Iterable[type[Any]]) -> list[Read]:
    """How much of each kind was read, and how old the newest of it is."""
    told = ((kind.__name__, register.seen(kind)) for kind in kinds)
    return [
        Read(name, len(seen.facts), max((one.at for behind in seen.sources.values() for one in behind), default=None))
        for name, seen in told
    ]


def _within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False
