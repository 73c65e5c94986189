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
    """Write the journal, apply the entry and commit. If the transaction did not happen, the entry is struck again.

    It is struck while the lock is held: another writer may take the same place the moment that it is released.
    """
    entry = None
    try:
        with alone(console):
            entry = write(observations.last_sequence() + 1)
            try:
                console.vault.note(entry)
                return apply(entry)
            except BaseException:
                console.vault.strike(entry.sequence)
                entry = None
                raise
    except BaseException:
        if entry is not None:
            _strike_unless_committed(console, entry)
        raise


def _strike_unless_committed(console: Console, entry: JournalEntry) -> None:
    """After a commit that failed, or one that happened before something else did: the database knows which."""
    with alone(console):
        if observations.last_sequence() < entry.sequence and console.vault.top() == entry.sequence:
            console.vault.strike(entry.sequence)
