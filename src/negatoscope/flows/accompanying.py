"""Arrivals and departures: a case is opened from the template of a role, signed for task by task, and closed on proof.

Everything is a declaration, so that replay rebuilds each case; nothing here decides, ``judge.leavers`` does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.directories import Staff
from negatoscope.judge.holders import Holders, resembles
from negatoscope.judge.leavers import Door, missing, proven_by_look, unsigned
from negatoscope.judge.returning import held_yet
from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.cases import Case, CaseKind, CaseStep, CaseTask, RoleTemplate, TaskKind
from negatoscope.model.directory import Directory, DirectoryAccount
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.judgement import Doubt
from negatoscope.model.keys import Handover
from negatoscope.model.people import FormerHolder, Person
from negatoscope.store import facts, subjects

STANDARD = RoleTemplate("", things=("badge", "keys", "equipment"), lessons=("training", "charter"))
"""What is asked where a role has no template of its own; codes that pages put into words."""


class NotProven(Exception):  # noqa: N818 -- what it is
    """A case may not be closed yet; ``against`` says what is missing and which look would prove it."""

    def __init__(self, against: tuple[Doubt, ...]) -> None:
        """Keep what is missing."""
        super().__init__(", ".join(doubt.reason for doubt in against))
        self.against = against


@dataclass(frozen=True)
class Who:
    """Whoever acts: as the ledger names them, and as they sign."""

    operator: str
    signature: str


@dataclass(frozen=True)
class Opening:
    """A case to open. ``on``: the first or the last day of presence."""

    person: Person
    kind: CaseKind
    on: date
    owner: str | None = None


@dataclass(frozen=True)
class Held:
    """A case with its tasks, its history, and the accounts of its person."""

    case: Case
    tasks: tuple[CaseTask, ...]
    steps: tuple[CaseStep, ...]
    doors: tuple[Door, ...]
    against: tuple[Doubt, ...]
    """What stands against closing it now."""
    by_look: frozenset[Ref] = frozenset()
    """Tasks that nobody signs: a look proves them."""


def open_case(console: Console, opening: Opening, who: Who) -> Case:
    """Open a case with the tasks of the person's role; a departure also enters the last day in the list of persons."""
    now = console.clock()
    case = Case(opening.person.ref, opening.kind, opening.on, now, who.signature, opening.owner)
    tasks = tuple(_tasks(case, template_of(console, opening.person.role), opening.owner))
    day: dict[str, Any] = {"left_on" if opening.kind is CaseKind.DEPARTURE else "arrived_on": opening.on}
    earlier = tuple(Retraction(CaseTask.__name__, task.ref) for task in _of(console, CaseTask, case.ref))
    step = CaseStep(case.ref, now, who.signature, "opened")
    declare(console, Said(who.operator), (replace(opening.person, **day), case, *tasks, step), earlier)
    return case


def template_of(console: Console, role: str | None) -> RoleTemplate:
    """The template of a role; the standard one where it has none."""
    templates = StoredRegister(console.practice).seen(RoleTemplate).facts
    wanted = (role or "").strip().casefold()
    return next((one for one in templates if one.role.strip().casefold() == wanted), STANDARD)


def _tasks(case: Case, template: RoleTemplate, owner: str | None) -> Iterator[CaseTask]:
    wanted = [(TaskKind.ACCOUNT, template.accesses), (TaskKind.GROUP, template.groups)]
    wanted.append((TaskKind.THING, template.things))
    if case.kind is CaseKind.ARRIVAL:
        wanted.append((TaskKind.LESSON, template.lessons))
    else:
        wanted.append((TaskKind.FORWARDING, ("forwarding",)))
    for kind, names in wanted:
        for number, what in enumerate(names, start=1):
            yield CaseTask(case.ref, f"{kind.value}-{number}", kind, what, case.on, owner)


def add_task(console: Console, case: Case, what: str, subject: Ref | None, who: Who) -> None:
    """Ask for one thing more; ``subject``: an account that no instrument sees."""
    now = console.clock()
    kind = TaskKind.ACCOUNT if subject else TaskKind.THING
    task = CaseTask(case.ref, f"more-{now:%Y%m%d%H%M%S%f}", kind, what, case.on, case.owner, subject)
    step = CaseStep(case.ref, now, who.signature, "added", what)
    declare(console, Said(who.operator), (task, step))


def sign_task(console: Console, task: CaseTask, statement: str, who: Who) -> None:
    """Sign that a task is done, with what was done."""
    now = console.clock()
    done = replace(task, done_at=now, done_by=who.signature, statement=statement)
    declare(console, Said(who.operator), (done, CaseStep(task.case, now, who.signature, "done", task.what)))


def undo_task(console: Console, task: CaseTask, who: Who) -> None:
    """Take a signature back; the case it belongs to is open again."""
    now = console.clock()
    undone = replace(task, done_at=None, done_by=None, statement=None)
    step = CaseStep(task.case, now, who.signature, "undone", task.what)
    case = next(case for case in StoredRegister(console.practice).seen(Case).facts if case.ref == task.case)
    declare(console, Said(who.operator), (undone, step, replace(case, closed_at=None, closed_by=None)))


