"""Whose each account is: by people's word, and by what the account itself shows. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from unicodedata import combining, normalize

from negatoscope.judge.leavers import ended
from negatoscope.model.accounts import Account, AccountKind, PasswordState
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import FormerHolder, Person

AnyAccount = Account | DirectoryAccount
Said = Iterator[Finding | Doubt]
LOCKED = (None, PasswordState.LOCKED)
SHOWN = ("interactive", "password", "password_set_at", "last_logon_at", "sid", "created_at", "groups")
"""Fields that instruments alone fill, one at least for each account that they see."""
LEAST = 3
"""Letters that an account's name must have for a resemblance to mean something."""


class Holders:
    """Who may hold an account at an instant, and who may no longer."""

    def __init__(self, people: Iterable[Person], gone: Mapping[Ref, date], former: Iterable[FormerHolder] = ()) -> None:
        """Gather the list of persons, those who left with their last day, and who was said to hold what before."""
        self.staff: Mapping[Ref, Person] = {person.ref: person for person in people}
        self.gone = gone
        self._former: defaultdict[Ref, set[Ref]] = defaultdict(set)
        for one in former:
            self._former[one.account].add(one.holder)
        self._named: defaultdict[str, set[Ref]] = defaultdict(set)
        for ref in self.gone.keys() & self.staff.keys():
            for name in usual_names(self.staff[ref]):
                self._named[name].add(ref)

    def left_open(self, account: AnyAccount) -> Said:
        """Weigh one account that may be open."""
        if account.holder is not None and account.holder in self.gone:
            yield self._open(account, account.holder)
            return
        yield from self.changed_hands(account)
        if account.holder is not None:
            if account.holder not in self.staff:
                yield Finding(account.ref, "holder_not_listed", {"holder": account.holder})
        elif account.kind is AccountKind.SYSTEM and isinstance(account, DirectoryAccount):
            return
        elif account.kind is AccountKind.SYSTEM and isinstance(account, Account) and account.password in LOCKED:
            if account.password is None:
                yield Doubt(account.ref, "unread", {"what": "password"})
        elif account.kind is not AccountKind.SERVICE:
            yield Doubt(account.ref, "holder_unknown")

    def _open(self, account: AnyAccount, holder: Ref) -> Finding | Doubt:
        """One that no instrument sees any more stands in a list alone."""
        values = {"holder": holder, "left": f"{self.gone[holder]:%Y-%m-%d}"}
        if account.enabled is not None:
            return Finding(account.ref, "left_open", values)
        if any(getattr(account, name) is not None for name in SHOWN if hasattr(account, name)):
            return Doubt(account.ref, "unread", {"what": "enabled"})
        return Doubt(account.ref, "listed_alone", values)

    def changed_hands(self, account: AnyAccount) -> Iterator[Doubt]:
        """Doubt an account that was a leaver's, or is named as theirs, and that is now said to be another's."""
        was = self._former.get(account.ref, set()) & self.gone.keys()
        like = self._shown(account) if not self._is_its_holders(account.name, account) else set()
        for leaver in sorted(was | like):
            day = self.gone[leaver]
            if not (self._handed_over(account, day) or (leaver not in like and renewed(account, day))):
                yield Doubt(account.ref, "was_a_leavers", {"holder": leaver, "left": f"{day:%Y-%m-%d}"})

    def _shown(self, account: AnyAccount) -> set[Ref]:
        """Leavers whose usual name the account bears."""
        return {leaver for text in (account.name, *_signs(account)) for leaver in self._named.get(bare(text), ())}

    def _is_its_holders(self, text: str, account: AnyAccount) -> bool:
        holder = self.staff.get(account.holder or "")
        return holder is not None and bare(text) in usual_names(holder)

    def _handed_over(self, account: AnyAccount, day: date) -> bool:
        """The directory itself shows a new account, or that it bears its holder's name and no leaver's."""
        if not isinstance(account, DirectoryAccount):
            return False
        if account.created_at is not None and account.created_at > ended(day):
            return True
        signs = _signs(account)
        theirs = [text for text in signs if self._named.get(bare(text))]
        return not theirs and any(self._is_its_holders(text, account) for text in signs)


def renewed(account: AnyAccount, day: date) -> bool:
    """Its password is not the one that whoever left on this day knew."""
    return account.password_set_at is not None and account.password_set_at > ended(day)


def _signs(account: AnyAccount) -> tuple[str, ...]:
    """What a directory writes beside an account's name and says whose it is."""
    if not isinstance(account, DirectoryAccount):
        return ()
    return tuple(text for text in (account.shown_as, account.mail, account.employee_id) if text)


def resembles(account: str, person: Person) -> bool:
    """Whether an account is named as people name theirs: identifier, surname, first.last, initial and surname."""
    return bare(account) in usual_names(person)


def usual_names(person: Person) -> frozenset[str]:
    """How a person's accounts are usually named, bare."""
    first, *others = [_letters(word) for word in person.name.split()] or [""]
    last = "".join(others)
    usual = {_letters(person.ident), first + last, last + first, first[:1] + last, last + first[:1], last}
    return frozenset(name for name in usual if len(name) >= LEAST)


def bare(account: str) -> str:
    """An account's name without domain, case, accents, digits or separators."""
    return _letters(account.rsplit("\\", 1)[-1].split("@", 1)[0])


def _letters(text: str) -> str:
    """Lower case letters without accents; separators and digits left out."""
    return "".join(sign for sign in normalize("NFKD", text).casefold() if sign.isalpha() and not combining(sign))
