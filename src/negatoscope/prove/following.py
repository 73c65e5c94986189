"""What a judgement does to planned repairs: it closes those whose subject is no longer wrong, and opens them again."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from negatoscope.model.actions import Action, ActionState, ActionStep
from negatoscope.model.evidence import PLACES, Ref
from negatoscope.model.judgement import ControlResult, Doubt, Judgement
from negatoscope.model.verdict import Verdict

CONSOLE = "console"
PRACTICE = "practice"
EVERYWHERE = frozenset({"control_crashed", "gap", "list_open", "stale"})
"""Doubts on the whole practice after which nobody knows what a control would have found. That there may be hosts
or directories unheard of is none of them: it hides nothing of a subject that was known."""
HEARD_OF = frozenset({"Directory"})
"""Lists that, open, hide nothing of what is known already."""


def followed(actions: Iterable[Action], judgement: Judgement) -> Iterator[Action]:
    """The repairs that this judgement changes, as they are after it."""
    results = {result.id: result for rule in judgement.rules for result in rule.controls}
    for action in actions:
        result = results.get(action.control)
        if result is not None and action.steps[-1].at < judgement.at:
            changed = _after(action, result, judgement.at)
            if changed:
                yield changed


def _after(action: Action, result: ControlResult, at: datetime) -> Action | None:
    """A repair is closed only by a look: a subject that became doubtful, a control without evidence close nothing."""
    wrong = any(one.subject == action.subject for one in result.findings)
    doubtful = any(_hides(one, action.subject) for one in result.doubts)
    seen = bool(result.evidence) or result.verdict is Verdict.NOT_APPLICABLE
    if action.state is ActionState.CLOSED:
        return _step(action, ActionState.REOPENED, "returned", at, ()) if wrong else None
    if wrong or doubtful or not seen:
        return None
    return _step(action, ActionState.CLOSED, "gone", at, result.evidence)


def _hides(doubt: Doubt, subject: Ref) -> bool:
    """Whether a doubt may be why a subject is no longer found wrong: on itself, on its place, or on everything."""
    kind, _, name = doubt.subject.partition("/")
    if doubt.subject == subject:
        return True
    if doubt.subject == PRACTICE:
        return doubt.reason in EVERYWHERE and doubt.values.get("kind") not in HEARD_OF
    return kind in PLACES and subject.partition("/")[2].startswith(f"{name}/")


def _step(action: Action, state: ActionState, code: str, at: datetime, proof: tuple[str, ...]) -> Action:
    step = ActionStep(at, CONSOLE, state, code=code)
    return replace(action, state=state, steps=(*action.steps, step), proof=proof)
