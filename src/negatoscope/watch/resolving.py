"""Whom and what of the register an event speaks of: hosts by address and name, accounts by name, people, zones.

Where two bear a name or an address, nobody is meant: a wrong name is worse than none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TypeVar

from negatoscope.model.accounts import Account
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.event import Told
from negatoscope.model.evidence import Ref
from negatoscope.watch.known import Known

K = TypeVar("K")
Place = Callable[[str], Ref | None]
"""The zone that an address stands in; ``zone/internet`` outside every network of the practice."""
Names = dict[str, Ref | None]
"""What bears a name; ``None``: several do."""
REMEMBERED = 16_384
"""Answers of each kind remembered: the same few names come again and again."""
SHORT = 256
"""Characters of a name worth remembering."""


@dataclass(frozen=True)
class Resolver:
    """The register's names. Made anew when the register changes."""

    known: Known
    place: Place

    def resolve(self, told: Told) -> Told:
        """The same event with the register's names. A host that an event does not name is who sent it."""
        event = told.event
        host = self.host(event.host) if event.host else self.host(told.sender)
        account, person = self.who(event.user, host)
        return replace(
            told,
            host=host,
            source=self.host(event.source),
            target=self.host(event.target),
            account=account,
            person=person,
            zone=self._zone(event.source),
            target_zone=self._zone(event.target),
        )

    def host(self, name: str | None) -> Ref | None:
        """The host that bears an address or a name, with or without its domain."""
        if not name:
            return None
        return self._hosts(name) if len(name) <= SHORT else self._host(name)

    def _host(self, name: str) -> Ref | None:
        if (address := _address(name)) is not None:
            return self._addresses.get(address)
        plain = name.casefold().rstrip(".$")
        return self._names.get(plain) or self._names.get(plain.partition(".")[0])

    def who(self, user: str | None, host: Ref | None = None) -> tuple[Ref | None, Ref | None]:
        """The account and the person that a product's word means: with a domain before or behind, bare, a SID, a mail.

        ``host``: where it was said. An account of that host itself comes before one of a directory, as systems do.
        """
        if not user:
            return None, None
        return self._users(user, host) if len(user) <= SHORT else self._user(user, host)

    def _user(self, user: str, host: Ref | None) -> tuple[Ref | None, Ref | None]:
        name, domain = _parted(user.casefold())
        account = self._account(name, domain, host) or self._sids.get(user.casefold())
        holder = self._holders.get(account or "")
        return account, holder or (self._mails.get(user.casefold()) if "@" in user else None)

    def _account(self, name: str, domain: str | None, host: Ref | None) -> Ref | None:
        if domain is not None:
            named = host is not None and self.host(domain) == host
            workgroup = "." not in domain and domain not in self._domains
            here = domain in {".", "localhost"} or named or workgroup
            return self._of_domain.get((domain, name)) or (self._of_host.get((host, name)) if here else None)
        if host is not None and (host, name) in self._of_host:
            return self._of_host[host, name]
        return self._of_realm.get(name)

    def _zone(self, name: str | None) -> Ref | None:
        if not name:
            return None
        return self._zones(name) if len(name) <= SHORT else self._standing(name)

    def _standing(self, name: str) -> Ref | None:
        address = _address(name)
        return self.place(address) if address is not None else None

    @cached_property
    def _hosts(self) -> Callable[[str], Ref | None]:
        return lru_cache(REMEMBERED)(self._host)

    @cached_property
    def _users(self) -> Callable[[str, Ref | None], tuple[Ref | None, Ref | None]]:
        return lru_cache(REMEMBERED)(self._user)

    @cached_property
    def _zones(self) -> Callable[[str], Ref | None]:
        return lru_cache(REMEMBERED)(self._standing)

    @cached_property
    def _addresses(self) -> Names:
        own = ((text, one.ref) for one in self.known.hosts for text in one.addresses or ())
        cards = ((text.partition("/")[0], one.host) for one in self.known.cards for text in one.addresses or ())
        return _only((address, ref) for text, ref in (*own, *cards) if (address := _address(text)) is not None)

    @cached_property
    def _names(self) -> Names:
        whole = ((one.hostname or one.ref.removeprefix("host/"), one.ref) for one in self.known.hosts)
        plain = [(name.casefold().rstrip("."), ref) for name, ref in whole]
        return _only([*plain, *((name.partition(".")[0], ref) for name, ref in plain if _address(name) is None)])

    @cached_property
    def _of_host(self) -> dict[tuple[Ref | None, str], Ref]:
        return {(one.host, one.name.casefold()): one.ref for one in self.known.accounts if one.host is not None}

    @cached_property
    def _of_realm(self) -> Names:
        return _only((name, ref) for _realm, name, ref in self._central)

    @cached_property
    def _domains(self) -> frozenset[str]:
        """What directories are called; a server takes another short name for its own (``WORKGROUP``)."""
        return frozenset(domain for domain, _name in self._of_domain)

    @cached_property
    def _of_domain(self) -> dict[tuple[str, str], Ref | None]:
        """By the domain's name and by its first label, which is mostly how Windows calls it."""
        told = ((realm, realm.partition(".")[0], name, ref) for realm, name, ref in self._central)
        return _only(((domain, name), ref) for *domains, name, ref in told for domain in domains)

    @cached_property
    def _central(self) -> tuple[tuple[str, str, Ref], ...]:
        """Realm, name and reference of each account of a directory or an application."""
        said = ((one.realm, one.name, one.ref) for one in self.known.accounts if one.host is None and one.realm)
        kept = ((_rest(one.directory), one.name, one.ref) for one in self.known.directory_accounts)
        return tuple((realm.casefold(), name.casefold(), ref) for realm, name, ref in (*said, *kept))

    @cached_property
    def _sids(self) -> Names:
        return _only((one.sid.casefold(), one.ref) for one in self.known.directory_accounts if one.sid)

    @cached_property
    def _holders(self) -> dict[Ref, Ref]:
        told: Iterable[Account | DirectoryAccount] = (*self.known.accounts, *self.known.directory_accounts)
        return {one.ref: one.holder for one in told if one.holder is not None}

    @cached_property
    def _mails(self) -> Names:
        return _only((one.email.casefold(), one.ref) for one in self.known.people if one.email)


def _only(pairs: Iterable[tuple[K, Ref]]) -> dict[K, Ref | None]:
    told: defaultdict[K, set[Ref]] = defaultdict(set)
    for name, ref in pairs:
        told[name].add(ref)
    return {name: next(iter(refs)) if len(refs) == 1 else None for name, refs in told.items()}


def _parted(user: str) -> tuple[str, str | None]:
    """Name and domain, as the product writes them."""
    if "\\" in user:
        domain, _slash, name = user.partition("\\")
        return name, domain
    name, at, domain = user.rpartition("@")
    return (name, domain) if at else (user, None)


def _address(text: str) -> str | None:
    """An address as the register writes it: no zone, no prefix, IPv4 as such."""
    try:
        found = ip_address(text.partition("%")[0].strip("[]"))
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def _rest(ref: Ref) -> str:
    return ref.partition("/")[2]
