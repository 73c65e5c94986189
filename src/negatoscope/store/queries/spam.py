"""Signal Spam as pages and flows read it."""

from negatoscope.model.spam import Outcome, Sending, Service
from negatoscope.store.models import SpamSendingRow, SpamServiceRow


def service(practice: int) -> Service | None:
    """Where mails are reported to; ``None``: nobody said."""
    row = SpamServiceRow.objects.filter(practice_id=practice).first()
    return Service(row.address, row.active, row.tried_at, row.tried) if row else None


def sendings(practice: int, digest: str = "") -> list[Sending]:
    """Tries, of one mail or of all, the newest first."""
    rows = SpamSendingRow.objects.filter(practice_id=practice).order_by("-pk")
    return list(map(_sending, rows.filter(digest=digest) if digest else rows))


def _sending(row: SpamSendingRow) -> Sending:
    return Sending(
        row.pk, row.digest, row.name, row.size, row.tip, row.incident, row.address, row.began_at, row.ended_at, row.by,
        Outcome(row.outcome), row.status, row.why,
    )  # fmt: skip
