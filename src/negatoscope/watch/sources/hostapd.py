"""hostapd: which device joined which radio, and who was refused."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

APPS = frozenset({"hostapd"})
_STATION = re.compile(
    r"(?P<card>[\w.-]{1,32}): (?:STA (?P<mac>[\da-fA-F]{2}(?::[\da-fA-F]{2}){5}) (?P<said>.{1,300})"
    r"|(?P<mark>AP-STA-CONNECTED|AP-STA-POSSIBLE-PSK-MISMATCH) (?P<other>[\da-fA-F]{2}(?::[\da-fA-F]{2}){5}))"
)
_JOINED = ("WPA: pairwise key handshake completed", "IEEE 802.1X: authenticated", "AP-STA-CONNECTED")
_REFUSED = ("AP-STA-POSSIBLE-PSK-MISMATCH", "IEEE 802.1X: authentication failed")


def read(entry: Entry) -> Event | None:
    """One line of hostapd."""
    event = entry.event("hostapd", "wifi")
    found = _STATION.search(entry.message)
    if found is None:
        return event
    said, mac = found["said"] or found["mark"], (found["mac"] or found["other"]).lower()
    event = replace(event, what=mac, protocol="wifi", fields={**event.fields, "mac": mac, "interface": found["card"]})
    if said.startswith(_JOINED):
        return replace(event, action=Action.DEVICE_SEEN, ok=True)
    if said.startswith(_REFUSED):
        return replace(event, action=Action.DEVICE_SEEN, ok=False, why="bad_password")
    return event
