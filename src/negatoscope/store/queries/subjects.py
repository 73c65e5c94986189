"""Subjects of any kind, sorted, filtered, searched and paged by the database: two queries, whatever the size."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import OrderBy

from negatoscope.model.kinds import KINDS
from negatoscope.store.models import ChangeRow, SubjectRow
from negatoscope.store.queries.paging import Ask, Found
from negatoscope.store.subjects import plain

UNKNOWN = "?"
"""Asked of a filter: the field that nobody knows."""
KNOWN = "!"
"""Asked of a filter: the field, whatever it is."""
MOST_LED_TO = 200
"""Subjects of another kind that one search looks through."""
COLUMNS = {"ref": "ref", "at": "at", "seen": "seen", "since": "since", "host": "host"}
"""What every subject has, whatever its kind."""
HEAD = "/"
"""What ends the head of a place, asked of a filter by place: ``host/`` is any host."""
NOWHERE = "-"
"""Asked of a filter by place: neither on a host nor in a directory."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject, what all voices say of it made one, and when it was last told of."""

    ref: str
    host: str
    fact: Any
    at: datetime
    declared: bool
    seen: datetime | None
    since: datetime


@dataclass(frozen=True)
class Within:
    """Which subjects a list shows, and what its names stand for."""

    fields: dict[str, str] = field(default_factory=dict)
    """Field of the fact, or of every subject, by the name that addresses use for sorting and filtering."""
    meaning: tuple[tuple[str, str], ...] = ()
    """Fields and codes whose label holds what is searched: « imprimante » is ``host_class`` ``printer``."""
    through: dict[str, str] = field(default_factory=dict)
    """Kinds that a search looks through, by the field that leads there: an account is found by its holder's name."""


def page(practice: int, kinds: Collection[str], ask: Ask, within: Within) -> Found[Subject]:
    """A page of the subjects of these kinds."""
    rows = SubjectRow.objects.filter(practice_id=practice, kind__in=kinds)
    only = [_only(within.fields.get(name, name), value) for name, value in ask.only.items()]
    rows = rows.filter(_searched(practice, ask, within), *only)
    total = rows.count()
    return Found(tuple(map(_subject, _cut(rows, ask, within, total))), total)


def _cut(rows: QuerySet[SubjectRow], ask: Ask, within: Within, total: int) -> list[SubjectRow]:
    """Sort names alone, and from the nearer end: the last page costs what the first does."""
    start, stop = min(ask.start, total), total if ask.stop is None else min(ask.stop, total)
    if start <= total - stop:
        order = _order(ask, within)
        chosen = rows.order_by(*order).values("pk")[start:stop]
        return list(SubjectRow.objects.filter(pk__in=chosen).order_by(*order))
    order = _order(ask, within, backwards=True)
    chosen = rows.order_by(*order).values("pk")[total - stop : total - start]
    return list(SubjectRow.objects.filter(pk__in=chosen).order_by(*order))[::-1]


def several(practice: int, refs: Collection[str]) -> dict[str, Subject]:
    """These subjects, by name: what the rows of a page refer to, in one query."""
    rows = SubjectRow.objects.filter(practice_id=practice, ref__in=list(refs)) if refs else SubjectRow.objects.none()
    return {row.ref: _subject(row) for row in rows}


def held_by(practice: int, person: str, kinds: Collection[str]) -> list[str]:
    """The subjects of these kinds that a person answers for, by name."""
    rows = SubjectRow.objects.filter(practice_id=practice, holder=person, kind__in=list(kinds))
    return list(rows.order_by("ref").values_list("ref", flat=True))


def bearing(practice: int, kind: str, marks: Mapping[str, Collection[str]], **only: str) -> list[Subject]:
    """The subjects of a kind that bear one of these values in one of these fields: a number, a mail address."""
    any_of = Q(pk__in=())
    for name, values in marks.items():
        any_of |= Q(**{f"keys__{name}__in": [plain(value) for value in values]})
    return list(map(_subject, SubjectRow.objects.filter(any_of, practice_id=practice, kind=kind, **only)))


