"""Dovecot: who opened a mailbox, by which protocol, and who was refused."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import TIMES, Entry, number

APPS = frozenset({"dovecot"})
_OWN = ("imap-login", "pop3-login", "managesieve-login", "submission-login", "imap(", "pop3(")
"""Programmes that a log file of Dovecot's own names in the header's place."""
_LINE = re.compile(
    r"(?:(?P<kind>imap|pop3|managesieve|submission)-login|(?P<served>imap|pop3)\((?P<user>[^)\s]{1,255})\)"
    r"(?:<[^>]{0,64}>){0,2}): (?:Info: |Error: )?(?P<said>.*)",
    re.DOTALL,
)
_PART = re.compile(r"\b(user|method|rip|lip|session|mpid)=<?([^,<>]{0,255})>?")
_TRIED = re.compile(r"\((?:auth failed, (\d{1,4}) attempts|tried to use disallowed|no auth attempts)")
_BYTES = re.compile(r"\bin=(\d{1,18}),? (?:bytes )?out=(\d{1,18})")
_LEFT = ("Logged out", "Disconnected", "Connection closed")


def read(entry: Entry) -> Event | None:
    """One line of Dovecot."""
    own = entry.app.startswith(_OWN)
    if entry.app not in APPS and not own:
        return None
    event = entry.event("dovecot", "mail")
    found = _LINE.match(f"{entry.app}: {entry.message}" if own else entry.message)
    if found is None:
        return event
    if found["served"]:
        return _left(replace(event, protocol=found["served"], user=found["user"]), found["said"])
    event = replace(event, protocol=found["kind"])
    return _login(event, found["said"])


def _login(event: Event, said: str) -> Event:
    parts = dict(_PART.findall(said))
    fields = {**event.fields, **({"method": parts["method"]} if "method" in parts else {})}
    user, source = parts.get("user") or None, parts.get("rip") or None
    event = replace(event, user=user, source=source, fields=fields)
    if said.startswith("Login:"):
        return replace(event, action=Action.LOGON, ok=True, what=event.user)
    if (tried := _TRIED.search(said)) and tried[1]:
        event = replace(event, action=Action.LOGON, ok=False, why="bad_password")
        return replace(event, fields={**event.fields, TIMES: int(tried[1])})
    return event


def _left(event: Event, said: str) -> Event:
    counted = _BYTES.search(said)
    received, sent = (number(counted[2]), number(counted[1])) if counted else (None, None)
    if said.startswith(_LEFT):
        return replace(event, action=Action.LOGOFF, ok=True, sent=sent, received=received)
    return event
