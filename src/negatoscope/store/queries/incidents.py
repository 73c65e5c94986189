"""Incidents as pages and flows read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

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


def _real(practice: int) -> QuerySet[IncidentRow]:
    """Incidents that are no exercise: whatever concerns real duties begins here."""
    return IncidentRow.objects.filter(practice_id=practice).exclude(origin=Origin.EXERCISE)


def page(practice: int, ask: Ask) -> Found[Listed]:
    """A page of incidents, the newest first unless it is asked for otherwise; exercises are none."""
    return pick(_real(practice), ask, REACH, _listed)


def exercises(practice: int) -> list[Listed]:
    """Exercises, the newest first."""
    rows = IncidentRow.objects.filter(practice_id=practice, origin=Origin.EXERCISE)
    return list(map(_listed, rows.order_by("-pk")))


def played(practice: int) -> list[int]:
    """Exercises of which something is still to come: not over, or over and their sheet not kept yet; oldest first."""
    rows = IncidentRow.objects.filter(practice_id=practice, origin=Origin.EXERCISE)
    return list(rows.exclude(entries__word__type="kept").order_by("pk").values_list("pk", flat=True))


def entries(practice: int, number: int) -> list[Entry]:
    """The log of an incident, in order; empty: there is none of that number."""
    rows = IncidentEntryRow.objects.filter(incident_id=number, incident__practice_id=practice).order_by("place")
    return [
        Entry(row.place, row.at, row.who, row.name, _word(row.word), row.text, row.element, row.real_at) for row in rows
    ]


def standing(practice: int) -> list[Listed]:
    """Incidents that are not closed, the newest first; exercises are none."""
    rows = _real(practice).exclude(state=State.CLOSED)
    return list(map(_listed, rows.order_by("-pk")))


def since(practice: int, at: datetime) -> list[Listed]:
    """Incidents that are open, or about which something was said since an instant, in order; exercises are none."""
    rows = _real(practice).filter(~Q(state=State.CLOSED) | Q(last_at__gte=at))
    return list(map(_listed, rows.order_by("pk")))


def of_alert(practice: int, alert: int) -> int | None:
    """The incident that was opened from an alert."""
    rows = IncidentRow.objects.filter(practice_id=practice, alert=alert)
    return rows.values_list("pk", flat=True).first()


def filled(practice: int, besides: int) -> dict[str, tuple[str, ...]]:
    """What the fields of dossiers of all other incidents hold, whatever the dossier; the newest word stands.

    What an exercise made up stands nowhere else.
    """
    rows = IncidentEntryRow.objects.filter(incident__in=_real(practice), word__type__in=("filled", "struck"))
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