def close_case(console: Console, case: Case, who: Who) -> None:
    """Close a case whose every point is proven. Raises NotProven; the refusal stays in its history."""
    against = held(console, case).against
    now = console.clock()
    if against:
        step = CaseStep(case.ref, now, who.signature, "refused", str(len(against)))
        declare(console, Said(who.operator), (step,))
        raise NotProven(against)
    closed = replace(case, closed_at=now, closed_by=who.signature)
    declare(console, Said(who.operator), (closed, CaseStep(case.ref, now, who.signature, "closed")))


def reopen_case(console: Console, case: Case, reason: str, who: Who) -> None:
    """Open a closed case again."""
    step = CaseStep(case.ref, console.clock(), who.signature, "reopened", reason)
    declare(console, Said(who.operator), (replace(case, closed_at=None, closed_by=None), step))


def withdraw_case(console: Console, case: Case, who: Who) -> None:
    """Undo an opening made by mistake: the case, its tasks and the day it entered go; the journal keeps them."""
    known = next((one for one in StoredRegister(console.practice).seen(Person).facts if one.ref == case.person), None)
    day: dict[str, Any] = {"left_on" if case.kind is CaseKind.DEPARTURE else "arrived_on": None}
    parts = (*_of(console, CaseTask, case.ref), *_of(console, CaseStep, case.ref))
    gone = [Retraction(type(part).__name__, part.ref) for part in parts]
    gone.append(Retraction(Case.__name__, case.ref))
    declare(console, Said(who.operator), (replace(known, **day),) if known else (), gone)


def held(console: Console, case: Case) -> Held:
    """Gather a case: what was signed, whose accounts stand open, and what is missing to close it."""
    known = StoredRegister(console.practice)
    tasks = tuple(sorted(_of(console, CaseTask, case.ref), key=lambda task: (task.due_on, task.key)))
    steps = tuple(sorted(_of(console, CaseStep, case.ref), key=lambda step: step.at))
    found = tuple(doors(known, case))
    if case.kind is CaseKind.ARRIVAL:
        return Held(case, tasks, steps, found, tuple(unsigned(tasks)))
    now = console.clock()
    in_hand = tuple(held_yet(known.seen(Handover).facts, case.person))
    against = (*missing(case, tasks, found, last_look(known), now), *in_hand)
    return Held(case, tasks, steps, found, against, proven_by_look(tasks, found))


def doors(known: StoredRegister, case: Case) -> Iterator[Door]:
    """The accounts of a person in every system, those that were theirs, and those that nobody holds and look so."""
    people = known.seen(Person).facts
    person = next((one for one in people if one.ref == case.person), None)
    former = [one for one in known.seen(FormerHolder).facts if one.holder == case.person]
    holders = Holders(people, {case.person: case.on}, former)
    staff = Staff(known.seen(Person))
    sources = facts.sources(known.practice)
    for kind in (Account, DirectoryAccount):
        looks = _looks(known, kind)
        statements = facts.statements(known.practice, kind, sources)
        for _, group in groupby(statements, key=lambda statement: statement.ref):
            account, said = subjects.merged(group)
            holder = staff.holder(account) if isinstance(account, DirectoryAccount) else account.holder
            likely = holder is None and person is not None and _perhaps(account, person)
            formerly = not likely and holder != case.person and any(holders.changed_hands(account))
            if holder == case.person or likely or formerly:
                door = _door(account, said, looks)
                yield replace(door, likely=likely, formerly=formerly)


def _perhaps(account: Account | DirectoryAccount, person: Person) -> bool:
    used = account.kind in (None, AccountKind.PERSON) and account.enabled is not False
    return used and resembles(account.name, person)


def _door(account: Account | DirectoryAccount, said: Iterable[facts.Statement], looks: dict[Ref, datetime]) -> Door:
    """The newest word of an instrument that could tell whether it is open; or the look that did not find it."""
    seen = [one for one in said if not one.declared]
    newest = max((one for one in seen if one.fact.enabled is not None), key=lambda one: one.source.at, default=None)
    central = isinstance(account, DirectoryAccount)
    place = account.directory if isinstance(account, DirectoryAccount) else account.host
    absent_at = looks.get(place) if place and not seen else None
    enabled, seen_at = (newest.fact.enabled, newest.source.at) if newest else (None, None)
    return Door(account.ref, enabled, seen_at, place is not None, central=central, absent_at=absent_at)


def _looks(known: StoredRegister, kind: type[Any]) -> dict[Ref, datetime]:
    """When instruments last looked at all accounts of each place."""
    found: dict[Ref, datetime] = {}
    for one in known.seen(kind).sweeps:
        if one.sweep.host and COLLECTORS[one.source.collector].voice is None:
            found[one.sweep.host] = max(one.source.at, found.get(one.sweep.host, one.source.at))
    return found


def last_look(known: StoredRegister) -> datetime | None:
    """When an instrument last brought back accounts completely: anywhere, and from every directory that is known.

    A look at one of two directories says nothing of the other: whichever was looked at first counts.
    """
    looks = {**_looks(known, Account), **_looks(known, DirectoryAccount)}
    newest = [max(looks.values(), default=None), *(looks.get(one.ref) for one in known.seen(Directory).facts)]
    told = [at for at in newest if at is not None]
    return min(told) if len(told) == len(newest) else None


def _of(console: Console, kind: type[Any], case: Ref) -> list[Any]:
    return [fact for fact in StoredRegister(console.practice).seen(kind).facts if fact.case == case]
