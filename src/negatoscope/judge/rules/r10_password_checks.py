"""R10: technical means that enforce the rules on authentication."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.directories import live
from negatoscope.judge.profiles import chosen, locking
from negatoscope.judge.renewals import Renewals
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold, none_hold, unread
from negatoscope.model.accounts import Account, PasswordPolicy, PasswordState, Privilege, SessionPolicy
from negatoscope.model.directory import DirectoryAccount, DirectoryPolicy
from negatoscope.model.evidence import Seen
from negatoscope.model.hardening import SshServer
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Finding
from negatoscope.model.passwords import PasswordChoice

RULE = Rule("R10", fresh=timedelta(days=7))
LOCK_SECONDS = 900


@RULE.measured("R10.1", on=COMPUTERS)
def old_passwords_lock_the_account(
    accounts: Seen[Account],
    policies: Seen[PasswordPolicy],
    privileges: Seen[Privilege],
    choice: Seen[PasswordChoice],
    now: datetime,
) -> Said:
    """Lock an account whose password is older than the chosen profile allows."""
    renewals = Renewals(chosen(choice), now)
    privileged = {privilege.account_ref for privilege in privileges.facts}
    for account in accounts.facts:
        if account.enabled is False or account.password in (PasswordState.LOCKED, PasswordState.EMPTY):
            continue
        yield from renewals.of_account(account, privileged=account.ref in privileged)
    yield from renewals.limits(policies.facts)


@RULE.measured("R10.2", on=COMPUTERS)
def guessing_locks_the_account(policies: Seen[PasswordPolicy], choice: Seen[PasswordChoice]) -> Said:
    """Lock an account after a few wrong passwords."""
    yield from locking(policies.facts, chosen(choice))


@RULE.measured("R10.3", on=COMPUTERS)
def nobody_enters_without_a_password(
    accounts: Seen[Account], policies: Seen[PasswordPolicy], servers: Seen[SshServer]
) -> Said:
    """Let no account open without a password: ``nullok`` in PAM is no failure where no account's own is empty."""
    for account in accounts.facts:
        if account.enabled is not False and account.password is None:
            yield unread(account.ref, "password")
        elif account.enabled is not False and account.password is PasswordState.EMPTY:
            yield Finding(account.ref, "password_empty")
    yield from (unread(policy.ref, "empty_allowed") for policy in policies.facts if policy.empty_allowed is None)
    running: Iterator[SshServer] = (server for server in servers.facts if server.present)
    yield from none_hold(((server.ref, server.empty_passwords) for server in running), "ssh_empty", "ssh_empty")


@RULE.measured("R10.4", on=COMPUTERS)
def no_session_opens_by_itself(sessions: Seen[SessionPolicy]) -> Said:
    """Open no session at start-up without asking who is there."""
    yield from none_hold(((session.ref, session.autologin) for session in sessions.facts), "autologin", "autologin")


@RULE.measured("R10.5", on=COMPUTERS)
def starting_otherwise_asks_a_password(sessions: Seen[SessionPolicy]) -> Said:
    """Ask a password before a computer starts in another mode."""
    yield from all_hold(
        ((session.ref, session.boot_password) for session in sessions.facts), "boot_password", "boot_open"
    )


@RULE.measured("R10.6", on=COMPUTERS)
def screens_lock(sessions: Seen[SessionPolicy]) -> Said:
    """Lock an idle screen; a host without one has nothing to lock."""
    for session in sessions.facts:
        if session.graphical is None:
            yield unread(session.ref, "graphical")
        elif session.graphical and session.lock_seconds is None:
            yield unread(session.ref, "lock_seconds")
        elif session.graphical and not 0 < (session.lock_seconds or 0) <= LOCK_SECONDS:
            yield Finding(session.ref, "screen_stays_open", {"minutes": LOCK_SECONDS // 60})


@RULE.measured("R10.7", on=COMPUTERS)
def easy_passwords_are_refused(policies: Seen[PasswordPolicy]) -> Said:
    """Compare a new password with a list of easy ones."""
    yield from all_hold(((p.ref, p.dictionary_check) for p in policies.facts), "dictionary_check", "easy_accepted")


@RULE.measured("R10.8")
def old_passwords_lock_the_directory_account(
    accounts: Seen[DirectoryAccount], policies: Seen[DirectoryPolicy], choice: Seen[PasswordChoice], now: datetime
) -> Said:
    """Lock an account of the directory whose password is older than the chosen profile allows."""
    renewals = Renewals(chosen(choice), now)
    for account in live(accounts, now):
        yield from renewals.of_directory_account(account)
    yield from renewals.limits(policies.facts)


RULE.awaiting("R10.9", "secrets")
RULE.attested("R10.10")


@RULE.measured("R10.11")
def guessing_locks_the_directory_account(policies: Seen[DirectoryPolicy], choice: Seen[PasswordChoice]) -> Said:
    """Lock an account of the directory after a few wrong passwords."""
    yield from locking(policies.facts, chosen(choice))


@RULE.measured("R10.12")
def directory_accounts_have_a_password(accounts: Seen[DirectoryAccount], now: datetime) -> Said:
    """Let no account of the directory do without a password."""
    asked = ((account.ref, account.password_not_required) for account in live(accounts, now))
    yield from none_hold(asked, "password_not_required", "empty_permitted")
