"""Accounts, groups and privileges of Active Directory."""

from collections.abc import Iterator
from dataclasses import replace

from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryAccount, DirectoryGroup, DirectoryPrivilege
from negatoscope.observe.collector import Item
from negatoscope.observe.directory import flags
from negatoscope.observe.directory.descriptor import sid
from negatoscope.observe.directory.frames import Kept
from negatoscope.observe.directory.view import View, key

DEFAULT = "default"


def people(domain: View) -> Iterator[Item]:
    """Every account that is not a computer's, every group, and every way to administer."""
    policies = _policies(domain)
    for of in ("users", "services"):
        for entry in domain.answers.entries[of]:
            uac = entry.number("userAccountControl")
            name = entry.text("sAMAccountName")
            if name and not (uac or 0) & flags.TRUST_ACCOUNT:
                yield _account(domain, entry, uac, policies.get(key(entry.dn)), service=of == "services")
    yield from _groups(domain)
    yield from _privileges(domain)


def _policies(domain: View) -> dict[str, str]:
    """The policy that applies to each account, where that can be told."""
    answers = domain.answers
    if not finer_readable(domain):
        return {}
    named = {key(entry.dn): entry.text("cn") or entry.dn for entry in answers.entries["policies"]}
    applied = dict.fromkeys((key(e.dn) for of in ("users", "services") for e in answers.entries[of]), DEFAULT)
    if not named:
        return applied
    if not answers.whole("resultant"):
        return {}
    for entry in answers.entries["resultant"]:
        resultant = entry.text("msDS-ResultantPSO")
        if resultant:
            applied[key(entry.dn)] = named.get(key(resultant), resultant)
    return applied


def finer_readable(domain: View) -> bool:
    """Whether finer policies would be seen if there were any: their container shows its own name only to who may."""
    container = domain.answers.one("container")
    return domain.answers.whole("container", "policies") and container is not None and container.text("cn") is not None


def _account(domain: View, entry: Kept, uac: int | None, policy: str | None, *, service: bool) -> DirectoryAccount:
    where, identifier = key(entry.dn), domain.sid_of(entry)
    set_at = entry.number("pwdLastSet")
    answers = domain.answers
    told = DirectoryAccount(
        domain.directory,
        entry.text("sAMAccountName") or entry.dn,
        kind=_kind(identifier, service=service),
        shown_as=entry.text("displayName"),
        sid=identifier,
        employee_id=entry.text("employeeID") or entry.text("employeeNumber"),
        mail=entry.text("mail"),
        expires_at=flags.moment(entry.number("accountExpires")),
        created_at=flags.instant(entry.text("whenCreated")),
        password_set_at=flags.moment(set_at),
        password_must_change=None if set_at is None else set_at == 0,
        privileged=where in domain.administrators if answers.whole("groups", "members") else None,
        last_logon_at=flags.moment(entry.number("lastLogonTimestamp")),
        policy=policy,
        groups=tuple(domain.members(where)) if answers.whole("groups") else None,
    )
    return told if uac is None else _flagged(told, entry, uac, protected=_protected(domain, where))


def _protected(domain: View, where: str) -> bool:
    """Whether an account is in Protected Users, whose identity no server may borrow."""
    identifiers = (domain.sids.get(group, "") for group in domain.graph.above(where))
    return any(one.rpartition("-")[2] == flags.PROTECTED_USERS for one in identifiers)


def _flagged(told: DirectoryAccount, entry: Kept, uac: int, *, protected: bool) -> DirectoryAccount:
    """What is only known where the account's own flags may be read: then an attribute that is absent is not set."""
    return replace(
        told,
        enabled=not uac & flags.DISABLED,
        password_not_required=bool(uac & flags.PASSWORD_NOT_REQUIRED),
        password_never_expires=bool(uac & flags.PASSWORD_NEVER_EXPIRES),
        reversible_encryption=bool(uac & flags.REVERSIBLE),
        des_only=bool(uac & flags.DES_ONLY),
        preauth_not_required=bool(uac & flags.NO_PREAUTH),
        smartcard_required=bool(uac & flags.SMARTCARD),
        not_delegated=protected or bool(uac & flags.NOT_DELEGATED),
        unconstrained_delegation=bool(uac & flags.UNCONSTRAINED),
        protocol_transition=bool(uac & flags.PROTOCOL_TRANSITION),
        delegates_to=entry.texts("msDS-AllowedToDelegateTo"),
        spns=entry.texts("servicePrincipalName"),
        admin_count=(entry.number("adminCount") or 0) > 0,
        sid_history=tuple(sid(raw) for raw in entry.has.get("sidhistory", ())),
        never_logged_on=told.last_logon_at is None,
    )


def _kind(identifier: str | None, *, service: bool) -> AccountKind | None:
    if service:
        return AccountKind.SERVICE
    built_in = identifier is not None and identifier.startswith("S-1-5-21-")
    return AccountKind.SYSTEM if built_in and str(identifier).endswith(f"-{flags.KRBTGT}") else None


def _groups(domain: View) -> Iterator[DirectoryGroup]:
    accounts = [key(entry.dn) for of in ("users", "services") for entry in domain.answers.entries[of]]
    sizes = domain.graph.sizes((key(entry.dn) for entry in domain.answers.entries["groups"]), accounts)
    for entry in domain.answers.entries["groups"]:
        where = key(entry.dn)
        yield DirectoryGroup(
            domain.directory,
            domain.names[where],
            sid=domain.sid_of(entry),
            role=domain.roles.get(where),
            members=sizes[where],
            groups=tuple(sorted(domain.names.get(above, above) for above in domain.graph.parents.get(where, ()))),
            admin_count=(entry.number("adminCount") or 0) > 0,
            privileged=where in domain.administrators,
        )


def _privileges(domain: View) -> Iterator[DirectoryPrivilege]:
    """One for each account and privileged group; the controllers' own memberships are not somebody's."""
    groups = {key(entry.dn) for entry in domain.answers.entries["groups"]}
    foreign = {key(entry.dn) for entry in domain.answers.entries["foreign"]}
    for group, paths in domain.paths.items():
        for member, path in paths.items():
            if member in groups or domain.names[member] in EXPECTED:
                continue
            yield DirectoryPrivilege(
                domain.directory,
                domain.names[member],
                domain.names[group],
                tuple(domain.names.get(step, step) for step in path),
                role=domain.roles[group],
                primary=(member, path[0]) in domain.graph.primary,
                foreign=member in foreign or domain.names[member].startswith("S-1-"),
            )


EXPECTED = frozenset({"S-1-5-18", "S-1-5-9"})
"""The system itself, and the domain controllers as one."""
