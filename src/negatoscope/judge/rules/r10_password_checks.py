"""R10: technical means that enforce the rules on authentication."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold, none_hold, not_ahead, unread
from negatoscope.model.accounts import Account, PasswordPolicy, PasswordState, SessionPolicy
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hardening import SshServer
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Finding

RULE = Rule("R10", fresh=timedelta(days=7))
RENEWAL_DAYS = 180
"""The profile of the 2013 text; the one of 2021 asks no renewal of users (CNIL 2022-100) and is not chosen here yet."""
ATTEMPTS = 10
"""Failures allowed at most before an account is locked (CNIL 2022-100, authentication with restricted access)."""
LOCK_SECONDS = 900


@RULE.measured("R10.1", on=COMPUTERS)
def passwords_change_every_six_months(accounts: Seen[Account], policies: Seen[PasswordPolicy], now: datetime) -> Said:
    """Lock an account whose password has not changed for six months."""
    for account in accounts.facts:
        if account.enabled is False or account.password in (PasswordState.LOCKED, PasswordState.EMPTY):
            continue
        if account.password is None:
            yield unread(account.ref, "password")
            continue
        yield from _limited(account.ref, account.password_max_days, "kept_too_long")
        yield from _renewed(account, now)
    for policy in policies.facts:
        yield from _limited(policy.ref, policy.max_days, "new_accounts")


def _limited(subject: Ref, days: int | None, reason: str) -> Said:
    if days is None:
        yield unread(subject, "max_days")
    elif not 0 < days <= RENEWAL_DAYS:
        yield Finding(subject, reason, {"days": days, "wanted": RENEWAL_DAYS})


def _renewed(account: Account, now: datetime) -> Said:
    at = account.password_set_at
    if at is None:
        yield unread(account.ref, "password_set_at")
    elif at + timedelta(days=RENEWAL_DAYS) < now:
        yield Finding(account.ref, "password_old", {"on": f"{at:%Y-%m-%d}"})
    else:
        yield from not_ahead(account.ref, "password_set_at", at, now)


@RULE.measured("R10.2", on=COMPUTERS)
def guessing_locks_the_account(policies: Seen[PasswordPolicy]) -> Said:
    """Lock an account after a few wrong passwords."""
    for policy in policies.facts:
        if policy.lockout_attempts is None:
            yield unread(policy.ref, "lockout_attempts")
        elif not 0 < policy.lockout_attempts <= ATTEMPTS:
            yield Finding(policy.ref, "guessing_allowed", {"attempts": policy.lockout_attempts, "wanted": ATTEMPTS})


@RULE.measured("R10.3", on=COMPUTERS)
def nobody_enters_without_a_password(
    accounts: Seen[Account], policies: Seen[PasswordPolicy], servers: Seen[SshServer]
) -> Said:
    """Let no account open without a password.

    What PAM would do with an empty password (``nullok``, as Debian ships it) is no failure by itself: every account is
    asked for its own, nobody enters where none is empty, and an account not read is a doubt. Where PAM may let somebody
    in without asking, ``empty_allowed`` is not known, and that is a doubt on the host.
    """
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


RULE.awaiting("R10.8", "directory")
RULE.awaiting("R10.9", "directory", "secrets")
RULE.attested("R10.10")
