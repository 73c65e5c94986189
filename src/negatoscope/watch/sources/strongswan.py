"""strongSwan: who came in through IPsec, and who was refused (lines of ``charon``)."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

APPS = frozenset({"charon", "charon-systemd", "ipsec"})
_UP = re.compile(
    r".{0,60}?IKE_SA (?P<name>\S{1,100}) established between \S{1,64}\[.{1,255}?\]\.\.\."
    r"(?P<source>[^\s\[]{2,64})\[(?P<user>[^\]]{1,255})\]"
)
_REFUSED = re.compile(
    r".{0,60}?(?:EAP method \S{1,40} failed for peer|authentication of '(?P<user>[^']{1,255})' with .{1,60}? failed|"
    r"no shared key found for '.{1,255}?' - '(?P<other>[^']{1,255})'|"
    r"no trusted .{1,20} public key found for '(?P<third>[^']{1,255})')"
)


def read(entry: Entry) -> Event | None:
    """One line of strongSwan."""
    event = replace(entry.event("strongswan", "vpn"), protocol="vpn")
    if found := _UP.match(entry.message):
        event = replace(event, user=found["user"], source=found["source"], what=found["name"])
        return replace(event, action=Action.LOGON, ok=True)
    if found := _REFUSED.match(entry.message):
        user = found["user"] or found["other"] or found["third"]
        return replace(event, action=Action.LOGON, ok=False, why="bad_key", user=user)
    return event
