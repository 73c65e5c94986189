"""Launches of the alert chain as pages and flows read them: never the addresses by which people answer."""

from collections.abc import Iterable

from negatoscope.model.launch import Launch, LaunchState, Purpose, Reach, Ring, System, Told
from negatoscope.store.models import DeliveryRow, DeliveryState, LaunchRow, NoticeRow, NoticeState, RingRow


def every(practice: int) -> list[Launch]:
    """All launches, the newest first."""
    return _launches(LaunchRow.objects.filter(practice_id=practice).order_by("-pk"))


def running(practice: int) -> list[Launch]:
    """Launches that go on, the oldest first."""
    return _launches(LaunchRow.objects.filter(practice_id=practice, state=LaunchState.RUNNING).order_by("pk"))


def of_incident(practice: int, incident: int) -> list[Launch]:
    """Launches of an incident, the newest first."""
    return _launches(LaunchRow.objects.filter(practice_id=practice, incident=incident).order_by("-pk"))


def unfiled(practice: int) -> list[Launch]:
    """Exercises that went to their end and of which no sheet is kept yet."""
    over = LaunchRow.objects.filter(practice_id=practice, state=LaunchState.OVER, purpose=Purpose.DRILL, sheet="")
    return _launches(over.order_by("pk"))


def launch(practice: int, number: int) -> Launch | None:
    """One launch, with all whom it calls."""
    found = _launches(LaunchRow.objects.filter(practice_id=practice, pk=number))
    return found[0] if found else None


def of_form(practice: int, once: str) -> int | None:
    """The launch that a form made when it was first sent."""
    return LaunchRow.objects.filter(practice_id=practice, once=once).values_list("pk", flat=True).first()


def of_ring(practice: int, number: int) -> int | None:
    """The launch that calls somebody."""
    rows = RingRow.objects.filter(launch__practice_id=practice, pk=number)
    return rows.values_list("launch_id", flat=True).first()


def of_token(practice: int, token: str) -> tuple[int, int] | None:
    """The launch, and whom of it, an address stands for."""
    rows = RingRow.objects.filter(launch__practice_id=practice, token=token)
    return rows.values_list("launch_id", "pk").first()


def undelivered(practice: int, number: int) -> dict[int, list[tuple[str, str]]]:
    """What did not arrive, or not yet: the channel (empty: a mail) and why, by whom it was for."""
    rings = list(RingRow.objects.filter(launch__practice_id=practice, launch=number).values_list("pk", flat=True))
    told: dict[int, list[tuple[str, str]]] = {}
    rows = DeliveryRow.objects.filter(ring__in=rings).exclude(error="").exclude(state=DeliveryState.SENT)
    for ring, name, why in rows.order_by("pk").values_list("ring", "channel__name", "error"):
        told.setdefault(ring or 0, []).append((name, why))
    keys = {f"ring/{ring}": ring for ring in rings}
    mails = NoticeRow.objects.filter(practice_id=practice, key__in=keys).exclude(error="")
    for key, why in mails.exclude(state=NoticeState.SENT).values_list("key", "error"):
        told.setdefault(keys[key], []).append(("", why))
    return told


def _launches(rows: Iterable[LaunchRow]) -> list[Launch]:
    known = list(rows)
    rings: dict[int, list[Ring]] = {}
    for row in RingRow.objects.filter(launch__in=[one.pk for one in known]).order_by("place"):
        rings.setdefault(row.launch_id, []).append(_ring(row))
    return [_launch(row, tuple(rings.get(row.pk, ()))) for row in known]


def _launch(row: LaunchRow, rings: tuple[Ring, ...]) -> Launch:
    return Launch(
        row.pk, Purpose(row.purpose), Reach(row.reach), row.text, frozenset(map(System, row.suspect)), row.incident,
        row.begun_at, row.begun_by, LaunchState(row.state), row.expires_at, row.total, row.ended_at, row.ended_by,
        row.why, row.sheet, rings,
    )  # fmt: skip


def _ring(row: RingRow) -> Ring:
    return Ring(
        row.pk, row.place, row.person, row.name, tuple(row.lines), row.instead, tuple(row.phones), tuple(row.ways),
        row.mail, row.due, row.until, row.called_at, row.mail_due, row.answered_at,
        Told(row.how) if row.how else None, row.noted_by, row.missed_at,
    )  # fmt: skip
