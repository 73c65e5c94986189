"""Events: things that happened, as some product told them, in one vocabulary that keeps Sigma's own field names."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from negatoscope.model.evidence import Ref


class Action(StrEnum):
    """What happened, where a behaviour or a review asks for it; what is none of these has its ``fields`` alone."""

    LOGON = "logon"
    LOGOFF = "logoff"
    CONNECTION = "connection"
    """Somebody spoke with somebody: a flow, a line of a firewall or of a proxy."""
    ASSOCIATION = "association"
    """A DICOM association was asked for (PS3.8)."""
    STUDY_OPENED = "study_opened"
    STUDY_SENT = "study_sent"
    FILE_OPENED = "file_opened"
    MAILBOX_OPENED = "mailbox_opened"
    MAIL_SENT = "mail_sent"
    RIGHTS_CHANGED = "rights_changed"
    ACCOUNT_CHANGED = "account_changed"
    DEVICE_SEEN = "device_seen"
    """A device asked for an address, or joined a radio."""
    MEDIUM_PLUGGED = "medium_plugged"
    DOOR = "door"
    """A badge was shown."""
    PROCESS = "process"
    LOG_CLEARED = "log_cleared"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``None``: the product does not say.

    ``product``, ``service``, ``category`` are those of a Sigma log source; ``fields`` are what the product wrote, under
    the names that public Sigma rules use (``EventID``, ``Image``, ``TargetUserName`` …), values as they stood.
    """

    at: datetime
    """When it happened, by the clock of whoever wrote it, UTC."""
    product: str
    service: str | None = None
    category: str | None = None
    action: Action | None = None
    ok: bool | None = None
    """Whether it succeeded; a log-in refused is ``LOGON`` and false."""
    why: str | None = None
    """A code of the reason: ``disabled``, ``expired``, ``unknown_account``, ``bad_password``, ``locked`` …"""
    host: str | None = None
    """On which machine, as it calls itself or by its address."""
    user: str | None = None
    """Who, as the product writes it (``CABINET\\\\jdupont``, ``jdupont@cabinet.lan``, ``jdupont``)."""
    source: str | None = None
    """From where: an address, or a name where no address is told."""
    target: str | None = None
    """To where: an address or a name."""
    port: int | None = None
    """Of the target."""
    protocol: str | None = None
    """``ssh``, ``rdp``, ``ldap``, ``smb``, ``imap``, ``vpn``, ``dicom``, ``http``, ``tcp`` …, lower case."""
    sent: int | None = None
    """Bytes from source to target."""
    received: int | None = None
    """Bytes from target to source."""
    what: str | None = None
    """On what: a share and path, a mailbox, a group, a serial number; of a study, its keyed pseudonym and no more."""
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is kept: who told it, when it came, and whom and what of the register it speaks of."""

    key: str
    """What this record is, for ever: sender and position. The same key is the same event, never a second one."""
    sender: str
    """The source that told it, as the sources page names it: an address, a file, a token's name."""
    came: datetime
    """When it was received, by our clock, UTC: clocks of 24 hours start here."""
    event: Event
    person: Ref | None = None
    account: Ref | None = None
    host: Ref | None = None
    source: Ref | None = None
    target: Ref | None = None
    zone: Ref | None = None
    """The zone of ``source``."""
    target_zone: Ref | None = None
    """The zone of ``target``; ``zone/internet`` outside every network of the practice."""
