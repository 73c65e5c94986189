"""Incidents as pages and flows read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from negatoscope.model.incident import Entry, Filled, Origin, State, Struck, Word
from negatoscope.store.models import IncidentEntryRow, IncidentRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick

REACH = Reach(
    searched=("title",),
    sorted={"number": "pk", "title": "title", "opened": "opened_at", "last": "last_at"},
    first_descending=True,
    filtered={"etat": "state", "origine": "origin"},
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An incident as lists show it."""

    number: int
    title: str
    state: State
    origin: Origin
    alert: int | None
    opened_at: datetime
    last_at: datetime


def page(practice: int, ask: Ask) -> Found[Listed]:
    """A page of incidents, the newest first unless it is asked for otherwise."""
    return pick(IncidentRow.objects.filter(practice_id=practice), ask, REACH, _listed)


def entries(practice: int, number: int) -> list[Entry]:
    """The log of an incident, in order; empty: there is none of that number."""
    rows = IncidentEntryRow.objects.filter(incident_id=number, incident__practice_id=practice).order_by("place")
    return [Entry(row.place, row.at, row.who, row.name, _word(row.word), row.text, row.element) for row in rows]


def standing(practice: int) -> list[Listed]:
    """Incidents that are not closed, the newest first."""
    rows = IncidentRow.objects.filter(practice_id=practice).exclude(state=State.CLOSED)
    return list(map(_listed, rows.order_by("-pk")))


def of_alert(practice: int, alert: int) -> int | None:
    """The incident that was opened from an alert."""
    rows = IncidentRow.objects.filter(practice_id=practice, alert=alert)
    return rows.values_list("pk", flat=True).first()


def filled(practice: int, besides: int) -> dict[str, tuple[str, ...]]:
    """What the fields of dossiers of all other incidents hold, whatever the dossier; the newest word stands."""
    rows = IncidentEntryRow.objects.filter(incident__practice_id=practice, word__type__in=("filled", "struck"))
    told = [
        (row.incident_id, row.place, _word(row.word)) for row in rows.exclude(incident_id=besides).order_by("at", "pk")
    ]
    struck = {(number, word.place) for number, _place, word in told if isinstance(word, Struck)}
    words = (word for number, place, word in told if (number, place) not in struck)
    return {ident: values for word in words if isinstance(word, Filled) for ident, values in word.values.items()}


def _word(said: dict[str, Any]) -> Word:
    return msgspec.convert(said, Word)  # type: ignore[no-any-return]  # a union is no class


def _listed(row: IncidentRow) -> Listed:
    return Listed(row.pk, row.title, State(row.state), Origin(row.origin), row.alert, row.opened_at, row.last_at)
