"""What people say becomes observations too: edits, consents, attestations, waivers, documents."""

from collections.abc import Iterable
from dataclasses import dataclass

from negatoscope.flows.console import Console
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.model.evidence import Fact, Retraction
from negatoscope.observe.declared import declaration


@dataclass(frozen=True)
class Said:
    """Who says it, and what the ledger calls the act: ``edit``, ``attestation``, ``waiver``, ``configuration``."""

    operator: str
    act: str = "edit"


def declare(console: Console, said: Said, facts: Iterable[Fact], retractions: Iterable[Retraction] = ()) -> Outcome:
    """Enter statements, and withdrawals of earlier ones, in the register."""
    data = declaration(facts, retractions)
    return deliver(console, Delivery("declared", "register", said.operator, said.act, data))


def keep_document(console: Console, data: bytes) -> str:
    """Put an attestation's document in the vault; returns its digest."""
    return console.vault.put(data)
