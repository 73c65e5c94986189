"""Incidents in their tables. Called by a writer who is alone; a line once written is never changed nor taken away."""

from datetime import datetime

import msgspec

from negatoscope.model.incident import Entry, Incident, Opened, State
from negatoscope.store.models import IncidentEntryRow, IncidentRow


def begin(practice: int, word: Opened, at: datetime) -> int:
    """Give an incident its number."""
    return IncidentRow.objects.create(
        practice_id=practice, title=word.title[:200], state=State.OPEN, origin=word.origin, alert=word.alert,
        opened_at=at, last_at=at,
    ).pk  # fmt: skip


def add(number: int, entry: Entry, once: str | None = None) -> None:
    """Write a line. Raises IntegrityError where its place is taken, or ``once`` was written."""
    IncidentEntryRow.objects.create(
        incident_id=number, place=entry.place, at=entry.at, who=entry.who, name=entry.name[:200],
        word=msgspec.to_builtins(entry.word), text=entry.text, element=entry.element[:200], once=once,
        real_at=entry.real,
    )  # fmt: skip


def stands(one: Incident, at: datetime) -> None:
    """Keep what lists are sorted by."""
    IncidentRow.objects.filter(pk=one.number).update(state=one.state, last_at=at)


def written(number: int, once: str) -> int | None:
    """The place of the line that was to be written once."""
    return IncidentEntryRow.objects.filter(incident_id=number, once=once).values_list("place", flat=True).first()
