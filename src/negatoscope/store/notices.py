"""Notices and the way out, in their tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from negatoscope.store.models import MailRow, NoticeRow, NoticeState

__all__ = ["MailRow", "Notice", "NoticeRow", "NoticeState"]


@dataclass(frozen=True)
class Notice:
    """Something to tell. ``key``: nothing is told twice; ``code`` and ``values``: what it says."""

    key: str
    code: str
    values: Mapping[str, Any]


def mail(practice: int) -> MailRow | None:
    """The way out, where somebody said it."""
    return MailRow.objects.filter(practice_id=practice).first()


def set_mail(practice: int, fields: dict[str, Any]) -> None:
    """Keep the way out."""
    MailRow.objects.update_or_create(practice_id=practice, defaults=fields)


def write(practice: int, notice: Notice, to: str, at: datetime) -> bool:
    """Write a notice down for one address; ``False``: it was told already."""
    fields = {"code": notice.code, "values": dict(notice.values), "due_at": at}
    return NoticeRow.objects.get_or_create(practice_id=practice, key=notice.key, to=to, defaults=fields)[1]


def waiting(practice: int, at: datetime, most: int) -> list[NoticeRow]:
    """Notices to send now, the oldest first."""
    rows = NoticeRow.objects.filter(practice_id=practice, state=NoticeState.WAITING, due_at__lte=at)
    return list(rows.order_by("due_at")[:most])


def newest(practice: int, most: int) -> list[NoticeRow]:
    """What was told last."""
    return list(NoticeRow.objects.filter(practice_id=practice).order_by("-pk")[:most])


def sent(row: NoticeRow, at: datetime) -> None:
    """The server took it."""
    row.state, row.sent_at, row.error, row.tries = NoticeState.SENT, at, "", row.tries + 1
    row.save()


def missed(row: NoticeRow, why: str, again: datetime | None) -> None:
    """The server did not take it: once more at that instant, or never."""
    row.tries, row.error = row.tries + 1, why[:300]
    if again is None:
        row.state = NoticeState.GIVEN_UP
    else:
        row.due_at = again
    row.save()
