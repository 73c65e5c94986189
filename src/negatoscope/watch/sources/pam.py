"""PAM's modules, in whichever programme they speak: log-ins refused, sessions, accounts that expired or are locked."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

_MODULE = re.compile(r"(?:\S{1,60} )?pam_\w{1,30}\((?P<service>[\w.-]{1,60}):\w{1,20}\): (?P<said>.*)", re.DOTALL)
_OLD = re.compile(r"(?P<service>[\w.-]{1,60})\(pam_\w{1,30}\)$")
"""``sshd(pam_unix)``: the programme's name in lines of before 2005; its server writes no outcome of its own then."""
_FAILED = re.compile(r"authentication failure;.{0,300}? rhost=(?P<source>\S{0,255})(?:\s+user=(?P<user>\S{1,255}))?")
_OPENED = re.compile(r"session opened for user (?P<user>[^\s(]{1,255})")
_CLOSED = re.compile(r"session closed for user (?P<user>[^\s(]{1,255})")
_EXPIRED = re.compile(r"account (?P<user>\S{1,255}) has expired|expired password for user (?P<other>\S{1,255})")
_LOCKED = re.compile(r"Consecutive login failures for user (?P<user>\S{1,255}) account temporarily locked")
_SILENT = frozenset({"sshd", "sudo", "su", "su-l", "cron", "crond", "systemd-user", "runuser", "polkit-1", "dovecot"})
"""Programmes that tell of it in a line of their own, or that nobody logs in by."""


def read(entry: Entry) -> Event | None:
    """One line of a PAM module."""
    old = _OLD.match(entry.app)
    found = old or _MODULE.match(entry.message)
    if found is None:
        return None
    said = entry.message if old else found["said"]
    told = replace(entry.event("linux", "auth"), protocol={"sshd": "ssh"}.get(found["service"]))
    event = _meant(told, said)
    silent = _SILENT - {"sshd"} if old else _SILENT
    told_twice = found["service"] in silent and event.why in {None, "bad_password", "unknown_account"}
    return replace(event, action=None) if told_twice else event


def _meant(event: Event, said: str) -> Event:
    if found := _FAILED.search(said):
        user = found["user"]
        why = "bad_password" if user else "unknown_account"
        return replace(event, action=Action.LOGON, ok=False, why=why, user=user, source=found["source"] or None)
    if found := _OPENED.match(said):
        return replace(event, action=Action.LOGON, ok=True, user=found["user"])
    if found := _CLOSED.match(said):
        return replace(event, action=Action.LOGOFF, ok=True, user=found["user"])
    if found := _EXPIRED.match(said):
        user = found["user"] or found["other"]
        return replace(event, action=Action.LOGON, ok=False, why="expired", user=user)
    if found := _LOCKED.match(said):
        return replace(event, action=Action.LOGON, ok=False, why="locked", user=found["user"])
    return event
