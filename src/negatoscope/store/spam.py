"""Signal Spam in its tables. Called by a writer who is alone."""

from datetime import datetime

from negatoscope.model.spam import Outcome
from negatoscope.store.models import SpamSendingRow, SpamServiceRow


def set_service(practice: int, **fields: object) -> None:
    """Say where mails are reported to, and whether they may be."""
    SpamServiceRow.objects.update_or_create(practice_id=practice, defaults=fields)


def begin(practice: int, at: datetime, by: str, **fields: object) -> int:
    """Write down that a mail leaves; returns the number of the try."""
    return SpamSendingRow.objects.create(practice_id=practice, began_at=at, by=by[:200], **fields).pk


def settle(number: int, at: datetime, outcome: Outcome, status: int | None, why: str) -> None:
    """Say what became of a try."""
    SpamSendingRow.objects.filter(pk=number).update(ended_at=at, outcome=outcome, status=status, why=why)
