"""What came, went and moved on the drawing of the network between two instants, as the register's history tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from negatoscope.store.models import ChangeRow, SubjectRow

MOVES: Mapping[str, frozenset[str]] = {
    "Host": frozenset({"addresses", "host_class"}),
    "Network": frozenset(),
    "Zone": frozenset({"networks", "kind", "gateway"}),
    "InternetAccess": frozenset({"router"}),
    "Partner": frozenset({"means"}),
    "Neighbour": frozenset({"system", "remote_port"}),
    "Service": frozenset({"encrypted", "reachable"}),
    "DicomNode": frozenset({"ae_title", "encrypted"}),
    "AllowedFlow": frozenset(),
    "CriticalPoint": frozenset(),
}
"""Kinds that the drawing shows, and the fields of which a change moves something on it."""
AT_MOST = 2000
Sort = Literal["new", "gone", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``before`` and ``after``: what a move changed, by field."""

    sort: Sort
    kind: str
    ref: str
    host: str
    at: datetime
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def between(practice: int, since: datetime, until: datetime) -> list[Change]:
    """Everything that differs, the newest first; what came and went in between may be told as gone alone."""
    kinds = list(MOVES)
    found = [
        Change("new", row.kind, row.ref, row.host, row.since, {}, {})
        for row in SubjectRow.objects.filter(practice_id=practice, kind__in=kinds, since__gt=since, since__lte=until)
        .defer("body", "keys", "search")
        .order_by("-since", "ref")[:AT_MOST]
    ]
    came = {(one.kind, one.ref) for one in found}
    moved: dict[tuple[str, str], Change] = {}
    rows = ChangeRow.objects.filter(
        practice_id=practice, kind__in=kinds, observation__ended__gt=since, observation__ended__lte=until
    ).select_related("observation")
    for row in rows.order_by("pk"):
        key, at = (row.kind, row.ref), row.observation.ended
        if not row.values:
            moved.pop(key, None)
            found.append(Change("gone", row.kind, row.ref, row.host, at, {}, {}))
        elif key not in came:
            _move(moved, row, at)
    found += [one for one in moved.values() if one.before != one.after]
    return sorted(found, key=lambda one: (one.at, one.kind, one.ref), reverse=True)[:AT_MOST]


def _move(moved: dict[tuple[str, str], Change], row: ChangeRow, at: datetime) -> None:
    """Add one step to what is known of a subject's move: the first word before, the last word after."""
    steps = {name: pair for name, pair in row.values.items() if name in MOVES[row.kind]}
    if not steps:
        return
    known = moved.get((row.kind, row.ref))
    before = {name: pair[0] for name, pair in steps.items()} | dict(known.before if known else {})
    after = dict(known.after if known else {}) | {name: pair[1] for name, pair in steps.items()}
    moved[row.kind, row.ref] = Change("moved", row.kind, row.ref, row.host, at, before, after)
