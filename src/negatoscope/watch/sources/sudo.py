"""sudo and su: who acted as whom, and who was not let."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, word

APPS = frozenset({"sudo", "su"})
_SUDO = re.compile(r"\s{0,4}(?P<user>\S{1,255}) : (?P<said>.*)", re.DOTALL)
_PART = re.compile(r"(?:^|; )(TTY|PWD|USER|COMMAND)=(.*?)(?= ; [A-Z]{3,7}=|$)", re.DOTALL)
_SU = (
    (re.compile(r"\(to (?P<target>\S{1,255})\) (?P<user>\S{1,255}) on "), True),
    (re.compile(r"Successful su for (?P<target>\S{1,255}) by (?P<user>\S{1,255})"), True),
    (re.compile(r"FAILED SU \(to (?P<target>\S{1,255})\) (?P<user>\S{1,255}) on "), False),
    (re.compile(r"FAILED su for (?P<target>\S{1,255}) by (?P<user>\S{1,255})"), False),
)
_WRONG = "incorrect password attempt"
_REFUSED = ("user NOT in sudoers", "command not allowed", "user NOT authorized on host", "a password is required")


def read(entry: Entry) -> Event | None:
    """One line of sudo or su."""
    if entry.app == "su":
        return _su(entry)
    found = _SUDO.match(entry.message)
    if found is None:
        return entry.event("linux", "sudo")
    parts = dict(_PART.findall(found["said"]))
    event = replace(entry.event("linux", "sudo"), user=found["user"], what=word(parts.get("USER")))
    fields = {**event.fields, **({"CommandLine": parts["COMMAND"]} if "COMMAND" in parts else {})}
    event = replace(event, fields=fields, action=Action.PROCESS, ok=True)
    said = found["said"].partition(" ; ")[0]
    if _WRONG in said:
        return replace(event, action=Action.LOGON, ok=False, why="bad_password", protocol="sudo")
    if said.startswith(_REFUSED):
        return replace(event, ok=False, why="not_allowed")
    return event if "COMMAND" in parts else replace(event, action=None, ok=None)


def _su(entry: Entry) -> Event:
    event = entry.event("linux", "auth")
    for pattern, ok in _SU:
        if found := pattern.match(entry.message):
            why = None if ok else "bad_password"
            told = replace(event, action=Action.LOGON, ok=ok, why=why, protocol="su")
            return replace(told, user=found["user"], what=found["target"])
    return event
