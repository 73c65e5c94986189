"""Judge the register and keep the verdicts."""

from negatoscope.flows.console import Console
from negatoscope.flows.recording import enter, record
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.judge import judge
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.journal import Judged
from negatoscope.model.judgement import Judgement
from negatoscope.prove.exports import json
from negatoscope.store import judgements


class Contradicted(Exception):  # noqa: N818 -- what it is
    """The same facts at the same instant gave another judgement than the one in the journal."""


def judge_now(console: Console, operator: str) -> Judgement:
    """Judge all forty rules on what the register holds now; journal, keep and enter the result."""
    at = console.clock()
    told: list[Judgement] = []

    def write(sequence: int) -> Judged:
        told.append(judge(StoredRegister(console.practice), RULES, at))
        return Judged(sequence, at, digest_of(told[0]))

    def apply(entry: Judged) -> None:
        judgements.keep(console.practice, entry, told[0])
        enter(console, at, "judgement", operator, entry)

    record(console, write, apply)
    return told[0]


def pronounce(console: Console, entry: Judged) -> Judgement:
    """Judge again at the instant of a journal entry. Raises Contradicted if the verdicts differ."""
    judgement = judge(StoredRegister(console.practice), RULES, entry.at)
    if digest_of(judgement) != entry.digest:
        raise Contradicted(entry.sequence)
    judgements.keep(console.practice, entry, judgement)
    return judgement


def digest_of(judgement: Judgement) -> str:
    """sha256 of the canonical JSON of a judgement."""
    return sha256(canonical(json.judgement(judgement)))
