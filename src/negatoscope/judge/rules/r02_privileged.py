"""R2: an exhaustive, current inventory of privileged accounts."""

from datetime import datetime, timedelta

from negatoscope.judge.directories import Staff, live
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import Account, AccountKind, PasswordState, Privilege
from negatoscope.model.directory import DirectoryAccount, DirectoryPrivilege
from negatoscope.model.endpoints import AgentContact
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import CLIENTS, COMPUTERS, Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Person

RULE = Rule("R2", fresh=timedelta(days=7))


@RULE.measured("R2.1", on=COMPUTERS)
def privileged_accounts_are_answered_for(
    privileges: Seen[Privilege], accounts: Seen[Account], people: Seen[Person]
) -> Said:
    """Know whose each privileged account of a host is: a person of the practice, or a justified service.

    Accounts of a directory are R2.2's where they administer it, and R30.3's where they administer a host.
    """
    known = {account.ref: account for account in accounts.facts}
    staff = frozenset(person.ref for person in people.facts) if people.sweeps else None
    for ref, privilege in {privilege.account_ref: privilege for privilege in privileges.facts}.items():
        account = known.get(ref)
        if account is None:
            yield from () if privilege.foreign else (Doubt(ref, "account_unknown"),)
        elif account.enabled is not False:
            yield from _answered_for(account, staff)


def _answered_for(account: Account, staff: frozenset[Ref] | None) -> Said:
    if account.kind is AccountKind.SYSTEM and account.password in (None, PasswordState.LOCKED):
        if account.password is None:
            yield unread(account.ref, "password")
    elif account.kind is AccountKind.SERVICE:
        if account.purpose is None:
            yield Doubt(account.ref, "purpose_unknown")
    elif account.holder is None:
        yield Doubt(account.ref, "holder_unknown")
    elif staff is not None and account.holder not in staff:
        yield Finding(account.ref, "holder_not_listed", {"holder": account.holder})


@RULE.measured("R2.2")
def directory_administrators_are_answered_for(
    privileges: Seen[DirectoryPrivilege], accounts: Seen[DirectoryAccount], people: Seen[Person], now: datetime
) -> Said:
    """Know whose each account is that administers the directory, whatever the path that leads there."""
    known = {account.ref: account for account in accounts.facts}
    open_now = {account.ref for account in live(accounts, now)}
    staff = Staff(people)
    for privilege in {one.account_ref: one for one in reversed(privileges.facts)}.values():
        account = known.get(privilege.account_ref)
        if privilege.foreign:
            yield Finding(privilege.account_ref, "foreign_administers", {"group": privilege.group})
        elif account is None:
            yield Doubt(privilege.account_ref, "account_unknown")
        elif account.ref in open_now:
            yield from staff.answered_for(account)


RULE.awaiting("R2.3", "firewall")
RULE.attested("R2.4")
RULE.attested("R2.5")


@RULE.measured("R2.6", on=CLIENTS)
def workstations_are_managed(contacts: Seen[AgentContact], hosts: Seen[Host]) -> Said:
    """Spot each workstation that no agent of the fleet answers from; without any agent, nothing is known of any.

    A card that no host of the register owns is R5.1's.
    """
    managed = frozenset(contact.host for contact in contacts.facts)
    for host in hosts.facts if managed else ():
        if host.host_class in CLIENTS and host.ref not in managed:
            yield Finding(host.ref, "workstation_unmanaged", {"managed": len(managed)})


RULE.awaiting("R2.7", "syslog")
