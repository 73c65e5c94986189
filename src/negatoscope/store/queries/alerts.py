"""Alerts as pages, the watch and the judge read them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Max, Q

from negatoscope.model.alert import Alert, AlertOutcome, AlertState, AlertStep, Part, Priority, Told
from negatoscope.store.models import AlertPartRow, AlertRow, AlertStepRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick

EVERY = "all"
"""Asked for as a state: whatever it is."""
REACH = Reach(
    searched=("code", "subject", "owner"),
    sorted={"due": "due", "count": "count", "owner": "owner", "began": "began", "state": "state"},
    filtered={"etat": "state", "priorite": "priority", "quoi": "code"},
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What alerts of one rule or behaviour turned out to be, in numbers of alerts."""

    open: int
    true: int
    false: int
    benign: int
    last_at: datetime | None
    """When the last of them was closed."""


def alert(practice: int, number: int) -> Alert | None:
    """One alert."""
    row = AlertRow.objects.filter(practice_id=practice, pk=number).first()
    return _alert(row) if row else None


def page(practice: int, ask: Ask) -> Found[Alert]:
    """A page of alerts; those that are closed only when they are asked for, by their state or with all others."""
    rows = AlertRow.objects.filter(practice_id=practice)
    wanted = ask.only.get("etat")
    if not wanted:
        rows = rows.filter(closed_at=None)
    if wanted == EVERY:
        ask = replace(ask, only={name: value for name, value in ask.only.items() if name != "etat"})
    return pick(rows, ask, REACH, _alert)


def standing(practice: int) -> list[Alert]:
    """Every open alert, the one due first before the others."""
    rows = AlertRow.objects.filter(practice_id=practice, closed_at=None)
    return [_alert(row) for row in rows.order_by("due", "pk")]


def since(practice: int, at: datetime) -> list[Alert]:
    """Open alerts, and those that were closed since then, by number."""
    rows = AlertRow.objects.filter(practice_id=practice).filter(Q(closed_at=None) | Q(closed_at__gte=at))
    return [_alert(row) for row in rows.order_by("pk")]


def ever(practice: int) -> bool:
    """Whether there was any alert yet."""
    return AlertRow.objects.filter(practice_id=practice).exists()


def codes(practice: int) -> list[str]:
    """What alerts were raised by."""
    rows = AlertRow.objects.filter(practice_id=practice).values_list("code", flat=True).distinct()
    return sorted(rows)


def outcomes(practice: int, since: datetime | None = None) -> dict[tuple[str, str], Outcomes]:
    """By kind and code: how many are open, and what those closed (since then) turned out to be."""
    rows = AlertRow.objects.filter(practice_id=practice)
    if since is not None:
        rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=since))
    counted = rows.values_list("kind", "code").annotate(
        standing=Count("pk", filter=Q(closed_at=None)),
        true=Count("pk", filter=Q(outcome=AlertOutcome.TRUE)),
        false=Count("pk", filter=Q(outcome=AlertOutcome.FALSE)),
        benign=Count("pk", filter=Q(outcome=AlertOutcome.BENIGN)),
        last_at=Max("closed_at"),
    )
    return {(kind, code): Outcomes(*numbers) for kind, code, *numbers in counted}


def concluded(practice: int, kind: str, code: str, most: int) -> list[Alert]:
    """The last alerts of one rule or behaviour that were closed: what each was, and why somebody said so."""
    rows = AlertRow.objects.filter(practice_id=practice, kind=kind, code=code).exclude(closed_at=None)
    return [_alert(row) for row in rows.order_by("-closed_at", "-pk")[:most]]


def alike(practice: int, one: Alert) -> list[Alert]:
    """Other open alerts of the same rule or behaviour, the one due first before the others."""
    rows = AlertRow.objects.filter(practice_id=practice, kind=one.kind, code=one.code, closed_at=None)
    return [_alert(row) for row in rows.exclude(pk=one.number).order_by("due", "pk")]


def together(practice: int, one: Alert) -> list[int]:
    """Alerts that were closed with this one, itself among them; none while it is open."""
    rows = AlertRow.objects.filter(practice_id=practice, closed_at=one.closed_at, closed_by=one.closed_by)
    return list(rows.order_by("pk").values_list("pk", flat=True)) if one.closed_at else []


def parts(number: int) -> list[Part]:
    """What an alert is made of, the newest first."""
    return [
        Part(row.case, row.reason, row.at, row.came, row.count - row.before, tuple(row.keys), row.usual, row.seen)
        for row in AlertPartRow.objects.filter(alert_id=number).order_by("-at", "-pk")
    ]


def reasons(numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """What the detector said of each of these alerts."""
    rows = AlertPartRow.objects.filter(alert_id__in=list(numbers)).values_list("alert_id", "reason").distinct()
    told: dict[int, set[str]] = {}
    for number, reason in rows:
        told.setdefault(number, set()).add(reason)
    return {number: tuple(sorted(said)) for number, said in told.items()}


def titles(numbers: Iterable[int]) -> dict[int, str]:
    """What the rule that raised each of these is called, where it says so (``title`` of what was seen)."""
    rows = AlertPartRow.objects.filter(alert_id__in=list(numbers)).order_by("pk").values_list("alert_id", "seen")
    return {number: str(seen["title"]) for number, seen in rows if seen.get("title")}


def history(number: int) -> list[Told]:
    """What became of an alert, in order."""
    return [
        Told(row.at, AlertStep(row.step), row.who, row.note, row.reached)
        for row in AlertStepRow.objects.filter(alert_id=number).order_by("at", "pk")
    ]


def _alert(row: AlertRow) -> Alert:
    return Alert(
        number=row.pk,
        kind=row.kind,
        code=row.code,
        subject=row.subject,
        level=row.level,
        priority=Priority(row.priority),
        because=tuple(row.because),
        began=row.began,
        due=row.due,
        state=AlertState(row.state),
        count=row.count,
        last=row.last,
        owner=row.owner,
        taken_at=row.taken_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        outcome=AlertOutcome(row.outcome) if row.outcome else None,
        conclusion=row.conclusion,
    )
