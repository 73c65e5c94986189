"""R13: strong authentication by card wherever possible."""

from datetime import datetime, timedelta

from negatoscope.judge.directories import Staff, live
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryAccount, DirectoryPrivilege
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Person

RULE = Rule("R13", fresh=timedelta(days=7))
MACHINES = (AccountKind.SERVICE, AccountKind.SYSTEM)


@RULE.measured("R13.1")
def people_open_sessions_by_card(accounts: Seen[DirectoryAccount], people: Seen[Person], now: datetime) -> Said:
    """Ask every person for a card where the directory can; a program has no card to show."""
    staff = Staff(people)
    for account in (one for one in live(accounts, now) if one.kind not in MACHINES):
        if account.smartcard_required is None:
            yield unread(account.ref, "smartcard_required")
        elif not account.smartcard_required:
            somebody = account.kind is AccountKind.PERSON or staff.holder(account) is not None
            known = somebody and account.enabled
            yield Finding(account.ref, "password_alone") if known else Doubt(account.ref, "card_undecided")


RULE.awaiting("R13.2", "firewall", "mail")
RULE.attested("R13.3")


@RULE.measured("R13.4")
def administrators_open_sessions_by_card(
    privileges: Seen[DirectoryPrivilege], accounts: Seen[DirectoryAccount], now: datetime
) -> Said:
    """Ask every account that administers a directory for a card."""
    open_now = {account.ref: account for account in live(accounts, now)}
    known = {account.ref for account in accounts.facts}
    for ref in dict.fromkeys(privilege.account_ref for privilege in privileges.facts):
        account = open_now.get(ref)
        if account is None:
            if ref not in known:
                yield Doubt(ref, "account_unknown")
        elif account.smartcard_required is None or account.enabled is None:
            yield unread(ref, "smartcard_required")
        elif not account.smartcard_required and account.kind not in MACHINES:
            yield Finding(ref, "administrator_password_alone")
