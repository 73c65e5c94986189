"""R8: every person with access is known by name; no generic or anonymous account."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.directories import Staff, built_in, certain, live
from negatoscope.judge.names import GENERIC, GUESTS, words
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, none_hold, unread
from negatoscope.model.accounts import Account, AccountKind, PasswordState
from negatoscope.model.directory import DirectoryAccess, DirectoryAccount
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Person

RULE = Rule("R8", fresh=timedelta(days=7))


def _open(accounts: Seen[Account]) -> Iterator[Account]:
    """Leave out the accounts known to be closed or unable to open a session."""
    return (account for account in accounts.facts if account.enabled is not False and account.interactive is not False)


@RULE.measured("R8.1", on=COMPUTERS)
def accounts_belong_to_somebody(accounts: Seen[Account], people: Seen[Person]) -> Said:
    """Link each account that opens a session to a person, or to a service with its reason."""
    staff = frozenset(person.ref for person in people.facts)
    for account in _open(accounts):
        if account.kind is AccountKind.SYSTEM and account.password in (None, PasswordState.LOCKED):
            if account.password is None:
                yield unread(account.ref, "password")
        elif account.kind is AccountKind.SERVICE:
            if account.purpose is None:
                yield Doubt(account.ref, "purpose_unknown")
        elif account.holder is None:
            yield Doubt(account.ref, "holder_unknown")
        elif account.holder not in staff and people.sweeps:
            yield Finding(account.ref, "holder_not_listed", {"holder": account.holder})


@RULE.measured("R8.2", on=COMPUTERS)
def no_account_has_a_generic_name(accounts: Seen[Account]) -> Said:
    """Give no account the name of a place, a device or a job."""
    yield from _named_among(accounts, GENERIC, "generic")


@RULE.measured("R8.3", on=COMPUTERS)
def no_guest_opens_a_session(accounts: Seen[Account]) -> Said:
    """Keep guest and anonymous accounts closed."""
    yield from _named_among(accounts, GUESTS, "guest")


def _named_among(accounts: Seen[Account], names: frozenset[str], reason: str) -> Said:
    for account in _open(accounts):
        said = words(account.name)
        if said and said <= names:
            known = account.enabled is not None and account.interactive is not None
            yield Finding(account.ref, reason) if known else unread(account.ref, "account_state")


RULE.awaiting("R8.4", "syslog")


@RULE.measured("R8.5")
def the_directory_knows_nobody_without_a_name(
    accounts: Seen[DirectoryAccount], access: Seen[DirectoryAccess], now: datetime
) -> Said:
    """Give no directory account a generic name, and answer nobody who does not say who they are."""
    for account in live(accounts, now):
        said = words(account.name)
        if said and (said <= GENERIC or said <= GUESTS) and not built_in(account):
            reason = "guest" if said <= GUESTS else "generic"
            yield Finding(account.ref, reason) if certain(account) else unread(account.ref, "account_state")
    answers = ((one.ref, one.anonymous_read) for one in access.facts)
    yield from none_hold(answers, "anonymous_read", "anonymous_read")


RULE.awaiting("R8.6", "applications")
RULE.attested("R8.7")


@RULE.measured("R8.8")
def directory_accounts_belong_to_somebody(
    accounts: Seen[DirectoryAccount], people: Seen[Person], now: datetime
) -> Said:
    """Link each open account of the directory to a person, or to a service with its reason."""
    staff = Staff(people)
    for account in live(accounts, now):
        yield from staff.answered_for(account)
