"""What the register says, in the shape in which the behaviours ask for it. Made anew when the register changes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address, ip_network
from operator import itemgetter
from typing import Any

from negatoscope.model.accounts import Account, AccountKind, Privilege
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.imaging import DicomNode
from negatoscope.model.media import MediaException
from negatoscope.model.people import Person, StaffKind
from negatoscope.model.premises import Site
from negatoscope.model.presence import Absence, OnCall, Presence, Span
from negatoscope.model.providers import RemoteWindow
from negatoscope.model.services import NoService, service
from negatoscope.model.zones import AllowedFlow, Partner, Zone, ZoneKind
from negatoscope.watch.calendar import region

INTERNET = "zone/internet"
DAY = timedelta(days=1)
DORMANT = timedelta(days=90)
"""Without a log-on for so long an account sleeps; ``lastLogonTimestamp`` may be 14 days behind (MS-ADA1 2.351)."""
NEVER_USED = timedelta(days=30)
"""An account older than this that nobody ever used was not made for somebody who is about to come."""
FIELDS: Mapping[str, type[Any]] = {
    "people": Person, "presences": Presence, "absences": Absence, "duties": OnCall, "sites": Site, "hosts": Host,
    "cards": Interface, "accounts": Account, "directory_accounts": DirectoryAccount, "privileges": Privilege,
    "nodes": DicomNode, "zones": Zone, "flows": AllowedFlow, "partners": Partner, "windows": RemoteWindow,
    "media": MediaException,
}  # fmt: skip
"""Each list of ``Known`` and the kind of facts it is made of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says of one account."""

    ref: Ref
    kind: AccountKind | None
    holder: Ref | None
    closed: bool
    expires_at: datetime | None
    last_logon_at: datetime | None
    never: bool
    """Nobody ever logged on with it."""
    created_at: datetime | None
    privileged: bool


@dataclass(frozen=True)
class Known:
    """The facts of one practice. An empty list means that nobody said anything of that kind."""

    people: tuple[Person, ...] = ()
    presences: tuple[Presence, ...] = ()
    absences: tuple[Absence, ...] = ()
    duties: tuple[OnCall, ...] = ()
    sites: tuple[Site, ...] = ()
    hosts: tuple[Host, ...] = ()
    cards: tuple[Interface, ...] = ()
    accounts: tuple[Account, ...] = ()
    directory_accounts: tuple[DirectoryAccount, ...] = ()
    privileges: tuple[Privilege, ...] = ()
    nodes: tuple[DicomNode, ...] = ()
    zones: tuple[Zone, ...] = ()
    flows: tuple[AllowedFlow, ...] = ()
    partners: tuple[Partner, ...] = ()
    windows: tuple[RemoteWindow, ...] = ()
    media: tuple[MediaException, ...] = ()

    @classmethod
    def of(cls, facts: Callable[[type[Any]], Iterable[Any]]) -> "Known":
        """Ask a register for each list: ``Known.of(lambda kind: register.seen(kind).facts)``."""
        return cls(**{one.name: tuple(facts(FIELDS[one.name])) for one in fields(cls)})

    @cached_property
    def person(self) -> Mapping[Ref, Person]:
        """People by reference."""
        return {one.ref: one for one in self.people}

    @cached_property
    def providers(self) -> frozenset[Ref]:
        """People who work for somebody else."""
        return frozenset(one.ref for one in self.people if one.kind is StaffKind.PROVIDER)

    @cached_property
    def domains(self) -> frozenset[str]:
        """Domains of the practice's own mail addresses, as its staff bears them."""
        staff = (one.email for one in self.people if one.email and one.ref not in self.providers)
        return frozenset(mail.rpartition("@")[2].casefold() for mail in staff)

    @cached_property
    def regions(self) -> Mapping[Ref, str | None]:
        """The region whose holidays hold for each person whose site is known."""
        sites = {one.name.casefold(): region(one.address) for one in self.sites}
        return {one.ref: sites.get((one.site or "").casefold()) for one in self.people}

    @cached_property
    def _site_of(self) -> Mapping[Ref, str]:
        """The site of each person and zone that has one, in lower case."""
        names = {one.ref: one.name.casefold() for one in self.sites}
        zones = {one.ref: names.get(one.site, "") for one in self.zones if one.site}
        return zones | {one.ref: one.site.casefold() for one in self.people if one.site}

    def site_of(self, told: Told) -> str | None:
        """The site that an event concerns: the person's, else that of the zone it came from or went to."""
        refs = (told.person, told.zone, told.target_zone)
        return next((site for ref in refs if ref and (site := self._site_of.get(ref))), None)

    @cached_property
    def _presence(self) -> Mapping[Ref, Presence]:
        return {one.person: one for one in self.presences}

    def hours(self, person: Ref | None, day: date) -> tuple[Span, ...] | None:
        """The declared hours of a person on a day; ``None``: nobody said."""
        declared = self._presence.get(person or "")
        return None if declared is None else declared.on(day)

    @cached_property
    def _away(self) -> Mapping[Ref, list[Absence]]:
        return _by(self.absences, lambda one: one.person)

    def absence(self, person: Ref | None, day: date) -> Absence | None:
        """The declared absence that a day lies in."""
        return next((one for one in self._away.get(person or "", ()) if one.begins_on <= day <= one.ends_on), None)

    @cached_property
    def _duty(self) -> Mapping[Ref, list[OnCall]]:
        return _by(self.duties, lambda one: one.person)

    def on_call(self, person: Ref | None, day: date, hour: int, until: int) -> bool:
        """Whether a person is on duty; a duty's last night ends at this hour of the next morning."""
        days = (day, day - DAY) if hour < until else (day,)
        return any(one.begins_on <= on <= one.ends_on for one in self._duty.get(person or "", ()) for on in days)

    def left_on(self, person: Ref | None) -> date | None:
        """The last day of a person, where it is known."""
        found = self.person.get(person or "")
        return None if found is None else found.left_on

    @cached_property
    def account(self) -> Mapping[Ref, Standing]:
        """What is known of each account."""
        mighty = {one.account_ref for one in self.privileges}
        told = {one.ref: _local(one, mighty) for one in self.accounts}
        return told | {one.ref: _central(one) for one in self.directory_accounts}

    @cached_property
    def outside(self) -> frozenset[Ref]:
        """All references that stand for what is outside."""
        return frozenset({INTERNET, *(one.ref for one in self.zones if one.kind is ZoneKind.INTERNET)})

    @cached_property
    def administration(self) -> frozenset[Ref]:
        """Zones from which the others are administered."""
        return frozenset(one.ref for one in self.zones if one.kind is ZoneKind.ADMINISTRATION)

    @cached_property
    def admins(self) -> frozenset[Ref]:
        """Accounts that administer something."""
        return frozenset(ref for ref, one in self.account.items() if one.privileged)

    @cached_property
    def open_zones(self) -> frozenset[Ref]:
        """Zones in which strangers' devices are expected."""
        return frozenset(one.ref for one in self.zones if one.kind in {ZoneKind.GUEST, ZoneKind.PUBLIC})

    @cached_property
    def _allowed(self) -> Mapping[tuple[Ref, Ref], list[AllowedFlow]]:
        return _by(self.flows, lambda one: (self.place(one.source), self.place(one.target)))

    def place(self, zone: Ref) -> Ref:
        """One reference for all zones that stand for the outside."""
        return INTERNET if zone in self.outside else zone

    def allowed(self, source: Ref, target: Ref, on: date) -> Iterator[AllowedFlow]:
        """The flows that hold on a day from one zone to another."""
        for one in self._allowed.get((self.place(source), self.place(target)), ()):
            if (one.starts_on is None or one.starts_on <= on) and (one.until is None or on <= one.until):
                yield one

    @cached_property
    def answers(self) -> dict[tuple[object, ...], Any]:
        """What was answered already from these facts: the memory of whoever asks the same again and again."""
        return {}

    @cached_property
    def imaging(self) -> frozenset[Ref]:
        """Hosts known to speak DICOM."""
        by_class = {one.ref for one in self.hosts if one.host_class is HostClass.MODALITY or one.ae_titles}
        return frozenset(by_class | {one.host for one in self.nodes})

    @cached_property
    def macs_of(self) -> Mapping[Ref, frozenset[str]]:
        """Hardware addresses by host."""
        cards = [(one.host, one.mac.casefold()) for one in self.cards if one.mac]
        told = _by(
            [*cards, *((one.ref, mac.casefold()) for one in self.hosts for mac in one.macs or ())], itemgetter(0)
        )
        return {ref: frozenset(mac for _, mac in pairs) for ref, pairs in told.items()}

    @cached_property
    def macs(self) -> frozenset[str]:
        """Hardware addresses of all hosts that the register knows."""
        return frozenset(mac for macs in self.macs_of.values() for mac in macs)

    @cached_property
    def titles(self) -> frozenset[str]:
        """DICOM titles of these hosts, without case."""
        told = (title for one in self.hosts for title in one.ae_titles or ())
        return frozenset(title.casefold() for title in (*told, *(one.ae_title for one in self.nodes if one.ae_title)))

    @cached_property
    def agreed(self) -> Mapping[Ref, list[RemoteWindow]]:
        """Windows of remote maintenance by host."""
        return _by(self.windows, lambda one: one.host)

    @cached_property
    def sticks(self) -> Mapping[Ref, MediaException]:
        """Hosts on which removable media are allowed."""
        return {one.host: one for one in self.media}

    @cached_property
    def _linked(self) -> tuple[Any, ...]:
        return tuple(ip_network(text, strict=False) for one in self.partners for text in one.networks or ())

    def of_partner(self, address: str) -> bool:
        """Whether an address is one of a declared partner."""
        try:
            return any(ip_address(address) in net for net in self._linked)
        except ValueError:
            return False


