"""R20: the central directory is audited regularly and its rights are correct."""

from datetime import datetime, timedelta

from negatoscope.judge import domains
from negatoscope.judge.directories import live, working
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, none_hold
from negatoscope.model import directory
from negatoscope.model.evidence import Seen

RULE = Rule("R20", fresh=timedelta(days=7))
Accounts = Seen[directory.DirectoryAccount]
Domains = Seen[directory.DirectoryDomain]


@RULE.measured("R20.1")
def directories_are_audited(looks: Seen[directory.DirectoryAccess], now: datetime) -> Said:
    """Look at every directory again and again."""
    yield from domains.audited(looks, now)


@RULE.measured("R20.2")
def rights_are_correct(objects: Seen[directory.GuardedObject]) -> Said:
    """Give those who do not administer no right over what decides on all others."""
    yield from domains.rights(objects)


RULE.awaiting("R20.3", "shares")


@RULE.measured("R20.4")
def nobody_borrows_identities(accounts: Accounts, computers: Seen[directory.DirectoryComputer], now: datetime) -> Said:
    """Let nobody but the controllers act in others' names without limit."""
    yield from domains.delegation(live(accounts, now), working(computers))


@RULE.measured("R20.5")
def administrators_serve_nothing(accounts: Accounts, now: datetime) -> Said:
    """Give no ticket away from which an administrator's password can be guessed."""
    yield from domains.guessable(live(accounts, now))


@RULE.measured("R20.6")
def everybody_proves_themselves_first(accounts: Accounts, now: datetime) -> Said:
    """Answer nobody before they have proved who they are."""
    asked = ((one.ref, one.preauth_not_required) for one in live(accounts, now))
    yield from none_hold(asked, "preauth_not_required", "no_preauth")


@RULE.measured("R20.7")
def the_key_of_keys_is_renewed(settings: Domains, now: datetime) -> Said:
    """Renew the key that signs every ticket."""
    yield from domains.key_of_keys(settings, now)


@RULE.measured("R20.8")
def nobody_adds_computers(settings: Domains) -> Said:
    """Let no plain account add a computer to the domain."""
    yield from domains.quota(settings)


@RULE.measured("R20.9")
def local_passwords_differ(computers: Seen[directory.DirectoryComputer]) -> Said:
    """Give each computer a local administrator's password of its own (LAPS)."""
    yield from domains.local_passwords(working(computers))


@RULE.measured("R20.10")
def systems_are_supported(computers: Seen[directory.DirectoryComputer], now: datetime) -> Said:
    """Keep no computer in the domain whose system its publisher has left."""
    yield from domains.supported(working(computers), now)


@RULE.measured("R20.11")
def other_domains_are_held_off(settings: Domains, trusts: Seen[directory.DirectoryTrust]) -> Said:
    """Believe no other domain blindly."""
    yield from domains.trusts(settings, trusts)


@RULE.measured("R20.12")
def unused_accounts_are_closed(accounts: Accounts, now: datetime) -> Said:
    """Close the accounts that nobody uses any more."""
    yield from domains.unused(live(accounts, now), now)


@RULE.measured("R20.13")
def no_trace_of_privilege_stays(accounts: Accounts, now: datetime) -> Said:
    """Leave no protection of former administrators behind."""
    yield from domains.orphans(live(accounts, now))


@RULE.measured("R20.14")
def old_doors_are_shut(settings: Domains) -> Said:
    """Shut the compatible accesses of another age."""
    yield from domains.old_doors(settings)


@RULE.measured("R20.15")
def the_domain_is_of_today(settings: Domains) -> Said:
    """Raise the domain to a level that has the protections of today."""
    yield from domains.level(settings)


@RULE.measured("R20.16")
def passwords_are_stored_safely(accounts: Accounts, policies: Seen[directory.DirectoryPolicy], now: datetime) -> Said:
    """Keep no password in a form that can be turned back, or broken in a day."""
    yield from domains.storage(live(accounts, now), policies)


@RULE.measured("R20.17")
def administrators_are_not_lent(accounts: Accounts, now: datetime) -> Said:
    """Let no server borrow an administrator's identity."""
    yield from domains.lent(live(accounts, now))


@RULE.measured("R20.18")
def no_identity_is_hidden(accounts: Accounts, now: datetime) -> Said:
    """Let no account carry a second identity of this domain."""
    yield from domains.hidden(live(accounts, now))
