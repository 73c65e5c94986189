"""The action plan: repairs are promised, moved on by people, and closed or opened again by judgements."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.actions import Action, ActionState, ActionStep
from negatoscope.model.evidence import Ref, Retraction
from negatoscope.model.judgement import Judgement
from negatoscope.prove.following import CONSOLE, followed
from negatoscope.store.queries import register

ACT = "action"


@dataclass(frozen=True)
class Promise:
    """What somebody takes on: who, until when, at what cost (whole euros, each), and a word about it."""

    owner: str
    due_on: date
    cost: int | None = None
    note: str = ""


def planned(practice: int) -> list[Action]:
    """Every repair of the plan."""
    return [told.fact for told in register.of_kind(practice, Action.__name__)]


def plan(console: Console, operator: str, control: str, subjects: Iterable[Ref], promise: Promise) -> int:
    """Promise the repair of each subject; those that have a repair already keep it. Returns how many are new."""
    known = {(one.control, one.subject) for one in planned(console.practice)}
    step = ActionStep(console.clock(), operator, ActionState.OPEN, promise.note)
    fresh = [
        Action(control, subject, promise.owner, promise.due_on, ActionState.OPEN, (step,), promise.cost)
        for subject in dict.fromkeys(subjects)
        if (control, subject) not in known
    ]
    if fresh:
        declare(console, Said(operator, ACT), fresh)
    return len(fresh)


def move(console: Console, operator: str, action: Action, state: ActionState, promise: Promise) -> None:
    """Keep a step of a repair: another state, owner, date or cost, and what is said of it."""
    step = ActionStep(console.clock(), operator, state, promise.note)
    changed = replace(
        action,
        owner=promise.owner,
        due_on=promise.due_on,
        cost=promise.cost,
        state=state,
        steps=(*action.steps, step),
        proof=(),
    )
    declare(console, Said(operator, ACT), (changed,))


def drop(console: Console, operator: str, action: Action) -> None:
    """Take a repair out of the plan; its history stays in the journal."""
    declare(console, Said(operator, ACT), (), (Retraction(Action.__name__, action.ref),))


def follow(console: Console, judgement: Judgement) -> int:
    """Close and open again what a judgement settles; returns how many repairs changed."""
    changed = list(followed(planned(console.practice), judgement))
    if changed:
        declare(console, Said(CONSOLE, ACT), changed)
    return len(changed)