def allows(flow: AllowedFlow, protocol: str, port: int | None) -> bool:
    """Whether a flow lets a port of a transport pass (``tcp``, ``udp`` …)."""
    try:
        name, slash, ports = service(flow.service).partition("/")
    except NoService:
        return False
    if name == "any" or (name == protocol and not slash):
        return True
    ranges = (one.partition("-") for one in ports.split(",")) if slash and name == protocol else ()
    return port is not None and any(int(low) <= port <= int(high or low) for low, _, high in ranges)


def _by(facts: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    told: defaultdict[Any, list[Any]] = defaultdict(list)
    for one in facts:
        told[key(one)].append(one)
    return dict(told)


def _local(one: Account, mighty: Iterable[Ref]) -> Standing:
    return Standing(
        one.ref,
        one.kind,
        one.holder,
        closed=one.enabled is False,
        expires_at=None,
        last_logon_at=one.last_logon_at,
        never=False,
        created_at=None,
        privileged=one.ref in mighty,
    )


def _central(one: DirectoryAccount) -> Standing:
    return Standing(
        one.ref,
        one.kind,
        one.holder,
        closed=one.enabled is False,
        expires_at=one.expires_at,
        last_logon_at=one.last_logon_at,
        never=one.never_logged_on is True,
        created_at=one.created_at,
        privileged=one.privileged is True,
    )
