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
from negatoscope.judge.leavers import Door, missing, proven_by_look, resembles, unsigned
from negatoscope.judge.returning import held_yet
from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.cases import Case, CaseKind, CaseStep, CaseTask, RoleTemplate, TaskKind
from negatoscope.model.directory import Directory, DirectoryAccount
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.judgement import Doubt
from negatoscope.model.keys import Handover
from negatoscope.model.people import Person
from negatoscope.register.merge import combine
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
    person = next((one for one in known.seen(Person).facts if one.ref == case.person), None)
    tasks = tuple(sorted(_of(console, CaseTask, case.ref), key=lambda task: (task.due_on, task.key)))
    steps = tuple(sorted(_of(console, CaseStep, case.ref), key=lambda step: step.at))
    found = tuple(doors(console, case.person, person))
    if case.kind is CaseKind.ARRIVAL:
        return Held(case, tasks, steps, found, tuple(unsigned(tasks)))
    now = console.clock()
    in_hand = tuple(held_yet(known.seen(Handover).facts, case.person))
    against = (*missing(case, tasks, found, last_look(console), now), *in_hand)
    return Held(case, tasks, steps, found, against, proven_by_look(tasks, found))


def doors(console: Console, holder: Ref, person: Person | None) -> Iterator[Door]:
    """The accounts of a person in every system, and those that nobody holds and that look like theirs."""
    sources = facts.sources(console.practice)
    for kind in (Account, DirectoryAccount):
        statements = facts.statements(console.practice, kind, sources)
        for ref, group in groupby(statements, key=lambda statement: statement.ref):
            said = sorted(group, key=subjects.weight, reverse=True)
            merged: Any = combine([one.fact for one in said], sum(not one.declared for one in said))
            likely = merged.holder is None and person is not None and _perhaps(merged, person)
            if merged.holder == holder or likely:
                yield _door(ref, merged, said, likely=likely)


def _perhaps(account: Any, person: Person) -> bool:  # noqa: ANN401 -- an account of a host or of a directory
    used = account.kind in (None, AccountKind.PERSON) and account.enabled is not False
    return used and resembles(account.name, person)


def _door(ref: Ref, account: Any, said: Iterable[facts.Statement], *, likely: bool) -> Door:  # noqa: ANN401 -- either kind
    """The newest word of an instrument that could tell whether it is open."""
    told = [one for one in said if not one.declared and one.fact.enabled is not None]
    newest = max(told, key=lambda one: one.source.at, default=None)
    central = isinstance(account, DirectoryAccount)
    measurable = central or account.host is not None
    if newest is None:
        return Door(ref, None, None, measurable, likely, central)
    return Door(ref, newest.fact.enabled, newest.source.at, measurable, likely, central)


def last_look(console: Console) -> datetime | None:
    """When an instrument last brought back accounts completely: anywhere, and from every directory that is known.

    A look at one of two directories says nothing of the other: whichever was looked at first counts.
    """
    known = StoredRegister(console.practice)
    swept = [*known.seen(Account).sweeps, *known.seen(DirectoryAccount).sweeps]
    looks = [one for one in swept if COLLECTORS[one.source.collector].voice is None]
    newest = [max((one.source.at for one in looks), default=None)]
    for directory in known.seen(Directory).facts:
        there = (one.source.at for one in looks if one.sweep.host == directory.ref)
        newest.append(max(there, default=None))
    told = [at for at in newest if at is not None]
    return min(told) if len(told) == len(newest) else None


def _of(console: Console, kind: type[Any], case: Ref) -> list[Any]:
    return [fact for fact in StoredRegister(console.practice).seen(kind).facts if fact.case == case]
