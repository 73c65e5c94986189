"""Every change is one transaction: journal first, rows, ledger entry, or nothing at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import msgspec
from django.db import transaction

from negatoscope.flows.console import Console
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.journal import JournalEntry
from negatoscope.prove.ledger import Entry, chain
from negatoscope.store import ledger, observations, practice

E = TypeVar("E", bound=JournalEntry)
T = TypeVar("T")


@contextmanager
def alone(console: Console) -> Iterator[None]:
    """One writer at a time, in one transaction."""
    with transaction.atomic():
        practice.lock(console.practice)
        yield


def enter(console: Console, at: datetime, kind: str, who: str, content: object) -> None:
    """Add one entry to the ledger: a change without its entry does not happen. ``content`` is hashed, not kept."""
    with alone(console):
        last = ledger.last()
        previous = Entry(**last) if last else None
        entry = chain(previous, at, kind, console.keys.pseudonym(who), sha256(canonical(content)))
        ledger.add(msgspec.structs.asdict(entry))


def record(console: Console, write: Callable[[int], E], apply: Callable[[E], T]) -> T:
    """Write the journal, apply the entry and commit. If the transaction did not happen, the entry is struck again."""
    sequence = None
    try:
        with alone(console):
            sequence = observations.last_sequence() + 1
            entry = write(sequence)
            console.vault.note(entry)
            return apply(entry)
    except BaseException:
        if sequence is not None and observations.last_sequence() < sequence:
            console.vault.strike(sequence)
        raise
