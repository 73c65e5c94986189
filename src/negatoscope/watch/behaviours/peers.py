"""What leaves, to whom; and DICOM peers that nobody knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network

from negatoscope.model.event import Action, Told
from negatoscope.model.evidence import Ref
from negatoscope.watch.calendar import named, subject, unlisted
from negatoscope.watch.known import Known
from negatoscope.watch.talking import OUTSIDE

WITHIN = (".lan", ".local", ".localdomain", ".internal", ".home.arpa", ".home", ".intra", ".corp")
"""Names that lead nowhere outside (RFC 6762, 8375, and what practices call themselves)."""
SHARED = frozenset({"co", "com", "gouv", "asso", "org", "net", "ac", "gov", "edu"})
"""Second labels under which a third one is a body's own."""

SEPARATORS = re.compile(r"[;,\s]+")
RECIPIENTS = 4096


@dataclass(frozen=True, slots=True)
class Exit:
    """Bytes on their way out. ``to``: a domain, or the addresses around one: makers of clouds have many."""

    subject: Ref
    to: str
    bytes: int
    mail: bool = False


@dataclass(frozen=True, slots=True)
class Peer:
    """A DICOM peer that the register does not know."""

    subject: Ref
    to: str
    outside: bool


@lru_cache(maxsize=16_384)
def around(text: str) -> str | None:
    """The destination that an address or a name stands for; ``None``: it is not of the Internet."""
    if text == OUTSIDE:
        return text
    try:
        one = ip_address(text)
    except ValueError:
        return _domain(text)
    if not one.is_global or one.is_multicast:
        return None
    return str(ip_network((one, 24 if one.version == 4 else 48), strict=False))  # noqa: PLR2004 -- IPv4


def _domain(text: str) -> str | None:
    name = named(text, 253).rstrip(".")
    labels = name.split(".")
    if len(labels) == 1 or name.endswith(WITHIN):
        return None
    return ".".join(labels[-3:] if labels[-2] in SHARED else labels[-2:])


def exit_of(told: Told, known: Known) -> Exit | None:
    """What an event says left the practice; ``None``: nothing, or nobody counted it."""
    event = told.event
    if event.ok is False:
        return None
    if event.action is Action.MAIL_SENT:
        to = next(_outside_domains(told, known), None)
        whose = told.person or told.account or unlisted(told)
        return Exit(whose, to, event.sent, mail=True) if to and event.sent else None
    if event.sent and _is_out(told.target_zone, told.target, known):
        to = around(event.target or "")
        if to and not _is_out(told.zone, told.source, known, event.source):
            return Exit(subject(told.source, "address", event.source), to, event.sent)
    if event.received and _is_out(told.zone, told.source, known):
        to = around(event.source or "")
        if to and not _is_out(told.target_zone, told.target, known, event.target):
            return Exit(subject(told.target, "address", event.target), to, event.received)
    return None


def _outside_domains(told: Told, known: Known) -> Iterator[str]:
    """Where a mail goes: the domains of its recipients that are not our own, else the server it is handed to."""
    fields = told.event.fields
    said = str(fields.get("recipient") or fields.get("Recipients") or told.event.target or "")[:RECIPIENTS]
    for text in SEPARATORS.split(said):
        domain = text.rpartition("@")[2].strip("<>'\"[] ").casefold()
        to = None if not domain or domain in known.domains else around(domain)
        if to:
            yield to


def _is_out(zone: Ref | None, ref: Ref | None, known: Known, text: str | None = None) -> bool:
    """Whether an end is outside; where no zone is known an address decides, if one is given; else it may be."""
    if zone is not None:
        return zone in known.outside
    return ref is None and (text is None or around(text) is not None)


def stranger(told: Told, known: Known) -> Peer | None:
    """The peer of a DICOM exchange, if no modality, server or partner of the register is known to be it.

    Of a study sent it is where it went; of an association, or a study that came, who asked.
    """
    event = told.event
    sent = event.action is Action.STUDY_SENT and bool(told.target or event.target)
    ref, text, zone = (told.target, event.target, told.target_zone) if sent else (told.source, event.source, told.zone)
    if (ref is None and not text) or ref in known.imaging or known.of_partner(text or ""):
        return None
    title = text if sent else event.user
    if ref is None and title and title.casefold() in known.titles:
        return None
    mine = subject(told.source, "address", event.source) if sent else subject(told.host, "host", event.host)
    return Peer(
        mine, subject(ref, "address", text), zone in known.outside or (zone is None and around(text or "") is not None)
    )
