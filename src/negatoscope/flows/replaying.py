"""Rebuild the register and every judgement from the vault alone, on an empty database."""

from dataclasses import dataclass

from django.db import transaction

from negatoscope.flows.console import Console
from negatoscope.flows.judging import Contradicted, pronounce
from negatoscope.flows.recording import enter
from negatoscope.flows.registering import register
from negatoscope.model.journal import Observed
from negatoscope.store.observations import last_sequence
from negatoscope.store.vault import Tampered


class NotEmpty(Exception):  # noqa: N818 -- what it is
    """The database already holds observations: replay writes on an empty one only."""


@dataclass(frozen=True)
class Replayed:
    """How much was rebuilt."""

    observations: int
    judgements: int


def replay(console: Console, operator: str) -> Replayed:
    """Apply the whole journal, in order and in one transaction.

    Raises NotEmpty; Tampered when a capture or journal entry is not what it was; Contradicted when a judgement
    comes out differently. Then nothing is written.
    """
    observations = judgements = 0
    with transaction.atomic():
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


__all__ = ["Contradicted", "NotEmpty", "Replayed", "Tampered", "replay"]
