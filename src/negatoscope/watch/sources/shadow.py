"""useradd, usermod, passwd and their like: accounts made, changed and removed on a Linux host."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

APPS = frozenset({"useradd", "usermod", "userdel", "groupadd", "groupmod", "groupdel", "gpasswd", "passwd", "chpasswd",
                  "chage", "adduser", "deluser", "chfn", "chsh"})  # fmt: skip
_MEMBER = re.compile(
    r"(?:add|delete) '(?P<what>[^']{1,255})' (?:to|from) (?:shadow )?group '(?P<group>[^']{1,255})'|"
    r"user (?P<other>\S{1,255}) (?:added|removed) by \S{1,255} (?:to|from) group (?P<into>\S{1,255})"
)
_ACCOUNT = re.compile(
    r"(?:new user: name=|delete user '|(?:lock|unlock) user '|change user '|password changed for |"
    r"changed (?:user|password expiry for) '?)(?P<what>[^',\s]{1,255})"
)


def read(entry: Entry) -> Event | None:
    """One line of the programmes that keep ``/etc/passwd``."""
    event = entry.event("linux", "auth")
    if found := _MEMBER.search(entry.message):
        fields = {**event.fields, "MemberName": found["what"] or found["other"]}
        what = found["group"] or found["into"]
        return replace(event, action=Action.RIGHTS_CHANGED, ok=True, what=what, fields=fields)
    if found := _ACCOUNT.search(entry.message):
        return replace(event, action=Action.ACCOUNT_CHANGED, ok=True, what=found["what"])
    return event
