"""Hosts told under another's name: rows are turned over when a person decides, and back when the decision goes."""

from collections.abc import Collection
from typing import Any

import msgspec
from django.db.models import Q

from negatoscope.model.aliases import Leaders, SameHost, leaders
from negatoscope.model.evidence import Ref
from negatoscope.model.kinds import KINDS
from negatoscope.store.facts import Subject, Told, row
from negatoscope.store.models import FactRow, GapRow, SoftwareRow, SweepRow

DECISIONS = frozenset({"SameHost", "NotSameHost"})


def leading(practice: int) -> Leaders:
    """Who answers for whom, as people decided."""
    bodies = FactRow.objects.filter(practice_id=practice, kind=SameHost.__name__).values_list("body", flat=True)
    decode = msgspec.json.Decoder(SameHost).decode
    return leaders(map(decode, bodies))


def repoint(told: Told, touched: Collection[Subject]) -> set[Subject]:
    """Tell facts under the names that answer since these decisions; returns every subject that this moves."""
    if not any(kind in DECISIONS for kind, _ in touched):
        return set()
    practice = told.observation.practice_id
    now = leading(practice)
    names = {*told.leaders, *now}
    moved = {name for name in names if told.leaders.get(name, name) != now.get(name, name)}
    _settled(practice, touched)
    subjects: set[Subject] = set()
    for name in sorted(moved):
        was, becomes = told.leaders.get(name, name), now.get(name, name)
        subjects |= _turn_facts(practice, {name, was}, now)
        _turn_plain(practice, (name, was, becomes))
    return subjects


def _turn_facts(practice: int, names: Collection[Ref], now: Leaders) -> set[Subject]:
    """Make the rows that speak of these names again, from what was told under own names."""
    speaking = Q()
    for name in names:
        quoted, below = f'"{name}"', f"/{name.removeprefix('host/')}/"
        speaking |= Q(host=name) | Q(ref=name) | Q(body__contains=quoted) | Q(told__contains=quoted)
        speaking |= Q(own__contains=below)
    subjects = set()
    for old in FactRow.objects.filter(speaking, practice_id=practice).select_related("observation"):
        fact: Any = msgspec.json.decode(old.told or old.body, type=KINDS[old.kind])
        new = row(Told(old.observation, old.declared, now), fact)
        subjects |= {(old.kind, old.ref), (new.kind, new.ref)}
        FactRow.objects.filter(pk=old.pk).update(ref=new.ref, host=new.host, body=new.body, told=new.told)
    return subjects


def _turn_plain(practice: int, turn: tuple[Ref, Ref, Ref]) -> None:
    """Software, sweeps and gaps of a host move whole."""
    name, was, becomes = turn
    own = "" if becomes == name else name
    for table in (SoftwareRow, SweepRow, GapRow):
        rows: Any = table.objects.filter(practice_id=practice, host=was, own="" if was == name else name)
        rows.update(host=becomes, own=own)


def _settled(practice: int, touched: Collection[Subject]) -> None:
    """The question is answered: its gaps end, whoever asked it. A look asks again if it still must."""
    decided = FactRow.objects.filter(
        practice_id=practice, kind__in=DECISIONS, ref__in=[ref for kind, ref in touched if kind in DECISIONS]
    )
    for kind, body in decided.values_list("kind", "body"):
        one = msgspec.json.decode(body, type=KINDS[kind])
        for host, other in ((one.host, one.other), (one.other, one.host)):
            open_gaps = GapRow.objects.filter(practice_id=practice, why="identity_conflict")
            open_gaps.filter(Q(host=host) | Q(own=host), values__other=other).delete()
