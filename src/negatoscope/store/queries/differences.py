"""Differences between what was declared and what was seen, a few queries whatever the size."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import QuerySet

from negatoscope.model.evidence import Source
from negatoscope.model.hosts import Host
from negatoscope.model.kinds import KINDS
from negatoscope.model.memory import combine
from negatoscope.store import aliases
from negatoscope.store.models import FactRow, GapRow, SubjectRow, SweepRow
from negatoscope.store.subjects import DRIFT

HOST = Host.__name__


@dataclass(frozen=True, slots=True)
class Question:
    """Two hosts that may be one: which marks agree, which contradict, and which look asks."""

    host: str
    other: str
    agreed: tuple[str, ...]
    differs: tuple[str, ...]
    sequence: int
    at: datetime


def looked(practice: int) -> bool:
    """Whether an instrument ever saw a host: until then there is nothing to compare."""
    return FactRow.objects.filter(practice_id=practice, kind=HOST, declared=False).exists()


def questions(practice: int) -> list[Question]:
    """Pairs of hosts that a person must join or tell apart, each once, the newest first."""
    known = aliases.leading(practice)
    rows = GapRow.objects.filter(practice_id=practice, why="identity_conflict").select_related("observation")
    found: dict[frozenset[str], Question] = {}
    for row in rows.order_by("-id"):
        other = row.values.get("other", "")
        other = known.get(other, other)
        pair = frozenset((row.host, other))
        if other and len(pair) > 1 and pair not in found:
            agreed, differs = (tuple(row.values.get(name, "").split()) for name in ("agreed", "differs"))
            look = row.observation
            found[pair] = Question(row.host, other, agreed, differs, look.sequence, look.ended)
    names = {name for pair in found for name in pair}
    there = set(_hosts(practice).filter(ref__in=names).values_list("ref", flat=True)) if names else set()
    return [one for pair, one in found.items() if pair <= there]


@dataclass(frozen=True, slots=True)
class Listed:
    """One host, and when it was first and last seen."""

    fact: Host
    since: datetime
    seen: datetime | None


def unknown(practice: int, limit: int) -> tuple[list[Listed], int]:
    """Hosts that instruments saw and nobody declared: the newest, and how many."""
    rows = _hosts(practice).filter(declared=False)
    return [_listed(row) for row in rows.order_by("-since", "ref")[:limit]], rows.count()


def long_unseen(practice: int, before: datetime) -> Iterator[Listed]:
    """Declared hosts that no instrument saw since ``before``, or ever."""
    rows = _hosts(practice).filter(declared=True)
    for row in rows.exclude(seen__gte=before).order_by("ref"):
        yield _listed(row)


def passages(practice: int) -> list[tuple[str, datetime]]:
    """Each network looked through for hosts, and when last."""
    rows = SweepRow.objects.filter(practice_id=practice, kind=HOST).exclude(network="").order_by("network")
    return list(rows.values_list("network", "observation__ended"))


@dataclass(frozen=True, slots=True)
class Drifted:
    """A host of which instruments say otherwise than people."""

    ref: str
    names: tuple[str, ...]
    declared: Host
    measured: Host
    source: Source


def drifted(practice: int, limit: int) -> tuple[list[Drifted], int]:
    """Hosts that instruments contradict, with both words; and how many there are."""
    rows = _hosts(practice).filter(**{f"keys__{DRIFT}__isnull": False})
    names = {row.ref: tuple(row.keys[DRIFT].split()) for row in rows.order_by("ref")[:limit]}
    said: dict[str, list[FactRow]] = {}
    facts = FactRow.objects.filter(practice_id=practice, kind=HOST, ref__in=list(names)).select_related("observation")
    for one in facts.order_by("-observation__ended"):
        said.setdefault(one.ref, []).append(one)
    return [_drifted(ref, names[ref], said[ref]) for ref in names], rows.count()


def _drifted(ref: str, names: tuple[str, ...], said: list[FactRow]) -> Drifted:
    declared, measured = (
        combine([msgspec.json.decode(one.body, type=KINDS[HOST]) for one in said if one.declared is who])
        for who in (True, False)
    )
    look = next(one.observation for one in said if not one.declared)
    return Drifted(ref, names, declared, measured, Source(look.digest, look.ended, look.collector))


def joined(practice: int, host: str) -> list[str]:
    """Other names that people said are this host."""
    return sorted(name for name, leader in aliases.leading(practice).items() if leader == host)


def told_apart(practice: int, host: str) -> list[str]:
    """Names that people said are another host than this one."""
    rows = FactRow.objects.filter(practice_id=practice, kind="NotSameHost", body__contains=f'"{host}"')
    pairs = [msgspec.json.decode(body, type=KINDS["NotSameHost"]) for body in rows.values_list("body", flat=True)]
    return sorted(
        name for one in pairs if host in (one.host, one.other) for name in (one.host, one.other) if name != host
    )


def _hosts(practice: int) -> QuerySet[SubjectRow]:
    return SubjectRow.objects.filter(practice_id=practice, kind=HOST)


def _listed(row: SubjectRow) -> Listed:
    return Listed(msgspec.json.decode(row.body, type=Host), row.since, row.seen)
