"""Verdicts as pages show them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import zstandard
from django.db.models import Count, Max, Q

from negatoscope.model.judgement import ControlResult
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store import judgements
from negatoscope.store.models import JudgementRow, ObservationRow, RuleResultRow


@dataclass(frozen=True, slots=True)
class Film:
    """One rule's verdict, without its controls."""

    rule: str
    number: int
    verdict: Verdict
    proof: Proof | None
    oldest: datetime | None
    settled: int
    total: int
    findings: int
    doubts: int


@dataclass(frozen=True, slots=True)
class LightBox:
    """Forty films at one instant."""

    sequence: int
    at: datetime
    digest: str
    films: tuple[Film, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """How many films stood where, at the last judgement of a day."""

    day: date
    passed: int
    failed: int
    unproven: int


@dataclass(frozen=True, slots=True)
class Past:
    """What a rule's verdict became at some instant."""

    sequence: int
    at: datetime
    verdict: Verdict
    settled: int
    total: int
    findings: int


def light_box(practice: int) -> LightBox | None:
    """The newest judgement, in two queries whatever its size."""
    last = _last(practice)
    if last is None:
        return None
    rows = RuleResultRow.objects.filter(judgement=last, number__gt=0).defer("controls").order_by("number")
    return LightBox(last.sequence, last.at, last.digest, tuple(_film(row) for row in rows))


def preamble(practice: int) -> Film | None:
    """R0 of the newest judgement, without its controls."""
    last = _last(practice)
    row = RuleResultRow.objects.filter(judgement=last, number=0).defer("controls").first() if last else None
    return _film(row) if row else None


def behind(practice: int) -> bool:
    """Whether something was observed or declared since the newest judgement."""
    last = JudgementRow.objects.filter(practice_id=practice).aggregate(top=Max("sequence"))["top"]
    return last is not None and ObservationRow.objects.filter(practice_id=practice, sequence__gt=last).exists()


def film(practice: int, number: int) -> tuple[Film, tuple[ControlResult, ...], datetime] | None:
    """One rule of the newest judgement with its controls, and when it was judged."""
    last = _last(practice)
    row = RuleResultRow.objects.filter(judgement=last, number=number).first() if last else None
    return (_film(row), judgements.controls(row.controls), last.at) if row and last else None


def films(practice: int) -> Iterator[tuple[Film, tuple[ControlResult, ...]]]:
    """Every rule of the newest judgement with its controls."""
    last = _last(practice)
    for row in RuleResultRow.objects.filter(judgement=last, number__gt=0).order_by("number") if last else ():
        yield _film(row), judgements.controls(row.controls)


def history(practice: int, number: int, limit: int = 200) -> list[Past]:
    """How a rule's verdict changed, newest first; judgements that changed nothing are left out."""
    rows = (
        RuleResultRow.objects.filter(judgement__practice_id=practice, number=number)
        .order_by("-judgement__sequence")
        .values_list("judgement__sequence", "judgement__at", "verdict", "settled", "total", "findings")[:limit]
    )
    told: list[Past] = []
    for sequence, at, verdict, *rest in rows:
        past = Past(sequence, at, Verdict(verdict), *rest)
        same = told and (told[-1].verdict, told[-1].settled, told[-1].findings) == (
            past.verdict,
            past.settled,
            past.findings,
        )
        if same:
            told[-1] = past
        else:
            told.append(past)
    return told


def trend(practice: int, since: datetime, zone: ZoneInfo) -> list[Day]:
    """The last judgement of each day, oldest first."""
    counts = {
        verdict.value: Count("results", filter=Q(results__verdict=verdict.value, results__number__gt=0))
        for verdict in (Verdict.PASSED, Verdict.FAILED, Verdict.UNPROVEN)
    }
    rows = (
        JudgementRow.objects.filter(practice_id=practice, at__gte=since)
        .annotate(**counts)
        .order_by("sequence")
        .values_list("at", *counts)
    )
    days = {at.astimezone(zone).date(): told for at, *told in rows}
    return [Day(day, *told) for day, told in days.items()]


class _Lit(msgspec.Struct):
    """The part of a control result that names culprits."""

    id: str
    findings: list[dict[str, Any]]


_LIT = msgspec.json.Decoder(list[_Lit])


def findings_about(practice: int, *prefixes: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Rule, control and finding of the newest judgement for subjects equal to a prefix or below it."""
    last = _last(practice)
    unpack = zstandard.ZstdDecompressor().decompress
    rows = RuleResultRow.objects.filter(judgement=last, findings__gt=0).order_by("number") if last else ()
    return [
        (row.rule, control.id, finding)
        for row in rows
        for control in _LIT.decode(unpack(row.controls))
        for finding in control.findings
        if any(finding["subject"] == prefix or finding["subject"].startswith(f"{prefix}/") for prefix in prefixes)
    ]


def counted(box: LightBox) -> Counter[Verdict]:
    """How many films stand where."""
    return Counter(film.verdict for film in box.films)


def _last(practice: int) -> JudgementRow | None:
    return JudgementRow.objects.filter(practice_id=practice).order_by("-sequence").first()


def _film(row: RuleResultRow) -> Film:
    return Film(
        row.rule,
        row.number,
        Verdict(row.verdict),
        Proof(row.proof) if row.proof else None,
        row.oldest,
        row.settled,
        row.total,
        row.findings,
        row.doubts,
    )


def failed_since(practice: int, since: datetime) -> list[tuple[int, datetime, set[int]]]:
    """Each judgement since then, after the one before it: its sequence, its instant, the numbers of the red rules."""
    told = JudgementRow.objects.filter(practice_id=practice)
    before = told.filter(at__lt=since).order_by("-sequence").first()
    recent = told.filter(sequence__gte=before.sequence) if before else told
    red: dict[int, set[int]] = {}
    rows = RuleResultRow.objects.filter(judgement__in=recent, verdict=Verdict.FAILED.value, number__gt=0)
    for judgement, number in rows.values_list("judgement_id", "number"):
        red.setdefault(judgement, set()).add(number)
    return [(row.sequence, row.at, red.get(row.pk, set())) for row in recent.order_by("sequence")]
