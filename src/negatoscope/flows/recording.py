"""Every change is one transaction: journal first, rows, ledger entry, or nothing at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from negatoscope.flows.console import Console
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.journal import JournalEntry
from negatoscope.prove import ledger
from negatoscope.store.models import JudgementRow, LedgerRow, ObservationRow, PracticeRow

E = TypeVar("E", bound=JournalEntry)
T = TypeVar("T")


def last_sequence() -> int:
    """The journal place that the database has reached."""
    tops = [table.objects.aggregate(top=Max("sequence"))["top"] or 0 for table in (ObservationRow, JudgementRow)]
    return max(tops)


@contextmanager
def alone(console: Console) -> Iterator[None]:
    """One writer at a time, in one transaction."""
    with transaction.atomic():
        PracticeRow.objects.select_for_update().get(pk=console.practice)
        yield


def enter(console: Console, at: datetime, kind: str, who: str, content: object) -> None:
    """Add one entry to the ledger: a change without its entry does not happen. ``content`` is hashed, not kept."""
    with alone(console):
        last = LedgerRow.objects.order_by("-sequence").first()
        previous = as_entry(last) if last else None
        entry = ledger.chain(previous, at, kind, console.keys.pseudonym(who), sha256(canonical(content)))
        LedgerRow.objects.create(**{field: getattr(entry, field) for field in ledger.Entry.__struct_fields__})


def as_entry(row: LedgerRow) -> ledger.Entry:
    """One row of the ledger, as its arithmetic wants it."""
    return ledger.Entry(**{field: getattr(row, field) for field in ledger.Entry.__struct_fields__})


def record(console: Console, write: Callable[[int], E], apply: Callable[[E], T]) -> T:
    """Write the journal, apply the entry and commit. On any error the journal entry is struck again."""
    sequence = None
    try:
        with alone(console):
            sequence = last_sequence() + 1
            entry = write(sequence)
            console.vault.note(entry)
            return apply(entry)
    except BaseException:
        if sequence is not None:
            console.vault.strike(sequence)
        raise
