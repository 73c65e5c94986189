"""The Linux kernel: packets that nftables or iptables log, and media that are plugged in."""

import re
from dataclasses import replace
from typing import Any

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number

APPS = frozenset({"kernel", "ulogd"})
"""``ulogd`` writes what nftables hands to it (``log group``), in the kernel's own words."""
_PACKET = re.compile(r"\bIN=\S{0,32} (?:OUT=\S{0,32} )?.{0,400}?\bSRC=(?P<source>\S{2,64}) DST=(?P<target>\S{2,64}) ")
_PAIR = re.compile(r"\b(PROTO|SPT|DPT|LEN|IN|OUT)=(\S{1,64})")
_REFUSED = re.compile(r"drop|reject|block|deny|denied|refus|invalid|blacklist", re.IGNORECASE)
_PASSED = re.compile(r"accept|allow|pass|permit|autoris", re.IGNORECASE)
_STORAGE = re.compile(r"usb-storage (?P<what>[\d.:-]{1,32}): USB Mass Storage device detected")
_DEVICE = re.compile(r"usb (?P<what>[\d.:-]{1,32}): (?:New USB device found, |SerialNumber: )")
_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def read(entry: Entry) -> Event | None:
    """One line of the kernel."""
    if found := _PACKET.search(entry.message):
        return _packet(entry, found)
    event = entry.event("linux", "kernel")
    if found := _STORAGE.search(entry.message):
        return replace(event, action=Action.MEDIUM_PLUGGED, ok=True, what=found["what"])
    if found := _DEVICE.search(entry.message):
        return replace(event, what=found["what"])
    return event


def _packet(entry: Entry, found: "re.Match[str]") -> Event:
    """What passes or not is the prefix's word: whoever wrote the rule chose it. ``None``: it does not say."""
    event = entry.event("linux", "netfilter", "firewall")
    told = dict(reversed(_PAIR.findall(entry.message, found.start())))
    prefix = entry.message[: found.start()]
    ok = False if _REFUSED.search(prefix) else True if _PASSED.search(prefix) else None
    said: dict[str, Any] = {
        "src_ip": found["source"], "dst_ip": found["target"], "src_port": number(told.get("SPT")),
        "dst_port": number(told.get("DPT")), "action": None if ok is None else "allow" if ok else "deny",
        "in": told.get("IN"), "out": told.get("OUT"),
    }  # fmt: skip
    protocol = told.get("PROTO", "").lower() or None
    return replace(
        event,
        action=Action.CONNECTION,
        ok=ok,
        source=found["source"],
        target=found["target"],
        port=said["dst_port"],
        protocol=_PROTOCOLS.get(protocol or "", protocol),
        fields={**event.fields, **{name: value for name, value in said.items() if value is not None}},
    )
