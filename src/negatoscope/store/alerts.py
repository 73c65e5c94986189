"""Alerts in their tables, as flows write them. Each of these is called by a writer who is alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from negatoscope.kit.canonical import sha256
from negatoscope.model.alert import AlertState, AlertStep, Part, Priority
from negatoscope.model.evidence import Ref
from negatoscope.store.models import AlertPartRow, AlertRow, AlertStepRow


@dataclass(frozen=True)
class Opening:
    """What an alert begins with."""

    mark: str
    kind: str
    code: str
    subject: Ref
    began: datetime
    due: datetime
    level: str


def digest(text: str) -> str:
    """A mark or a case as tables keep it: of any length, always as long."""
    return sha256(text.encode())


def counted(practice: int, case: str) -> tuple[int, int | None]:
    """Events of a case that were told so far, and the open alert that told them last."""
    row = (
        AlertPartRow.objects.filter(practice_id=practice, case=digest(case))
        .select_related("alert")
        .order_by("-pk")
        .first()
    )
    return (0, None) if row is None else (row.count, row.alert_id if row.alert.closed_at is None else None)


def standing(practice: int, mark: str) -> int | None:
    """The open alert that what bears this mark joins."""
    rows = AlertRow.objects.filter(practice_id=practice, mark=digest(mark), closed_at=None)
    return rows.values_list("pk", flat=True).first()


def begin(practice: int, told: Opening) -> int:
    """Open an alert; returns its number."""
    return AlertRow.objects.create(
        practice_id=practice, mark=digest(told.mark), kind=told.kind, code=told.code[:100], subject=told.subject[:300],
        began=told.began, due=told.due, last=told.began, state=AlertState.NEW, level=told.level, priority=Priority.LOW,
    ).pk  # fmt: skip


def grow(number: int, part: Part, before: int, weight: Mapping[str, Any]) -> None:
    """Add what a case tells, or take its newer word; ``part.count``: events in all; ``before``: told until now."""
    row = AlertRow.objects.get(pk=number)
    told = {
        "reason": part.reason, "at": part.at, "came": part.came, "count": part.count, "keys": list(part.keys),
        "usual": dict(part.usual), "seen": dict(part.seen),
    }  # fmt: skip
    first = {**told, "practice_id": row.practice_id, "before": before}
    AlertPartRow.objects.update_or_create(alert=row, case=digest(part.case), defaults=told, create_defaults=first)
    row.count += part.count - before
    for name, value in weight.items():
        setattr(row, name, value)
    row.save()


def change(number: int, **fields: Any) -> None:  # noqa: ANN401 -- columns of an alert
    """Give columns of an alert other values."""
    AlertRow.objects.filter(pk=number).update(**fields)


def open_again(practice: int, number: int) -> bool:
    """Take back that an alert was closed, if nothing like it is open; its history keeps what was said."""
    row = AlertRow.objects.filter(practice_id=practice, pk=number).exclude(closed_at=None).first()
    if row is None or AlertRow.objects.filter(practice_id=practice, mark=row.mark, closed_at=None).exists():
        return False
    change(number, state=AlertState.TAKEN, closed_at=None, closed_by="", outcome="", conclusion="")
    return True


def note(number: int, step: AlertStep, at: datetime, **more: Any) -> None:  # noqa: ANN401 -- columns of a step
    """Write a line of history. Raises IntegrityError for a step of time that was taken already."""
    AlertStepRow.objects.create(alert_id=number, step=step, at=at, **more)


def taken(numbers: Iterable[int]) -> dict[int, frozenset[AlertStep]]:
    """Steps that time took of each of these, up to now."""
    rows = AlertStepRow.objects.filter(alert_id__in=list(numbers)).exclude(once=None).values_list("alert_id", "once")
    found: dict[int, set[AlertStep]] = {}
    for number, once in rows:
        found.setdefault(number, set()).add(AlertStep(str(once)))
    return {number: frozenset(steps) for number, steps in found.items()}
