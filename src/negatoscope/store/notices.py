"""Messages that wait to be sent: written down first, once each by key and address."""

from datetime import datetime
from typing import Any

from negatoscope.store.models import NoticeRow


def ask(practice: int, key: str, code: str, values: dict[str, Any], to: str, due_at: datetime) -> bool:  # noqa: PLR0913, PLR0917 -- the fields of one row
    """Write a message down, unless it was already; returns whether it is new."""
    said = {"code": code, "values": values, "due_at": due_at}
    return NoticeRow.objects.get_or_create(practice_id=practice, key=key, to=to, defaults=said)[1]
