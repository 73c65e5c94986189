"""Whose a directory's account is, where nobody said so: the directory bears the person's number or mail address."""

from collections.abc import Callable, Iterable

from negatoscope.judge.directories import Staff
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.people import Person
from negatoscope.store.queries import subjects
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.queries.subjects import Subject


def holders(practice: int, accounts: Iterable[Subject]) -> dict[Ref, Subject]:
    """The people that rules take for the holders of these accounts, by account; one query."""
    ours = [one for one in accounts if isinstance(one.fact, DirectoryAccount)]
    idents = {one.fact.employee_id for one in ours if one.fact.employee_id}
    mails = {one.fact.mail for one in ours if one.fact.mail}
    people = subjects.bearing(practice, Person.__name__, {"ident": idents, "email": mails})
    staff, by_ref = Staff(Seen(tuple(one.fact for one in people))), {one.ref: one for one in people}
    found = {one.ref: staff.holder(one.fact) for one in ours}
    return {account: by_ref[holder] for account, holder in found.items() if holder in by_ref}


def held_by(practice: int, people: Iterable[Person]) -> dict[Ref, list[Ref]]:
    """The accounts of directories that nobody declared and that bear the mark of these people, by person."""
    people = tuple(people)
    marks = {
        "employee_id": {one.ident for one in people},
        "mail": {one.email for one in people if one.email},
    }
    accounts = subjects.bearing(practice, DirectoryAccount.__name__, marks, holder="")
    held: dict[Ref, list[Ref]] = {}
    for account, person in holders(practice, accounts).items():
        held.setdefault(person.ref, []).append(account)
    return held


def recognising(
    source: Callable[[Ask], Found[Subject]], practice: int, named: dict[Ref, Subject]
) -> Callable[[Ask], Found[Subject]]:
    """Answer as ``source`` does, and put into ``named`` who holds these accounts by the directory's own word."""

    def filled(ask: Ask) -> Found[Subject]:
        found = source(ask)
        named.update(holders(practice, found.rows))
        return found

    return filled
