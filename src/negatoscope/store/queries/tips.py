"""Reports of the staff as pages and flows read them."""

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from negatoscope.model.tip import Door, Enclosed, Look, Tip, TipOutcome, TipWord, Voice
from negatoscope.store.models import MarkRow, TipDoorRow, TipRow, TipWordRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick

REACH = Reach(
    searched=("code", "where", "name", "handled_by"),
    sorted={
        "number": "pk", "received": "received_at", "due": "due", "handled": "handled_at", "where": "where",
        "name": "name", "by": "handled_by",
    },
    first_descending=True,
    filtered={"vu": "look", "suite": "outcome"},
)  # fmt: skip
OPEN = "open"


def page(practice: int, ask: Ask) -> Found[Tip]:
    """A page of reports, the newest first unless it is asked for otherwise; ``etat``: those that wait, or not."""
    rows = TipRow.objects.filter(practice_id=practice)
    if state := ask.only.get("etat"):
        rows = rows.filter(handled_at__isnull=state == OPEN)
    return pick(rows, ask, REACH, _tip)


def tip(practice: int, number: int) -> Tip | None:
    """One report, with its words."""
    row = TipRow.objects.filter(practice_id=practice, pk=number).first()
    return _tip(row, words(number)) if row else None


def of_code(practice: int, code: str) -> Tip | None:
    """The report of a receipt."""
    row = TipRow.objects.filter(practice_id=practice, code=code).first()
    return _tip(row, words(row.pk)) if row else None


def of_form(practice: int, once: str) -> Tip | None:
    """The report that a form made when it was first sent."""
    row = TipRow.objects.filter(practice_id=practice, once=once).first()
    return _tip(row) if row else None


def said_once(number: int, once: str) -> bool:
    """Whether a form's words were written."""
    return TipWordRow.objects.filter(tip_id=number, once=once).exists()


def words(number: int) -> tuple[TipWord, ...]:
    """All that was said in a report, in order."""
    return tuple(map(_word, TipWordRow.objects.filter(tip_id=number).order_by("place")))


def standing(practice: int) -> list[Tip]:
    """Reports that wait for somebody, the one due first before the others."""
    return [_tip(row) for row in TipRow.objects.filter(practice_id=practice, handled_at=None).order_by("due", "pk")]


def since(practice: int, at: datetime) -> list[Tip]:
    """Reports that wait, or were handled since an instant, in order."""
    rows = TipRow.objects.filter(Q(handled_at=None) | Q(handled_at__gte=at), practice_id=practice)
    return [_tip(row) for row in rows.order_by("pk")]


def sent_since(practice: int, at: datetime, address: str = "") -> int:
    """How often something was sent since an instant, by everybody or from one address."""
    rows = _sent(practice, at)
    return (rows.filter(address=address) if address else rows).count()


def octets_since(practice: int, at: datetime) -> int:
    """How many octets of files were sent since an instant."""
    return _sent(practice, at).aggregate(all=Sum("size"))["all"] or 0


def hosts_at(practice: int, address: str) -> set[str]:
    """Own names of the hosts of the register that bear an address."""
    rows = MarkRow.objects.filter(practice_id=practice, mark=f"ip:{address}")
    return set(rows.values_list("host", flat=True))


def _sent(practice: int, at: datetime) -> QuerySet[TipWordRow]:
    return TipWordRow.objects.filter(tip__practice_id=practice, voice=Voice.REPORTER, at__gt=at)


def door(practice: int) -> tuple[Door, str]:
    """To whom the page is open, and the networks listed."""
    row = TipDoorRow.objects.filter(practice_id=practice).first()
    return (Door(row.door), row.networks) if row else (Door.PRIVATE, "")


def _tip(row: TipRow, said: tuple[TipWord, ...] = ()) -> Tip:
    return Tip(
        row.pk, row.code, Look(row.look), row.received_at, row.due, row.host, row.address, row.where, row.name,
        row.phone, row.handled_at, row.handled_by, TipOutcome(row.outcome) if row.outcome else None, row.incident, said,
    )  # fmt: skip


def _word(row: TipWordRow) -> TipWord:
    file = Enclosed(row.file_name, row.kind, row.digest, row.size) if row.digest else None
    return TipWord(row.place, row.at, Voice(row.voice), row.name, row.text, file)
