"""Exchange's message tracking (``MSGTRK`` files and ``Get-MessageTrackingLog | ConvertTo-Json``): mail that leaves."""

import csv
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number, word

_NAMES = {"sender-address": "Sender", "recipient-address": "Recipients", "total-bytes": "TotalBytes",
          "client-ip": "ClientIp", "server-ip": "ServerIp", "event-id": "EventId", "message-id": "MessageId",
          "date-time": "Timestamp", "server-hostname": "ServerHostname", "source": "Source",
          "directionality": "Directionality", "recipient-count": "RecipientCount"}  # fmt: skip
_KEPT = frozenset(_NAMES.values())
"""Subjects of mails are not among them: they say what patients have."""
_LEFT = frozenset({"SEND", "SENDEXTERNAL"})


_ROW = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]{8,16}Z,")
_COLUMNS = (
    "date-time", "client-ip", "client-hostname", "server-ip", "server-hostname", "source-context", "connector-id",
    "source", "event-id", "internal-message-id", "message-id", "network-message-id", "recipient-address",
    "recipient-status", "total-bytes", "recipient-count", "related-recipient-address", "reference", "message-subject",
    "sender-address", "return-path",
)  # fmt: skip
"""Of a row of ``MSGTRK`` (Exchange 2013 to 2019, in this order); what follows is not read."""
_EVENT = re.compile(r"[A-Z]{4,30}")


def read(entry: Entry) -> Event | None:
    """One line of the tracking log, as an object of its columns or as a row."""
    told = {_NAMES.get(name, name): value for name, value in (entry.record or _row(entry.message)).items()}
    if not {"EventId", "Sender", "Recipients", "MessageId"} <= told.keys():
        return None
    kept = {name: value for name, value in told.items() if name in _KEPT}
    fields = {name: value if isinstance(value, str | int) else str(value) for name, value in kept.items()}
    left = str(told["EventId"]) in _LEFT and str(told.get("Source")).upper() == "SMTP"
    return replace(
        Event(entry.stamp(told.get("Timestamp")), "exchange", "messagetracking", fields=fields),
        action=Action.MAIL_SENT if left else None,
        ok=True if left else None,
        host=word(told.get("ServerHostname")),
        user=word(told["Sender"]),
        source=word(told.get("ClientIp")),
        target=word(told.get("ServerIp")),
        protocol="smtp",
        sent=number(told.get("TotalBytes")),
        what=word(told["MessageId"]),
    )


def _row(text: str) -> Mapping[str, Any]:
    """A row's columns by their names; empty for anything else."""
    if not _ROW.match(text):
        return {}
    try:
        (values,) = csv.reader([text.replace("\r", " ").replace("\n", " ")])
    except (csv.Error, ValueError):
        return {}
    row = dict(zip(_COLUMNS, values, strict=False))
    return row if len(row) == len(_COLUMNS) and _EVENT.fullmatch(row["event-id"]) else {}
