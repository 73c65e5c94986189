"""Observations in their tables: one look, and all that was read from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from negatoscope.model.evidence import Fact, Gap, Retraction, Sweep
from negatoscope.model.journal import Observed
from negatoscope.store import facts
from negatoscope.store.models import GapRow, JudgementRow, ObservationRow


@dataclass(frozen=True)
class Reading:
    """What was read from one capture, in the register's own names."""

    voice: str
    """Whose word it is: replaced by the same voice's next look."""
    declared: bool
    facts: Iterable[Fact] = ()
    sweeps: Iterable[Sweep] = ()
    gaps: Iterable[Gap] = ()
    retractions: Iterable[Retraction] = ()
    whole: bool = True
    """The look ended, and its capture could be read."""


def write(practice: int, site: int, entry: Observed, reading: Reading) -> int:
    """Enter one look and what it says; returns how many facts it stated."""
    fields = {name: getattr(entry, name) for name in Observed.__struct_fields__ if name != "gaps"}
    row = ObservationRow.objects.create(practice_id=practice, site_id=site, voice=reading.voice, **fields)
    facts.retract(row, reading.retractions)
    row.facts = facts.state(row, reading.facts, declared=reading.declared)
    facts.sweep(row, reading.sweeps, declared=reading.declared)
    facts.leave_gaps(row, reading.gaps, reading.sweeps, whole=reading.whole)
    row.save(update_fields=["facts"])
    return row.facts


def gaps_of(sequence: int) -> tuple[Gap, ...]:
    """What the look at this place of the journal could not see."""
    rows = GapRow.objects.filter(observation__sequence=sequence).values_list("what", "why", "host", "values")
    return tuple(Gap(what, why, host or None, values) for what, why, host, values in rows)


def last_look(practice: int, voice: str) -> datetime | None:
    """When this voice last ended a look."""
    rows = ObservationRow.objects.filter(practice_id=practice, voice=voice)
    last: datetime | None = rows.aggregate(last=Max("ended"))["last"]
    return last


def last_sequence() -> int:
    """The journal place that the database has reached."""
    tops = [table.objects.aggregate(top=Max("sequence"))["top"] or 0 for table in (ObservationRow, JudgementRow)]
    return max(tops)
