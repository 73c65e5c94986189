"""Rebuild the register and every judgement from the vault alone, on an empty database."""

from collections.abc import Iterable
from dataclasses import dataclass

from negatoscope.flows.console import Console
from negatoscope.flows.judging import Contradicted, pronounce
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import register
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.journal import Observed
from negatoscope.prove.ledger import Entry
from negatoscope.store.observations import last_sequence
from negatoscope.store.vault import Tampered

JOURNALLED = frozenset({"observation", "edit", "import", "attestation", "waiver", "judgement"})
"""Ledger entries that each have a journal entry behind them."""


class NotEmpty(Exception):  # noqa: N818 -- what it is
    """The database already holds observations: replay writes on an empty one only."""


@dataclass(frozen=True)
class Replayed:
    """How much was rebuilt."""

    observations: int
    judgements: int


class Contested(Exception):  # noqa: N818 -- what it is
    """The ledger and the journal do not tell the same story; the message says where."""


def compare(console: Console, ledger: Iterable[Entry]) -> None:
    """Hold the journal against an exported ledger: also its last entry, which no later one vouches for.

    Raises Contested, Tampered.
    """
    ledger = tuple(ledger)
    told = {sha256(canonical(entry)): entry.sequence for entry in console.vault.entries()}
    entered = {entry.digest for entry in ledger}
    for digest, sequence in told.items():
        if digest not in entered:
            raise Contested(f"journal {sequence}")
    for entry in ledger:
        if entry.kind in JOURNALLED and entry.digest not in told:
            raise Contested(f"ledger {entry.sequence}")


def replay(console: Console, operator: str) -> Replayed:
    """Apply the whole journal, in order and in one transaction.

    Raises NotEmpty; Tampered when a capture or journal entry is not what it was; Contradicted when a judgement
    comes out differently. Then nothing is written.
    """
    observations = judgements = 0
    with alone(console):
        if last_sequence():
            raise NotEmpty
        for entry in console.vault.entries():
            if isinstance(entry, Observed):
                register(console, entry)
                enter(console, entry.recorded, entry.act, entry.operator, entry)
                observations += 1
            else:
                pronounce(console, entry)
                enter(console, entry.at, "judgement", "console", entry)
                judgements += 1
        enter(console, console.clock(), "replay", operator, {"observations": observations, "judgements": judgements})
    return Replayed(observations, judgements)


__all__ = ["Contested", "Contradicted", "NotEmpty", "Replayed", "Tampered", "compare", "replay"]
