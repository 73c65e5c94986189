"""Notices and the way out, in their tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from negatoscope.store.models import MailRow, NoticeRow, NoticeState

__all__ = ["Addressed", "MailRow", "Notice", "NoticeRow", "NoticeState"]


@dataclass(frozen=True)
class Notice:
    """Something to tell. ``key``: nothing is told twice; ``code`` and ``values``: what it says."""

    key: str
    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Addressed:
    """A notice for one address."""

    notice: Notice
    kind: str
    to: str
    language: str
    values: Mapping[str, Any] = field(default_factory=dict)
    """What it says to this address alone."""

    def row(self, practice: int, at: datetime) -> NoticeRow:
        """As it is kept."""
        said = {**self.notice.values, **self.values}
        return NoticeRow(
            practice_id=practice, key=self.notice.key, code=self.notice.code, kind=self.kind, values=said,
            to=self.to, language=self.language, due_at=at,
        )  # fmt: skip


def mail(practice: int) -> MailRow | None:
    """The way out, where somebody said it."""
    return MailRow.objects.filter(practice_id=practice).first()


def set_mail(practice: int, fields: dict[str, Any]) -> None:
    """Keep the way out."""
    MailRow.objects.update_or_create(practice_id=practice, defaults=fields)


def unwritten(practice: int, found: Iterable[Addressed]) -> list[Addressed]:
    """Those that were never told."""
    asked = {(one.notice.key, one.to): one for one in found}
    rows = NoticeRow.objects.filter(practice_id=practice, to__in={to for _key, to in asked})
    known = set(rows.values_list("key", "to"))
    return [one for mark, one in asked.items() if mark not in known]


def write(practice: int, found: Iterable[Addressed], at: datetime) -> int:
    """Write notices down, each once an address; returns how many are new."""
    rows = [one.row(practice, at) for one in unwritten(practice, found)]
    return len(NoticeRow.objects.bulk_create(rows, batch_size=500))


def waiting(practice: int) -> list[NoticeRow]:
    """Notices that wait, the oldest first."""
    return list(_waiting(practice).order_by("due_at", "pk"))


def due(practice: int, at: datetime) -> list[NoticeRow]:
    """Notices that stand in a letter, to send now; letter by letter."""
    return list(_waiting(practice).filter(due_at__lte=at).exclude(letter="").order_by("letter", "pk"))


def loose(practice: int) -> set[tuple[str, str]]:
    """Address and kind of what waits without a letter yet: few, however many notices there are."""
    return set(_waiting(practice).filter(letter="").values_list("to", "kind").distinct())


def on_the_way(practice: int, apart: Iterable[str]) -> set[str]:
    """Addresses that a letter leaves for, or will again; ``apart``: kinds that do not count."""
    rows = _waiting(practice).exclude(letter="").exclude(kind__in=list(apart))
    return set(rows.values_list("to", flat=True).distinct())


def _waiting(practice: int) -> QuerySet[NoticeRow]:
    return NoticeRow.objects.filter(practice_id=practice, state=NoticeState.WAITING)


def told_since(practice: int, since: datetime, apart: Iterable[str]) -> set[str]:
    """Addresses that had a letter since then; ``apart``: kinds that do not count."""
    rows = NoticeRow.objects.filter(practice_id=practice, state=NoticeState.SENT, sent_at__gte=since)
    return set(rows.exclude(kind__in=list(apart)).values_list("to", flat=True).distinct())


def enclose(rows: Sequence[NoticeRow], letter: str) -> None:
    """These go together, now and at each other try."""
    for row in rows:
        row.letter = letter
    NoticeRow.objects.bulk_update(rows, ["letter"], batch_size=500)


def newest(practice: int, most: int) -> list[NoticeRow]:
    """What was told last, or given up."""
    rows = NoticeRow.objects.filter(practice_id=practice).exclude(state=NoticeState.WAITING, tries=0)
    return list(rows.order_by("-pk")[:most])


def sent(rows: Sequence[NoticeRow], at: datetime) -> None:
    """The server took them."""
    for row in rows:
        row.state, row.sent_at, row.error, row.tries = NoticeState.SENT, at, "", row.tries + 1
    _save(rows)


def missed(rows: Sequence[NoticeRow], why: str, again: datetime | None) -> None:
    """The server did not take them: once more at that instant, or never."""
    for row in rows:
        row.tries, row.error = row.tries + 1, why[:300]
        if again is None:
            row.state = NoticeState.GIVEN_UP
        else:
            row.due_at = again
    _save(rows)


def _save(rows: Sequence[NoticeRow]) -> None:
    NoticeRow.objects.bulk_update(rows, ["state", "sent_at", "error", "tries", "due_at"], batch_size=500)
