"""R3: rights begin and end with a person's presence."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from negatoscope.judge.leavers import Leaving
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.accounts import Account, AccountKind, PasswordState
from negatoscope.model.cases import Case, CaseKind, CaseTask, TaskKind
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hosts import COMPUTERS
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Departure, Person

RULE = Rule("R3", fresh=timedelta(days=7))

RULE.attested("R3.1")
RULE.attested("R3.2")
RULE.awaiting("R3.3", "directory", "people")


@RULE.measured("R3.4", on=COMPUTERS)
def leavers_are_closed(
    accounts: Seen[Account], departures: Seen[Departure], people: Seen[Person], now: datetime
) -> Said:
    """Close every account of a computer whose holder has left."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts()
    gone, staff = leaving.gone(), frozenset(person.ref for person in people.facts)
    for account in accounts.facts:
        if account.enabled is not False and account.interactive is not False:
            yield from _left_open(account, gone, staff)


def _left_open(account: Account, gone: Mapping[Ref, date], staff: frozenset[Ref]) -> Said:
    """Weigh one account that may be open."""
    if account.holder is not None and account.holder in gone:
        known = account.enabled is not None
        values = {"holder": account.holder, "left": f"{gone[account.holder]:%Y-%m-%d}"}
        yield Finding(account.ref, "left_open", values) if known else unread(account.ref, "enabled")
    elif account.holder is not None:
        if account.holder not in staff:
            yield Finding(account.ref, "holder_not_listed", {"holder": account.holder})
    elif account.kind is AccountKind.SYSTEM and account.password in (None, PasswordState.LOCKED):
        if account.password is None:
            yield unread(account.ref, "password")
    elif account.kind is not AccountKind.SERVICE:
        yield Doubt(account.ref, "holder_unknown")


RULE.awaiting("R3.5", "people", "directory")


@RULE.measured("R3.6")
def things_come_back(
    cases: Seen[Case], tasks: Seen[CaseTask], departures: Seen[Departure], people: Seen[Person], now: datetime
) -> Said:
    """Have badge, keys and equipment handed back, signed for in the departure's case."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts()
    if not people.facts:
        yield Doubt("practice", "nobody_present")
    open_cases = {case.person: case for case in cases.facts if case.kind is CaseKind.DEPARTURE}
    known = {person.ref for person in people.facts} | open_cases.keys()
    for holder in leaving.gone():
        if holder in open_cases:
            yield from _handed_back(open_cases[holder], tasks)
        elif holder in known:
            yield Doubt(holder, "no_case")


def _handed_back(case: Case, tasks: Seen[CaseTask]) -> Said:
    things = [task for task in tasks.facts if task.case == case.ref and task.kind is TaskKind.THING]
    if not things:
        yield Doubt(case.person, "nothing_listed")
    for task in things:
        if not task.signed:
            begun = task.done_at is not None or task.done_by is not None
            yield (Doubt if begun else Finding)(case.person, "not_returned", {"task": task.what})


RULE.awaiting("R3.7", "syslog", "people")
