"""From facts to the steps by which one thing opens another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from negatoscope.model.accounts import LOOK, Account, Privilege
from negatoscope.model.directory import (
    DirectoryAccount,
    DirectoryComputer,
    DirectoryGroup,
    DirectoryPrivilege,
    GuardedObject,
)
from negatoscope.model.evidence import Ref, Values
from negatoscope.model.hosts import Host
from negatoscope.model.imaging import DicomNode
from negatoscope.respond.questions.reach import Step
from negatoscope.respond.questions.silence import stamp

WHOLE = frozenset({"domain", "adminsdholder", "controllers", "database"})
"""Objects of a directory: who may change one of them holds the directory."""


@dataclass(frozen=True, slots=True)
class Session:
    """An account that came in on a host."""

    host: Ref
    account: Ref
    last: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """Data that an account was seen to open. ``where``: a host, or a mailbox."""

    account: Ref
    kind: str
    where: str
    count: int
    last: datetime


@dataclass(frozen=True)
class Estate:
    """All facts that steps are read from."""

    hosts: tuple[Host, ...] = ()
    accounts: tuple[Account, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    members: tuple[DirectoryAccount, ...] = ()
    groups: tuple[DirectoryGroup, ...] = ()
    directory_privileges: tuple[DirectoryPrivilege, ...] = ()
    computers: tuple[DirectoryComputer, ...] = ()
    guarded: tuple[GuardedObject, ...] = ()
    nodes: tuple[DicomNode, ...] = ()
    sessions: tuple[Session, ...] = ()
    opened: tuple[Opened, ...] = ()

    @cached_property
    def named(self) -> dict[str, Ref]:
        """Hosts by the names under which directories know them, where one alone bears the name."""
        told: defaultdict[str, set[Ref]] = defaultdict(set)
        for host in self.hosts:
            if host.directory_id:
                told[host.directory_id.lower()].add(host.ref)
            for name in {host.hostname or "", host.ref.removeprefix("host/")}:
                told[name.lower()].add(host.ref)
                told[name.lower().partition(".")[0]].add(host.ref)
        return {name: min(refs) for name, refs in told.items() if name and len(refs) == 1}

    @cached_property
    def central(self) -> dict[str, set[Ref]]:
        """Accounts and groups of directories by their names."""
        told: defaultdict[str, set[Ref]] = defaultdict(set)
        for name, ref in (
            *((one.name, one.ref) for one in self.members),
            *((one.name, one.ref) for one in self.groups),
        ):
            told[name.lower()].add(ref)
        return told

    def host_of(self, computer: DirectoryComputer) -> Ref | None:
        """The host that a computer of a directory is."""
        return self.named.get((computer.guid or "").lower()) or self.named.get(computer.name.lower())

    def whom(self, name: str, directory: Ref | None = None) -> set[Ref]:
        r"""Whom ``DOMAIN\name`` means: of that directory where one is known by the domain, else of any."""
        domain, slash, bare = name.rpartition("\\")
        found = self.central.get(bare.lower(), set())
        realm = directory.removeprefix("directory/") if directory else domain.lower() if slash else ""
        return {ref for ref in found if _realm(ref).partition(".")[0] == realm.partition(".")[0]} or found


def _realm(ref: Ref) -> str:
    return ref.split("/")[1].lower()


def steps(start: Ref, estate: Estate) -> Iterator[Step]:
    """Every step that the facts show, or make possible; those that need the network begin at ``start`` alone."""
    yield from _sessions(estate)
    yield from _local(estate)
    yield from _administrators(estate)
    yield from _directory(estate)
    yield from _members(estate)
    yield from _rights(estate)
    for one in estate.opened:
        told: Values = {"count": one.count, "last": stamp(one.last)}
        yield Step(one.account, f"data/{one.kind}/{one.where.removeprefix('host/')}", "opened", told)
    for node in estate.nodes:
        if node.any_calling and node.host != start:
            yield Step(start, node.host, "dicom_open", {"port": node.port})


def _sessions(estate: Estate) -> Iterator[Step]:
    """Who came in left a secret there; and may come in again."""
    for one in estate.sessions:
        told = {"last": stamp(one.last)}
        yield Step(one.host, one.account, "logged_on", told)
        yield Step(one.account, one.host, "came_in", told)


def _local(estate: Estate) -> Iterator[Step]:
    """A host keeps the secrets of its own accounts; a secret may serve elsewhere under the same name."""
    managed = {estate.host_of(one) for one in estate.computers if one.local_password_managed}
    for account in estate.accounts:
        if account.host and account.enabled is not False:
            yield Step(account.host, account.ref, "kept_here")
    for one in estate.privileges:
        if one.via == LOOK or one.foreign:
            continue
        yield Step(one.host, one.account_ref, "kept_here")
        if one.host not in managed:
            name = f"localname/{one.account.lower()}"
            yield Step(one.account_ref, name, "same_name", {"name": one.account}, shown=False)
            yield Step(name, one.host, "same_name", {"name": one.account}, shown=False)


def _administrators(estate: Estate) -> Iterator[Step]:
    for one in estate.privileges:
        if one.via != LOOK:
            holders = estate.whom(one.account) if one.foreign else {one.account_ref}
            for holder in sorted(holders):
                yield Step(holder, one.host, "administers", {"via": one.via})


def _directory(estate: Estate) -> Iterator[Step]:
    for one in estate.directory_privileges:
        told = {"path": " → ".join(one.path), "group": one.group}
        yield Step(one.account_ref, one.directory, "administers_directory", told)
    for computer in estate.computers:
        host = estate.host_of(computer)
        if host:
            yield Step(computer.directory, host, "computer_of")


def _members(estate: Estate) -> Iterator[Step]:
    groups = {(one.directory, one.name.lower()): one.ref for one in estate.groups}
    for member in (one for one in estate.members if one.enabled is not False):
        for name in member.groups or ():
            group = groups.get((member.directory, name.lower()))
            if group:
                yield Step(member.ref, group, "member", {"group": name})
        for service in member.delegates_to or ():
            host = estate.named.get(service.partition("/")[2].partition(":")[0].lower())
            if host:
                yield Step(member.ref, host, "delegated", {"service": service})


def _rights(estate: Estate) -> Iterator[Step]:
    for guarded in estate.guarded:
        for grant in (guarded.grants or ()) if guarded.about in WHOLE else ():
            told = {"right": grant.right, "object": guarded.name}
            for holder in sorted(estate.whom(grant.to, guarded.directory)):
                yield Step(holder, guarded.directory, "may_change", told)


def without_privileges(hosts: Iterable[Host], privileges: Iterable[Privilege]) -> int:
    """How many hosts nobody read the administrators of."""
    return len({one.ref for one in hosts} - {one.host for one in privileges})
