"""OpenSSH's server: who came in, who was refused and why.

One attempt makes several lines. The one that tells its outcome (``Accepted``, ``Failed``) is the log-in; that a
connection was left before any (``gave_up``) is one too, since a server that takes keys alone writes nothing else. Its
field ``ends`` says so: after a wrong password it tells of the same attempt once more, from the same port.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import ENDS, Entry, number

APPS = frozenset({"sshd", "sshd-session", "sshd-auth"})
_FROM = r"from (?P<source>[\w.:%-]{1,255}) port (?P<port>\d{1,5})"
_INVALID = "invalid user "


def _accepted(event: Event, _found: "re.Match[str]") -> Event:
    return replace(event, action=Action.LOGON, ok=True)


def _failed(event: Event, found: "re.Match[str]") -> Event:
    why = "unknown_account" if found["invalid"] else "bad_password" if "password" in found["how"] else "bad_key"
    return replace(event, action=Action.LOGON, ok=False, why=why)


def _left(event: Event, found: "re.Match[str]") -> Event:
    fields = {**event.fields, ENDS: True}
    why = "unknown_account" if found["invalid"] else "gave_up"
    return replace(event, action=Action.LOGON, ok=False, why=why, fields=fields)


def _too_many(event: Event, _found: "re.Match[str]") -> Event:
    return replace(event, action=Action.LOGON, ok=False, why="too_many", fields={**event.fields, ENDS: True})


def _unknown(event: Event, _found: "re.Match[str]") -> Event:
    return replace(event, ok=False, why="unknown_account")


def _refused(event: Event, found: "re.Match[str]") -> Event:
    locked = "account is locked" in found["because"]
    return replace(event, action=Action.LOGON, ok=False, why="disabled" if locked else "not_allowed")


def _closed(event: Event, _found: "re.Match[str]") -> Event:
    return replace(event, action=Action.LOGOFF, ok=True)


def _spoken(event: Event, _found: "re.Match[str]") -> Event:
    return replace(event, action=Action.CONNECTION, ok=None)


_LINES: tuple[tuple[str, "re.Pattern[str]", Callable[[Event, "re.Match[str]"], Event]], ...] = (
    ("Accepted", re.compile(rf"Accepted (?P<how>\S{{1,60}}) for (?P<user>.{{1,255}}) {_FROM}"), _accepted),
    (
        "Failed",
        re.compile(rf"Failed (?P<how>\S{{1,60}}) for (?P<invalid>{_INVALID})?(?P<user>.{{0,255}}) {_FROM}(?: ssh\d)?$"),
        _failed,
    ),
    (
        "Connection ",
        re.compile(
            rf"Connection (?:closed|reset) by (?:(?P<invalid>{_INVALID})|authenticating user )(?P<user>.{{0,255}}) "
            r"(?P<source>[\w.:%-]{1,255}) port (?P<port>\d{1,5}) \[preauth\]$"
        ),
        _left,
    ),
    (
        "error: max",
        re.compile(rf"error: maximum authentication attempts exceeded for (?:{_INVALID})?(?P<user>.{{0,255}}) {_FROM}"),
        _too_many,
    ),
    ("Invalid user", re.compile(rf"Invalid user (?P<user>.{{0,255}}) {_FROM}$"), _unknown),
    ("Invalid user", re.compile(r"Invalid user (?P<user>.{0,255}) from (?P<source>[\w.:%-]{1,255})$"), _unknown),
    (
        "User ",
        re.compile(
            r"User (?P<user>.{1,255}) from (?P<source>[\w.:%-]{1,255}) not allowed because (?P<because>.{1,255})$"
        ),
        _refused,
    ),
    (
        "Disconnected from user",
        re.compile(r"Disconnected from user (?P<user>.{1,255}) (?P<source>[\w.:%-]{1,255}) port (?P<port>\d{1,5})$"),
        _closed,
    ),
    ("Connection from", re.compile(rf"Connection {_FROM}"), _spoken),
)


def read(entry: Entry) -> Event | None:
    """One line of OpenSSH's server. The last address of a line is the true one: a user name may pretend others."""
    event = replace(entry.event("linux", "sshd"), protocol="ssh")
    for start, pattern, meaning in _LINES:
        found = pattern.match(entry.message) if entry.message.startswith(start) else None
        if found:
            told = found.groupdict()
            fields = {**event.fields, **({"src_port": port} if (port := number(told.get("port"))) else {})}
            return meaning(replace(event, user=told.get("user") or None, source=found["source"], fields=fields), found)
    return replace(event, protocol=None)
