"""What the controls on directories ask alike."""

from collections.abc import Iterator
from datetime import datetime

from negatoscope.judge.shapes import Said
from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import DirectoryAccount, DirectoryComputer
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Person


def live(accounts: Seen[DirectoryAccount], now: datetime) -> Iterator[DirectoryAccount]:
    """Leave out the accounts known to be closed, or over since."""
    for account in accounts.facts:
        if account.enabled is not False and not _over(account, now):
            yield account


def _over(account: DirectoryAccount, now: datetime) -> bool:
    return account.expires_at is not None and account.expires_at <= now


def working(computers: Seen[DirectoryComputer]) -> Iterator[DirectoryComputer]:
    """Leave out the computers whose account is known to be closed."""
    return (computer for computer in computers.facts if computer.enabled is not False)


class Staff:
    """The people of the practice, and whose an account is: a person says so, or the directory bears their mark."""

    def __init__(self, people: Seen[Person]) -> None:
        """Look people up by identifier and by mail address; an address that two share names neither."""
        self.listed = frozenset(person.ref for person in people.facts)
        self.closed = bool(people.sweeps)
        self._idents = {person.ident.casefold(): person.ref for person in people.facts}
        mails = [person.email.casefold() for person in people.facts if person.email]
        self._mails = {
            person.email.casefold(): person.ref
            for person in people.facts
            if person.email and mails.count(person.email.casefold()) == 1
        }

    def holder(self, account: DirectoryAccount) -> Ref | None:
        """The person answerable for an account, if one is known."""
        if account.holder is not None:
            return account.holder
        by_ident = self._idents.get(account.employee_id.casefold()) if account.employee_id else None
        return by_ident or (self._mails.get(account.mail.casefold()) if account.mail else None)

    def answered_for(self, account: DirectoryAccount) -> Said:
        """Ask for a person of the practice, or for a justified service."""
        if account.kind is AccountKind.SYSTEM:
            return
        if account.kind is AccountKind.SERVICE:
            if account.purpose is None:
                yield Doubt(account.ref, "purpose_unknown")
            return
        holder = self.holder(account)
        if holder is None:
            yield Doubt(account.ref, "holder_unknown")
        elif self.closed and holder not in self.listed:
            yield Finding(account.ref, "holder_not_listed", {"holder": holder})


def certain(account: DirectoryAccount) -> bool:
    """Whether the account is known to be open: a finding about it accuses nobody wrongly."""
    return account.enabled is True


def built_in(account: DirectoryAccount) -> bool:
    """Whether this is the administrator that every domain is born with: its name is nobody's choice (MS-ADTS 6.1.4)."""
    return account.sid is not None and account.sid.startswith("S-1-5-21-") and account.sid.endswith("-500")
