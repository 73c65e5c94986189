"""Postfix: mail that leaves, and log-ins to send it."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number

_START = "postfix/"
_REFUSED = re.compile(
    r"warning: [^\[\s]{0,255}\[(?P<source>[^\]\s]{1,64})\]: SASL \S{1,30} authentication failed:"
    r".{0,300}?(?:sasl_username=(?P<user>\S{1,255}))?$", re.DOTALL)  # fmt: skip
_CAME_IN = re.compile(
    r"(?P<what>[0-9A-Za-z]{6,20}): client=[^\[\s]{0,255}\[(?P<source>[^\]\s]{1,64})\],?"
    r"(?: sasl_method=\S{1,30},)?(?: sasl_username=(?P<user>\S{1,255}))?")  # fmt: skip
_QUEUED = re.compile(r"(?P<what>[0-9A-Za-z]{6,20}): from=<(?P<user>[^>\s]{0,255})>, size=(?P<size>\d{1,18}),")
_GONE = re.compile(
    r"(?P<what>[0-9A-Za-z]{6,20}): to=<(?P<to>[^>\s]{1,255})>,(?: orig_to=<[^>]{0,255}>,)? relay=(?P<relay>\S{1,300}), "
    r".{0,200}?status=(?P<status>\w{1,20})", re.DOTALL)  # fmt: skip
_RELAY = re.compile(r"(?P<name>[^\[\s]{1,255})\[(?P<target>[^\]\s]{1,64})\]:(?P<port>\d{1,5})")


def read(entry: Entry) -> Event | None:
    """One line of Postfix. ``what`` is the queue's name of a mail: size and recipients stand in lines of their own."""
    if not entry.app.startswith(_START):
        return None
    programme = entry.app.rpartition("/")[2]
    event = replace(entry.event("postfix", "mail"), protocol="smtp")
    if found := _REFUSED.match(entry.message):
        event = replace(event, user=found["user"], source=found["source"])
        return replace(event, action=Action.LOGON, ok=False, why="bad_password")
    if found := _CAME_IN.match(entry.message):
        event = replace(event, source=found["source"], what=found["what"], user=found["user"])
        return replace(event, action=Action.LOGON, ok=True) if found["user"] else event
    if found := _QUEUED.match(entry.message):
        return replace(event, user=found["user"] or None, sent=number(found["size"]), what=found["what"])
    if programme == "smtp" and (found := _GONE.match(entry.message)):
        return _gone(event, found)
    return event


def _gone(event: Event, found: "re.Match[str]") -> Event:
    relay = _RELAY.match(found["relay"])
    fields = {**event.fields, "recipient": found["to"], "status": found["status"]}
    event = replace(event, action=Action.MAIL_SENT, ok=found["status"] == "sent", what=found["what"], fields=fields)
    return replace(event, target=relay["target"], port=number(relay["port"])) if relay else event
