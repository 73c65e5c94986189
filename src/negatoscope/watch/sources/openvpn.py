"""OpenVPN: who came in through the tunnel, from where, and who was refused."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

_FROM = r"(?:\[?AF_INET6?\]?)?(?P<source>[\d.]{7,15}|\[?[\da-fA-F:]{2,45}\]?):\d{1,5}"
_UP = re.compile(
    rf"(?:{_FROM} )?\[(?P<user>[^\]]{{1,255}})\] Peer Connection Initiated with "
    r"(?:\[AF_INET6?\])?(?P<peer>\S{1,64}):\d{1,5}"
)
_REFUSED = re.compile(
    rf"{_FROM} (?:TLS Auth Error: Auth Username/Password verification failed for peer|VERIFY ERROR: )"
)
_NAMED = re.compile(rf"{_FROM} TLS: Username/Password authentication succeeded for username '(?P<user>[^']{{1,255}})'")
_START = ("openvpn", "ovpn")


def read(entry: Entry) -> Event | None:
    """One line of OpenVPN."""
    if not entry.app.startswith(_START):
        return None
    event = replace(entry.event("openvpn", "vpn"), protocol="vpn")
    if found := _UP.match(entry.message):
        return replace(event, action=Action.LOGON, ok=True, user=found["user"], source=found["peer"].strip("[]"))
    if found := _REFUSED.match(entry.message):
        why = "bad_key" if "VERIFY ERROR" in found[0] else "bad_password"
        return replace(event, action=Action.LOGON, ok=False, why=why, source=found["source"].strip("[]"))
    if found := _NAMED.match(entry.message):
        return replace(event, ok=True, user=found["user"], source=found["source"].strip("[]"))
    return event
