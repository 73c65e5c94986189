"""Judgements in their tables."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
import zstandard

from negatoscope.kit.canonical import canonical
from negatoscope.model.journal import Judged
from negatoscope.model.judgement import ControlResult, Judgement, RuleResult
from negatoscope.model.verdict import Proof, Verdict
from negatoscope.store.models import JudgementRow, RuleResultRow


@dataclass(frozen=True, slots=True)
class Kept:
    """A judgement as it was kept."""

    sequence: int
    digest: str
    judgement: Judgement


def keep(practice: int, entry: Judged, told: Judgement) -> None:
    """Write forty verdicts down, and that on the preamble as number 0."""
    row = JudgementRow.objects.create(practice_id=practice, sequence=entry.sequence, at=entry.at, digest=entry.digest)
    packer = zstandard.ZstdCompressor(level=3)
    apart = (told.preamble,) if told.preamble else ()
    RuleResultRow.objects.bulk_create(_row(row, result, packer) for result in (*apart, *told.rules))


def _row(row: JudgementRow, result: RuleResult, packer: zstandard.ZstdCompressor) -> RuleResultRow:
    return RuleResultRow(
        judgement=row,
        rule=result.rule,
        number=int(result.rule.removeprefix("R")),
        verdict=result.verdict,
        proof=result.proof,
        oldest=result.oldest,
        settled=result.settled,
        total=len(result.controls),
        findings=sum(len(control.findings) for control in result.controls),
        doubts=sum(len(control.doubts) for control in result.controls),
        controls=packer.compress(canonical(result.controls)),
    )


def controls(packed: bytes | memoryview) -> tuple[ControlResult, ...]:
    """Unpack the control results of one film."""
    raw = zstandard.ZstdDecompressor().decompress(packed)
    return msgspec.json.decode(raw, type=tuple[ControlResult, ...])


def last(practice: int) -> Kept | None:
    """The newest judgement, whole."""
    row = JudgementRow.objects.filter(practice_id=practice).order_by("-sequence").first()
    if row is None:
        return None
    results = tuple(
        RuleResult(
            result.rule,
            Verdict(result.verdict),
            Proof(result.proof) if result.proof else None,
            result.oldest,
            controls(result.controls),
        )
        for result in row.results.order_by("number")
    )
    apart = next((result for result in results if result.rule == "R0"), None)
    rules = tuple(result for result in results if result is not apart)
    return Kept(row.sequence, row.digest, Judgement(row.at, rules, apart))


def digests(practice: int) -> list[tuple[int, datetime, str]]:
    """Place, instant and digest of every judgement, oldest first."""
    return list(
        JudgementRow.objects.filter(practice_id=practice).order_by("sequence").values_list("sequence", "at", "digest")
    )
