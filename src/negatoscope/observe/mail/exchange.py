"""Exchange and Microsoft 365: ``Get-Mailbox`` and ``Get-InboxRule``, each through ``Export-Csv``.

Rules carry words of messages and names of people; only who is sent on, to which domain and how is kept.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.mail import MailForward, MailSystem, Means
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.leases.station import decoded
from negatoscope.observe.mail.addresses import domain_of, domains

SYSTEM = "exchange"
RULE_COLUMNS = ("ForwardTo", "RedirectTo", "ForwardAsAttachmentTo")
MAILBOX_HEAD = "Mailbox,Target,KeepsCopy"
RULE_HEAD = "Mailbox,Target,Redirects,Enabled"
Kept = Callable[[Mapping[str, str]], Iterator[tuple[str, ...]]]
_TRUE = frozenset({"true", "vrai", "1"})


def _rows(data: bytes) -> Iterator[dict[str, str]]:
    lines = [line for line in decoded(data).splitlines() if line.strip() and not line.startswith("#TYPE")]
    mark = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    for row in csv.DictReader(StringIO("\n".join(lines)), delimiter=mark):
        yield {name: value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)}


def _head(data: bytes) -> set[str]:
    lines = [line for line in decoded(data[:65536]).splitlines() if line.strip() and not line.startswith("#TYPE")]
    return {*re.split(r'["\s,;]+', lines[0])} if lines else set()


def recognises_mailboxes(data: bytes) -> bool:
    """It has the columns of ``Get-Mailbox``."""
    return {"ForwardingSmtpAddress", "DeliverToMailboxAndForward"} <= _head(data)


def recognises_rules(data: bytes) -> bool:
    """It has the columns of ``Get-InboxRule``."""
    return {"ForwardTo", "RedirectTo"} <= _head(data)


def scrub_mailboxes(data: bytes) -> bytes:
    """Keep who, to which domain, and whether a copy stays; a recipient inside is kept as such, without a name."""
    return _scrubbed(MAILBOX_HEAD, data, _mailbox)


def scrub_rules(data: bytes) -> bytes:
    """Keep who, to which domain and whether the rule runs."""
    return _scrubbed(RULE_HEAD, data, _rule)


def _scrubbed(head: str, data: bytes, kept: Kept) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(head.split(","))
    try:
        for row in _rows(data):
            writer.writerows(kept(row))
    except csv.Error:
        return b""
    return out.getvalue().encode()


def _mailbox(row: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    target = row.get("ForwardingSmtpAddress", "")
    inside = "inside" if row.get("ForwardingAddress", "").strip() else ""
    yield _owner(row), domain_of(target) or inside, row.get("DeliverToMailboxAndForward", "")


def _rule(row: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    found = False
    for column in RULE_COLUMNS:
        for domain in domains(row.get(column, "")):
            found = True
            yield _owner(row), domain, str(column == "RedirectTo"), row.get("Enabled", "")
    if not found:
        yield _owner(row), "", "", ""


def _owner(row: Mapping[str, str]) -> str:
    names = ("PrimarySmtpAddress", "UserPrincipalName", "MailboxOwnerId", "Identity", "Alias")
    return next((row[name].strip().lower() for name in names if row.get(name, "").strip()), "?").split("\\")[0]


def read_mailboxes(data: bytes, device: Ref) -> Iterator[Item]:
    """Forwarding set on mailboxes. Raises Unreadable."""
    rows = _kept(data, MAILBOX_HEAD)
    name = system(device)
    for row in rows:
        if "." in row["Target"]:
            copy = row["KeepsCopy"].lower()
            stays = copy in _TRUE if copy else None
            yield MailForward(name, row["Mailbox"], Means.MAILBOX, row["Target"], stays, enabled=True)
    owners = {row["Mailbox"] for row in rows}
    yield MailSystem(name, "Exchange", _own(owners), len(owners), settings_read=True)
    yield from (Sweep("MailForward"), Sweep("MailSystem"))


def read_rules(data: bytes, device: Ref) -> Iterator[Item]:
    """Forwarding by people's own rules. Raises Unreadable."""
    rows = _kept(data, RULE_HEAD)
    name = system(device)
    for row in rows:
        if row["Target"]:
            enabled = row["Enabled"].lower()
            copies = row["Redirects"] != "True"
            runs = enabled in _TRUE if enabled else None
            yield MailForward(name, row["Mailbox"], Means.INBOX_RULE, row["Target"], copies, runs)
    yield MailSystem(name, "Exchange", rules_read=True)
    yield from (Sweep("MailForward"), Sweep("MailSystem"))


def _kept(data: bytes, head: str) -> list[dict[str, str]]:
    try:
        rows = list(_rows(data))
    except csv.Error as error:
        raise Unreadable("not_a_csv") from error
    if not data.startswith(head.encode()):
        raise Unreadable("columns_missing")
    return [{name: row.get(name, "") for name in head.split(",")} for row in rows]


def _own(owners: set[str]) -> tuple[str, ...] | None:
    found = {domain for owner in owners if (domain := domain_of(owner))}
    return tuple(sorted(found)) or None


def system(device: Ref) -> str:
    """The name of the mail system: the host that was named, or the service."""
    return SYSTEM if device == "host/@" else device.removeprefix("host/")


def named(_data: bytes) -> str | None:
    """These files are of the service, wherever it runs."""
    return SYSTEM


MAILBOXES = Sort("exchange-mailboxes", recognises_mailboxes, read_mailboxes, scrub_mailboxes, named)
INBOX_RULES = Sort("exchange-inbox-rules", recognises_rules, read_rules, scrub_rules, named)
