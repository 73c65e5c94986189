"""What people who left must hand back: two records tell of it, and the worse word wins. Pure.

The list of hand-overs says where each key and badge is; the departure's case says what was asked and who signed for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from negatoscope.judge.shapes import Said, unread
from negatoscope.model.cases import CaseKind, CaseTask, TaskKind
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.keys import Handover, HandoverState

BACK = frozenset({HandoverState.RETURNED, HandoverState.DISABLED})


def names(ref: Ref, head: str) -> bool:
    """Whether a reference is of this kind: ``key``, ``person``."""
    return ref.startswith(f"{head}/")


def not_back(handovers: Iterable[Handover], gone: Mapping[Ref, date], staff: frozenset[Ref]) -> Said:
    """Keys and badges still in the hands of somebody who left, or who is listed nowhere."""
    for one in handovers:
        if not names(one.item, "key") or not names(one.holder, "person") or one.state in BACK:
            continue
        if one.holder in gone:
            values = {"holder": one.holder, "left": f"{gone[one.holder]:%Y-%m-%d}"}
            yield Finding(one.ref, "not_handed_back", values) if one.state else unread(one.ref, "handover_state")
        elif one.holder not in staff:
            yield Finding(one.ref, "held_by_nobody_listed") if one.state else unread(one.ref, "handover_state")


def asked_back(tasks: Iterable[CaseTask], holder: Ref) -> tuple[CaseTask, ...]:
    """What the case of a departure asks somebody to hand back."""
    case = f"case/{holder.removeprefix('person/')}/{CaseKind.DEPARTURE.value}"
    return tuple(task for task in tasks if task.case == case and task.kind is TaskKind.THING)


def unsigned_returns(tasks: Iterable[CaseTask], holder: Ref) -> Said:
    """Things asked back that nobody signed for; one begun and not signed whole is a doubt."""
    for task in asked_back(tasks, holder):
        if not task.signed:
            begun = task.done_at is not None or task.done_by is not None
            yield (Doubt if begun else Finding)(holder, "not_returned", {"task": task.what})


def held_yet(handovers: Iterable[Handover], holder: Ref) -> Iterator[Doubt]:
    """What stands in the hands of one person: against closing their departure."""
    for one in handovers:
        if one.holder == holder and names(one.item, "key") and one.state not in BACK:
            yield Doubt(one.ref, "still_in_hand")