def counted(practice: int, kinds: Collection[str], name: str, values: Collection[str]) -> dict[str, int]:
    """How many subjects of these kinds have each of these values in a field: accounts by holder."""
    sought = {plain(value): value for value in values}
    rows = SubjectRow.objects.filter(practice_id=practice, kind__in=kinds, **{f"keys__{name}__in": list(sought)})
    told = rows.order_by().values_list(f"keys__{name}").annotate(many=Count("id"))
    return {sought[value]: many for value, many in told}


def count(practice: int, kind: str) -> int:
    """How many subjects of a kind there are."""
    return SubjectRow.objects.filter(practice_id=practice, kind=kind).count()


@dataclass(frozen=True, slots=True)
class Change:
    """What one look or word changed of a subject; ``values`` is empty where it ended."""

    kind: str
    ref: str
    values: dict[str, tuple[Any, Any]]
    sequence: int
    collector: str
    operator: str
    at: datetime


def changes(practice: int, ref: str, *, held: bool = False, limit: int = 50) -> list[Change]:
    """What changed of a subject, newest first; ``held``: and of all that this host holds."""
    whose = Q(ref=ref) | Q(host=ref) if held else Q(ref=ref)
    rows = ChangeRow.objects.filter(whose, practice_id=practice).select_related("observation").order_by("-id")
    return [
        Change(
            row.kind,
            row.ref,
            {name: (before, after) for name, (before, after) in row.values.items()},
            row.observation.sequence,
            row.observation.collector,
            row.observation.operator,
            row.observation.ended,
        )
        for row in rows[:limit]
    ]


def _searched(practice: int, ask: Ask, within: Within) -> Q:
    words = plain(ask.search).split()
    if not words:
        return Q()
    holds = Q(*(Q(search__contains=word) for word in words))
    wanted = holds
    for name, code in within.meaning:
        wanted |= Q(**{f"keys__{name}": code})
    for name, kind in within.through.items():
        rows = SubjectRow.objects.filter(holds, practice_id=practice, kind=kind).values_list("ref", flat=True)
        wanted |= Q(**{f"keys__{name}__in": [plain(ref) for ref in rows[:MOST_LED_TO]]})
    return wanted


def _only(name: str, value: str) -> Q:
    if name == "declared":
        return Q(declared=value == "true")
    if name == "place":
        return _placed(value)
    if value in {UNKNOWN, KNOWN}:
        return Q(**{f"keys__{name}__isnull": value == UNKNOWN})
    if value in {"true", "false"}:
        return Q(**{f"keys__{name}": value == "true"})
    return Q(**{f"keys__{name}": plain(value)})


def _placed(value: str) -> Q:
    if value == NOWHERE:
        return Q(host="")
    return Q(host__startswith=value) if value.endswith(HEAD) else Q(host=value)


def _order(ask: Ask, within: Within, *, backwards: bool = False) -> tuple[OrderBy, ...]:
    """What is unknown comes last, whichever way; ``backwards``: the very same order from its end."""
    name = within.fields.get(ask.order, ask.order) if ask.order else "ref"
    by = F(COLUMNS.get(name, f"keys__{name}"))
    if backwards:
        way = by.asc(nulls_first=True) if ask.descending else by.desc(nulls_first=True)
        return way, F("ref").desc(), F("pk").desc()
    way = by.desc(nulls_last=True) if ask.descending else by.asc(nulls_last=True)
    return way, F("ref").asc(), F("pk").asc()


def _subject(row: SubjectRow) -> Subject:
    fact = msgspec.json.decode(row.body, type=KINDS[row.kind])
    return Subject(row.ref, row.host, fact, row.at, row.declared, row.seen, row.since)


__all__ = ["Change", "Subject", "Within", "changes", "count", "counted", "held_by", "page", "plain", "several"]
