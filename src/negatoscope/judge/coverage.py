"""What was looked at, how completely and how long ago: the doubts that no rule needs to write."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Self

from negatoscope.judge.borders import undeclared
from negatoscope.judge.looks import Looks, looks_at
from negatoscope.model.accounts import Account, PasswordPolicy, Privilege, SessionPolicy
from negatoscope.model.atlas import MapEntry, Standing
from negatoscope.model.carrying import ConsoleSeat
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.defaults import FactoryLogin
from negatoscope.model.directory import (
    Directory,
    DirectoryAccess,
    DirectoryAccount,
    DirectoryComputer,
    DirectoryDomain,
    DirectoryKind,
    DirectoryPolicy,
    DirectoryPrivilege,
    GuardedObject,
)
from negatoscope.model.encryption import TlsService
from negatoscope.model.endpoints import AgentContact, WindowsSecurity
from negatoscope.model.evidence import PLACES, Blind, Ref, Seen, Source, Swept
from negatoscope.model.gateways import AutoOpening, PortMapping, RemoteAccess, RuleBase
from negatoscope.model.hardening import Firewall, LogPolicy, RemovableMedia, SshServer, TimeSync, Volume
from negatoscope.model.hosts import EVERY_CLASS, Host, HostClass, Interface
from negatoscope.model.imaging import DicomNode, UpdatePaper
from negatoscope.model.judgement import Doubt
from negatoscope.model.mail import MailForward, MailSystem
from negatoscope.model.networks import Network
from negatoscope.model.passwords import PasswordChoice
from negatoscope.model.presence import Absence
from negatoscope.model.printing import PrintQueue
from negatoscope.model.providers import RemoteWindow
from negatoscope.model.register import Register
from negatoscope.model.software import SoftwareCensus, Updates
from negatoscope.model.switching import Sighting, SwitchPort, Vlan, WifiNetwork
from negatoscope.model.traffic import Conversation, FlowWatch, Reach, Route, Vantage
from negatoscope.model.watching import AlertHandled, DetectorRun, IncidentHandled, LogsKept, SourceHealth, TipHandled
from negatoscope.model.zones import AllowedFlow, Zone

PRACTICE = "practice"
"""The subject of what concerns the whole practice."""
LIST_STANDS = timedelta(days=31)
"""How long a list that a person declared complete is taken as complete, where the rule does not allow longer."""
NEVER_NONE: frozenset[type[Any]] = frozenset({
    Account, Privilege, PasswordPolicy, SessionPolicy, SshServer, Volume, RemovableMedia, Firewall, TimeSync, LogPolicy,
    SoftwareCensus, Updates, DirectoryAccount, DirectoryPrivilege, DirectoryPolicy, DirectoryAccess, GuardedObject,
    AgentContact, WindowsSecurity, DirectoryDomain, DirectoryComputer,
})  # fmt: skip
"""Kinds that every place has at least one of: a look that brought back none has seen nothing, whatever it says."""
ACTIVE_DIRECTORY_ALONE: frozenset[type[Any]] = frozenset({DirectoryDomain, DirectoryComputer})
"""Kinds that a directory known to be of another sort has none of."""
CHOICES: frozenset[type[Any]] = frozenset({
    PasswordChoice, DicomNode, UpdatePaper, MapEntry, TlsService, SwitchPort, Vlan, Sighting, Vantage, Reach,
    ClearAnswer, PrintQueue, FactoryLogin,
    Interface, RuleBase, RemoteAccess, AutoOpening, PortMapping, Route, WifiNetwork,
    FlowWatch, Conversation, MailSystem, MailForward, RemoteWindow,
    Zone, AllowedFlow,
    Standing, ConsoleSeat, Network,
    SourceHealth, DetectorRun, AlertHandled, LogsKept, TipHandled, IncidentHandled, Absence,
})  # fmt: skip
"""Kinds whose absence the rule itself weighs, subject by subject: no list of them is ever complete or not."""
Kind = type[Any]
Classes = frozenset[HostClass]


def swept_as(kind: Kind) -> str:
    """Name what a kind is swept as: itself, or the facts it reduces."""
    return str(getattr(kind, "SWEPT_AS", kind.__name__))


@dataclass(frozen=True, slots=True)
class Proofs:
    """What stands under a verdict, and the age mark of the oldest thing that it could not do without."""

    sources: frozenset[Source] = frozenset()
    oldest: datetime | None = None

    @classmethod
    def of(cls, told: Iterable[tuple[Source, ...]]) -> Self:
        """Gather the sources of several statements; of each, the newest source marks the age."""
        told = [said for said in told if said]
        oldest = min((max(source.at for source in said) for said in told), default=None)
        return cls(frozenset(chain.from_iterable(told)), oldest)

    @classmethod
    def all(cls, parts: Iterable[Self]) -> Self:
        """Stand on all of these."""
        parts = tuple(parts)
        oldest = min((part.oldest for part in parts if part.oldest), default=None)
        return cls(frozenset().union(*(part.sources for part in parts)), oldest)


class Coverage:
    """The register seen from one instant; remembers what several controls ask alike."""

    def __init__(self, register: Register, at: datetime) -> None:
        """Look at ``register`` at the instant ``at``."""
        self.register = register
        self.at = at
        self._concerned: dict[tuple[Kind, Classes], Seen[Any]] = {}
        self._doubts: dict[tuple[Kind, Classes, timedelta], tuple[Doubt, ...]] = {}
        self._proofs: dict[tuple[Kind, Classes], Proofs] = {}
        self._hosts: dict[Classes, frozenset[Ref]] = {}
        self._undeclared: tuple[tuple[Ref, str], ...] | None = None
        self._looks: dict[Kind, Looks] = {}

    def hosts(self, on: Classes) -> frozenset[Ref]:
        """Hosts of these classes, and every host whose class nobody knows."""
        if on not in self._hosts:
            facts = self.register.seen(Host).facts
            self._hosts[on] = frozenset(fact.ref for fact in facts if _unclassed(fact) or fact.host_class in on)
        return self._hosts[on]

    def concerned(self, kind: Kind, on: Classes) -> Seen[Any]:
        """Give the facts of a kind, less those of hosts known to be of another class."""
        key = (kind, on)
        if key not in self._concerned:
            seen = self.register.seen(kind)
            if on != EVERY_CLASS and (kind is Host or kind.SCOPE == "host"):
                others = frozenset(host.ref for host in self.register.seen(Host).facts) - self.hosts(on)
                owner = "ref" if kind is Host else "host"
                facts, sober = (
                    some and tuple(fact for fact in some if getattr(fact, owner) not in others)
                    for some in (seen.facts, seen.sober)
                )
                seen = Seen(facts or (), seen.sources, seen.sweeps, seen.gaps, sober)
            self._concerned[key] = seen
        return self._concerned[key]

    def doubts(self, kinds: Iterable[Kind], on: Classes, fresh: timedelta) -> Iterator[Doubt]:
        """Never observed, stale, gap, open population: for every kind a control reads."""
        kinds = tuple(kinds)
        yield from self._cached_all((*_populations(kinds), *kinds), on, fresh)

    def reasons(self, kinds: Iterable[Kind], on: Classes) -> Iterator[Doubt]:
        """Say why fields were left dark: for a control whose logic asked for one of them."""
        for kind in (kind for kind in kinds if kind.SCOPE in PLACES):
            places = self._places(kind, on)
            for blind in self._looks_at(kind).dark:
                if blind.gap.host in places:
                    yield _gap(blind.gap.host, kind, blind)

    def behind(self, kinds: Iterable[Kind], on: Classes, subjects: set[Ref]) -> Proofs:
        """Trace what stands under findings about these subjects; without any, under all that the kinds hold."""
        kinds = tuple(kinds)
        told = [self.register.seen(kind).sources.get(subject, ()) for kind in kinds for subject in subjects]
        if any(told):
            return Proofs.of(told)
        return Proofs.all(self._proofs_of(kind, on) for kind in dict.fromkeys((*kinds, *_populations(kinds))))

    def _proofs_of(self, kind: Kind, on: Classes) -> Proofs:
        key = (kind, on)
        if key not in self._proofs:
            seen = self.concerned(kind, on)
            told = {id(said): said for said in (seen.sources.get(fact.ref, ()) for fact in seen.facts)}
            if kind.SCOPE in PLACES:
                last = self._looks_at(kind).last
                looks = {last[place] for place in self._places(kind, on) if place in last}
            else:
                newest = {swept.sweep.network: swept.source for swept in sorted(seen.sweeps, key=_time)}
                looks = set(newest.values())
            self._proofs[key] = Proofs.of([*told.values(), *((look,) for look in looks)])
        return self._proofs[key]

    def _cached_all(self, kinds: Iterable[Kind], on: Classes, fresh: timedelta) -> Iterator[Doubt]:
        lists: set[str] = set()
        for kind in dict.fromkeys(kinds):
            if kind.SCOPE == "practice" and kind is not Host:
                if swept_as(kind) in lists:
                    continue
                lists.add(swept_as(kind))
            yield from self._cached(kind, on, fresh)

    def _cached(self, kind: Kind, on: Classes, fresh: timedelta) -> tuple[Doubt, ...]:
        key = (kind, on, fresh)
        if key not in self._doubts:
            if kind is Host:
                doubts = self._population(on, fresh)
            elif kind in CHOICES:
                doubts = iter(())
            elif kind.SCOPE in PLACES:
                doubts = self._place_by_place(kind, on, fresh)
            else:
                doubts = self._whole_list(kind, fresh)
            self._doubts[key] = tuple(doubts)
        return self._doubts[key]

    def _population(self, on: Classes, fresh: timedelta) -> Iterator[Doubt]:
        """Doubt the list of hosts until a whole list, or a fresh sweep of every declared network, closes it."""
        seen = self.register.seen(Host)
        hosts = self.hosts(on)
        yield from (_gap(blind.gap.host, Host, blind) for blind in seen.gaps if blind.gap.host in hosts)
        if not seen.facts:
            yield Doubt(PRACTICE, "population_open", {"why": "no_host"})
        whole = [swept for swept in seen.sweeps if swept.sweep.host is None and swept.sweep.network is None]
        if any(self._is_fresh(swept.source.at, max(fresh, LIST_STANDS)) for swept in whole):
            return
        yield from (
            Doubt(host, "population_open", {"why": "network_undeclared", "network": border})
            for host, border in self._borders()
            if host in hosts
        )
        yield from self._networks_to_sweep(seen, fresh)

    def _networks_to_sweep(self, seen: Seen[Host], fresh: timedelta) -> Iterator[Doubt]:
        networks = self.register.seen(Network).facts
        if not networks:
            yield Doubt(PRACTICE, "population_open", {"why": "no_network_declared"})
        for network in networks:
            times = [swept.source.at for swept in seen.sweeps if swept.sweep.network == network.cidr]
            if not times:
                yield Doubt(network.ref, "population_open", {"why": "network_never_swept"})
            elif not any(self._is_fresh(at, fresh) for at in times):
                on_day = _day(max(times))
                yield Doubt(network.ref, "population_open", {"why": "network_swept_long_ago", "on": on_day})

    def _borders(self) -> tuple[tuple[Ref, str], ...]:
        if self._undeclared is None:
            self._undeclared = tuple(undeclared(self.register))
        return self._undeclared

    def _places(self, kind: Kind, on: Classes) -> frozenset[Ref]:
        """Where a kind must be looked for: these hosts, or every directory."""
        if kind.SCOPE == "host":
            return self.hosts(on)
        return frozenset(fact.ref for fact in self.register.seen(Directory).facts)

    def _place_by_place(self, kind: Kind, on: Classes, fresh: timedelta) -> Iterator[Doubt]:
        looks = self._looks_at(kind)
        told = self._told(kind) if kind in NEVER_NONE else None
        name = swept_as(kind)
        for place in sorted(self._places(kind, on)):
            look = looks.last.get(place)
            if look is not None and not self._is_fresh(look.at, fresh):
                yield Doubt(place, "stale", {"kind": name, "on": _day(look.at)})
            elif look is None and place in looks.blind:
                yield _gap(place, kind, looks.blind[place])
            elif look is None or (told is not None and place not in told):
                yield Doubt(place, "not_observed", {"kind": name})

    def _told(self, kind: Kind) -> set[Ref]:
        """Places with a fact of this kind, and those that cannot have any."""
        told = {getattr(fact, kind.SCOPE) for fact in self.register.seen(kind).facts}
        if kind in ACTIVE_DIRECTORY_ALONE:
            others = (one for one in self.register.seen(Directory).facts if one.kind is DirectoryKind.OPENLDAP)
            told |= {directory.ref for directory in others}
        return told

    def _looks_at(self, kind: Kind) -> Looks:
        if kind not in self._looks:
            self._looks[kind] = looks_at(kind, self.register.seen(kind), self.at)
        return self._looks[kind]

    def _whole_list(self, kind: Kind, fresh: timedelta) -> Iterator[Doubt]:
        """Doubt a list kept for the whole practice until somebody said, not long ago, that it is complete.

        What is kept here only (``KEPT_HERE``) is complete by nature: what the console does not hold was not done.
        """
        if getattr(kind, "KEPT_HERE", False):
            return
        seen = self.register.seen(kind)
        last = max((swept.source.at for swept in seen.sweeps if swept.sweep.host is None), default=None)
        for blind in seen.gaps:
            if last is None or last <= blind.source.at:
                yield _gap(PRACTICE, kind, blind)
        if last is None:
            yield Doubt(PRACTICE, "list_open", {"kind": swept_as(kind)})
        elif not self._is_fresh(last, max(fresh, LIST_STANDS)):
            yield Doubt(PRACTICE, "stale", {"kind": swept_as(kind), "on": _day(last)})

    def _is_fresh(self, at: datetime, fresh: timedelta) -> bool:
        return self.at - fresh <= at <= self.at


def _unclassed(host: Host) -> bool:
    """Nobody knows what it is; nor does who calls it *other* without saying what it is, by its model."""
    return host.host_class is None or (host.host_class is HostClass.OTHER and not host.model)


def _populations(kinds: Iterable[Kind]) -> tuple[Kind, ...]:
    """The lists of places without which facts looked for place by place prove nothing."""
    scopes = {kind.SCOPE for kind in kinds}
    hosts = (Host,) if "host" in scopes else ()
    return (*hosts, Directory) if "directory" in scopes else hosts


def _time(swept: Swept) -> datetime:
    return swept.source.at


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _gap(subject: Ref, kind: Kind, blind: Blind) -> Doubt:
    return Doubt(subject, "gap", {**blind.gap.values, "kind": swept_as(kind), "why": blind.gap.why})
