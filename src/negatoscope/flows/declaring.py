"""What people say becomes observations too: edits, consents, attestations, waivers, documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from negatoscope.flows.console import Console
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.model.evidence import Fact, Retraction, Sweep
from negatoscope.model.people import Attestation
from negatoscope.observe.declared import declaration, read


class DocumentMissing(Exception):  # noqa: N818 -- what it is
    """An attestation leans on a document that the vault does not hold; the message is its digest."""


@dataclass(frozen=True)
class Said:
    """Who says it, and what the ledger calls the act: ``edit``, ``attestation``, ``waiver``, ``configuration``."""

    operator: str
    act: str = "edit"


def declare(
    console: Console,
    said: Said,
    facts: Iterable[Fact],
    retractions: Iterable[Retraction] = (),
    complete: Iterable[Sweep] = (),
) -> Outcome:
    """Enter statements, and withdrawals of earlier ones, in the register.

    ``complete``: lists that the statements hold whole; whatever was declared of them before and is not said again goes.

    Raises DocumentMissing, DiskFull; Unreadable for what nobody may declare: it is not kept.
    """
    facts = tuple(facts)
    for fact in facts:
        if isinstance(fact, Attestation) and fact.document_digest and not console.vault.holds(fact.document_digest):
            raise DocumentMissing(fact.document_digest)
    data = declaration(facts, retractions, complete)
    tuple(read(BytesIO(data)))
    return deliver(console, Delivery("declared", "register", said.operator, said.act, data))


def keep_document(console: Console, data: bytes) -> str:
    """Put an attestation's document in the vault; returns its digest."""
    return console.vault.put(data)
