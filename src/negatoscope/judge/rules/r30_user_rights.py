"""R30: users have no administration rights, without exception."""

from collections import defaultdict
from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import LOOK, Account, AccountKind, Privilege
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Doubt, Finding

RULE = Rule("R30", fresh=timedelta(days=7))
ROOT = "root"


@RULE.measured("R30.1", on=COMPUTERS)
def users_do_not_administer(accounts: Seen[Account], privileges: Seen[Privilege]) -> Said:
    """Give no account of the host on which people work the rights of an administrator: those of elsewhere are R30.3."""
    known = {account.ref: account for account in accounts.facts}
    for privilege in privileges.facts:
        account = known.get(privilege.account_ref)
        if account is None:
            yield from () if privilege.foreign else (Doubt(privilege.account_ref, "account_unknown"),)
        elif account.enabled is not False and not _belongs_to_the_system(account):
            yield from _used_by_people(account, privilege.via)


def _belongs_to_the_system(account: Account) -> bool:
    return account.kind is AccountKind.SYSTEM and (account.name == ROOT or account.interactive is False)


def _used_by_people(account: Account, via: str) -> Said:
    second_root = via == "uid0" and account.name != ROOT
    human = account.kind is AccountKind.PERSON or (account.kind is not None and account.interactive)
    if (second_root or human) and account.enabled:
        yield Finding(account.ref, "administers", {"via": via})
    elif second_root or human or account.interactive is None or account.kind is None:
        yield unread(account.ref, "account_state")


@RULE.measured("R30.2", on=COMPUTERS)
def rights_are_asked_for(privileges: Seen[Privilege], accounts: Seen[Account]) -> Said:
    """Ask a password before administration rights are lent; what only lets a console read is none."""
    closed = frozenset(account.ref for account in accounts.facts if account.enabled is False)
    for privilege in privileges.facts:
        if privilege.via in {"uid0", LOOK} or privilege.account_ref in closed:
            continue
        if privilege.password_asked is None:
            yield unread(privilege.ref, "password_asked")
        elif not privilege.password_asked:
            yield Finding(privilege.ref, "no_password_asked", {"via": privilege.via})


@RULE.measured("R30.3", on=COMPUTERS)
def directory_users_administer_no_computer(privileges: Seen[Privilege], accounts: Seen[DirectoryAccount]) -> Said:
    r"""Give no directory account on which people work the rights of an administrator on a computer.

    ``DOMAIN\name`` may be an account or a group, whose members count whatever the path. Accounts that administer the
    directory itself are the matter of R2 and R28.
    """
    foreign = [(*privilege.account.rpartition("\\")[::2], privilege) for privilege in privileges.facts]
    foreign = [told for told in foreign if told[0]]
    known = _by_name(accounts) if foreign else {}
    yield from (unread(one.ref, "groups") for one in accounts.facts if foreign and one.groups is None)
    for _domain, name, privilege in foreign:
        meant = known.get(name.casefold(), ())
        if not meant:
            yield Doubt(privilege.ref, "principal_unknown", {"account": privilege.account})
        for account in meant:
            yield from _directory_user(account, privilege)


def _by_name(accounts: Seen[DirectoryAccount]) -> dict[str, list[DirectoryAccount]]:
    """Accounts by their own name, and by those of the groups they belong to."""
    known: defaultdict[str, list[DirectoryAccount]] = defaultdict(list)
    for account in accounts.facts:
        for name in {account.name.casefold(), *(group.casefold() for group in account.groups or ())}:
            known[name].append(account)
    return known


def _directory_user(account: DirectoryAccount, privilege: Privilege) -> Said:
    if account.enabled is False or account.privileged or account.kind is AccountKind.SYSTEM:
        return
    if account.enabled is None or account.privileged is None or account.kind is None:
        yield unread(account.ref, "account_state")
    elif account.kind is AccountKind.PERSON:
        yield Finding(account.ref, "administers_computer", {"host": privilege.host, "account": privilege.account})
