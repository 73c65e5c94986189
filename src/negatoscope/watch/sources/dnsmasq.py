"""dnsmasq: which device was given which address (lines ``DHCPACK`` and their kin), and what was looked up."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

APPS = frozenset({"dnsmasq-dhcp", "dnsmasq"})
_LEASE = re.compile(
    r"(?:\d{1,12} )?(?P<step>DHCP[A-Z]{3,12})\((?P<card>[\w.@-]{1,32})\) (?:(?P<address>[\da-fA-F.:]{2,45}) )?"
    r"(?P<mac>[\da-fA-F]{2}(?::[\da-fA-F]{2}){5})(?: (?P<name>[\w.-]{1,255}))?"
)
_QUERY = re.compile(
    r"(?:\d{1,12} \S{1,60} )?query\[(?P<type>\w{1,10})\] (?P<name>\S{1,255}) from (?P<source>[\da-fA-F.:]{2,45})"
)


def read(entry: Entry) -> Event | None:
    """One line of dnsmasq."""
    event = entry.event("dnsmasq", "dhcp" if entry.app == "dnsmasq-dhcp" else None)
    if found := _LEASE.match(entry.message):
        fields = {**event.fields, "mac": found["mac"].lower(), "interface": found["card"], "step": found["step"]}
        event = replace(event, service="dhcp", source=found["address"], what=found["mac"].lower(), fields=fields)
        if found["name"]:
            event = replace(event, fields={**event.fields, "hostname": found["name"]})
        return replace(event, action=Action.DEVICE_SEEN, ok=True) if found["step"] == "DHCPACK" else event
    if found := _QUERY.match(entry.message):
        fields = {**event.fields, "query": found["name"], "record_type": found["type"]}
        return replace(event, service="dns", category="dns", source=found["source"], fields=fields)
    return event
