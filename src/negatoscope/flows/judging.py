"""Judge the register and keep the verdicts."""

import msgspec

from negatoscope.flows.acting import follow
from negatoscope.flows.console import Console
from negatoscope.flows.edition import edition
from negatoscope.flows.recording import enter, record
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.catalogue import PREAMBLE, RULES
from negatoscope.judge.judge import judge
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.journal import Judged
from negatoscope.model.judgement import Judgement
from negatoscope.store import judgements


class Contradicted(Exception):  # noqa: N818 -- what it is
    """The same facts at the same instant gave another judgement than the one in the journal."""


def judge_now(console: Console, operator: str) -> Judgement:
    """Judge all forty rules on what the register holds now; journal, keep and enter the result; follow the plan."""
    at = console.clock()
    told: list[Judgement] = []

    def write(sequence: int) -> Judged:
        told.append(judge(StoredRegister(console.practice), RULES, at, PREAMBLE))
        return Judged(sequence, at, console.vault.put(canonical(told[0])), edition())

    def apply(entry: Judged) -> None:
        judgements.keep(console.practice, entry, told[0])
        enter(console, at, "judgement", operator, entry)

    record(console, write, apply)
    follow(console, told[0])
    return told[0]


def pronounce(console: Console, entry: Judged) -> Judgement:
    """Pronounce a judgement of the journal again. Raises Contradicted, Tampered.

    The edition that judged must come to the same verdicts. Another edition may rightly see the same facts otherwise:
    then the judgement is taken from the vault as it was told.
    """
    if entry.edition == edition():
        judgement = judge(StoredRegister(console.practice), RULES, entry.at, PREAMBLE)
        if sha256(canonical(judgement)) != entry.digest:
            raise Contradicted(entry.sequence)
    else:
        with console.vault.open(entry.digest) as stream:
            judgement = msgspec.json.decode(stream.read(), type=Judgement)
    judgements.keep(console.practice, entry, judgement)
    return judgement
