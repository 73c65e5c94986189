"""Which hosts are gateways, and of which of them the rule base was read: what nobody read proves nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from negatoscope.kit.accents import without_accents
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.gateways import Hook, RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt
from negatoscope.model.traffic import Route
from negatoscope.model.zones import InternetAccess, Zone

DEFAULTS = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(frozen=True, slots=True)
class Told:
    """All that speaks of gateways."""

    bases: Iterable[RuleBase] = ()
    hosts: Iterable[Host] = ()
    routes: Iterable[Route] = ()
    zones: Iterable[Zone] = ()
    accesses: Iterable[InternetAccess] = ()


@dataclass(frozen=True, slots=True)
class Gateways:
    """Gateways of the practice. ``unread``: subjects, and what they are called, of which no rule base was read."""

    read: Mapping[Ref, RuleBase]
    unread: Mapping[Ref, str]
    strange: tuple[Ref, ...] = ()
    """Gateways whose rule base names none of their known addresses: it may be another device's."""

    def doubts(self) -> Iterator[Doubt]:
        """Doubt every gateway that nobody read, and the whole where nobody knows of any."""
        yield from (Doubt(ref, "rules_of_another") for ref in self.strange)
        for subject, name in self.unread.items():
            yield Doubt(subject, "gateway_unread", {"gateway": name})
        if not self.read and not self.unread:
            yield Doubt("practice", "no_gateway_known")


def gateways(told: Told) -> Gateways:
    """Find the gateways: rule bases that forward, next routers of default routes, those that people name.

    The router of an Internet access in front of a gateway that was read counts as read: all that comes through it meets
    the gateway behind.
    """
    bases = tuple(told.bases)
    read = {base.host: base for base in bases if forwards(base)}
    names = _names(told.hosts, bases)
    unread = {base.host: base.host.removeprefix("host/") for base in bases if base.chains is None}
    beyond = set()
    for route in told.routes:
        if route.gateway and route.destination in DEFAULTS:
            if route.host in read:
                beyond.add(names.get(_key(route.gateway), route.gateway))
            else:
                _note(unread, names, route.gateway)
    for zone in told.zones:
        _note(unread, names, zone.gateway)
    for access in told.accesses:
        if access.router and names.get(_key(access.router), access.router) not in beyond:
            _note(unread, names, access.router)
    left = {subject: name for subject, name in unread.items() if subject not in read}
    return Gateways(read, left, tuple(_strange(told.hosts, read)))


def _strange(hosts: Iterable[Host], read: Mapping[Ref, RuleBase]) -> Iterator[Ref]:
    for host in hosts:
        legs = read[host.ref].interfaces if host.ref in read else None
        mine = {_key(address.split("/")[0]) for leg in legs or () for address in leg.addresses}
        known = {_key(address) for address in host.addresses or ()}
        if mine and known and mine.isdisjoint(known):
            yield host.ref


def stale(seen: Seen[RuleBase], base: RuleBase, since: datetime) -> Iterator[Doubt]:
    """Doubt a rule base that was last read before an instant."""
    last = max((source.at for source in seen.sources.get(base.ref, ())), default=None)
    if last is None or last < since:
        values = {"kind": "RuleBase", "on": f"{last:%Y-%m-%d}" if last else None}
        yield Doubt(base.host, "stale" if last else "not_observed", values)


def forwards(base: RuleBase) -> bool:
    """Tell whether a rule base is a gateway's: it filters what passes through, or translates addresses for others."""
    chains = base.chains
    return chains is not None and (any(one.hook is Hook.FORWARD for one in chains) or bool(base.translations))


def _note(unread: dict[Ref, str], names: Mapping[str, Ref], name: str | None) -> None:
    if name and name.strip():
        unread.setdefault(names.get(_key(name), f"gateway/{name.strip()}"), name.strip())


def _names(hosts: Iterable[Host], bases: Iterable[RuleBase]) -> dict[str, Ref]:
    """Each host by its addresses, its whole and its short name; a name that two hosts bear is nobody's."""
    told: dict[str, set[Ref]] = {}
    for host in hosts:
        short = (host.hostname or "").split(".")[0]
        for name in (host.ref, host.ref.removeprefix("host/"), host.hostname, short, *(host.addresses or ())):
            if name:
                told.setdefault(_key(name), set()).add(host.ref)
    for base in bases:
        for interface in base.interfaces or ():
            for address in interface.addresses:
                told.setdefault(_key(address.split("/")[0]), set()).add(base.host)
    return {name: min(refs) for name, refs in told.items() if len(refs) == 1}


def _key(name: str) -> str:
    """Addresses in one spelling, names in lower case and without accents."""
    bare = without_accents(name.strip().lower())
    try:
        return str(ip_address(bare.split("%", maxsplit=1)[0]))
    except ValueError:
        return bare
