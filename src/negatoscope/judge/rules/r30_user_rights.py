"""R30: users have no administration rights, without exception."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import Account, AccountKind, Privilege
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Doubt, Finding

RULE = Rule("R30", fresh=timedelta(days=7))
ROOT = "root"


@RULE.measured("R30.1", on=COMPUTERS)
def users_do_not_administer(accounts: Seen[Account], privileges: Seen[Privilege]) -> Said:
    """Give no account on which people work the rights of an administrator."""
    known = {account.ref: account for account in accounts.facts}
    for privilege in privileges.facts:
        account = known.get(privilege.account_ref)
        if account is None:
            yield Doubt(privilege.account_ref, "account_unknown")
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
    """Ask a password before administration rights are lent."""
    closed = frozenset(account.ref for account in accounts.facts if account.enabled is False)
    for privilege in privileges.facts:
        if privilege.via == "uid0" or privilege.account_ref in closed:
            continue
        if privilege.password_asked is None:
            yield unread(privilege.ref, "password_asked")
        elif not privilege.password_asked:
            yield Finding(privilege.ref, "no_password_asked", {"via": privilege.via})


RULE.awaiting("R30.3", "directory", "agent")
