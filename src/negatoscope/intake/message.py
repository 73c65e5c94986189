"""A post of an inventory agent, in XML (FusionInventory, OCS) or JSON (GLPI), as one kind of message.

XML and JSON name a few sections differently; JSON's names win, in lower case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError  # noqa: TID251 -- the types only; defusedxml parses

import msgspec
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from negatoscope.intake.refusal import TOO_LARGE, Refused
from negatoscope.kit.clock import PARIS

DEVICE = re.compile(r"[\w.@:+-]{1,200}")
"""What an agent may call itself: a host's name and the instant of its first run."""
LISTS = frozenset({
    "softwares", "networks", "drives", "antivirus", "firewalls", "local_users", "local_groups", "remote_mgmt",
    "usbdevices", "printers", "storages", "batteries", "virtualmachines", "envs", "processes", "licenseinfos", "users",
    "network_ports",
})  # fmt: skip
"""Sections of which there may be several, one element each in XML."""
INVENTORIES = frozenset({"inventory", "netinventory", "netdiscovery"})
"""What GLPI's agent calls its posts in JSON: of its own host, and of network devices that it asked by SNMP."""
RENAMED = {"firewall": "firewalls", "licenses": "licenseinfos", "registry": "registry"}
MAX_DEPTH = 12
MOST_PIECES = 600_000
"""Tags, attributes, rows and fields of one post: ten thousand programmes have a third of that. More would unfold into
hundreds of megabytes."""

Section = Any


@dataclass(frozen=True, slots=True)
class Message:
    """What an agent says. ``query``: ``prolog``, ``contact`` or ``inventory``."""

    query: str
    device: str
    """``DEVICEID``, which agents keep for life."""
    json: bool
    content: dict[str, Section] = field(default_factory=dict)
    partial: bool = False
    itemtype: str = "Computer"

    @property
    def dated(self) -> datetime | None:
        """When the agent says that it looked. Agents name no zone: taken as France's, it may be hours off."""
        said: Section = self.content.get("accesslog") or {}
        try:
            return datetime.strptime(str(said["logdate"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=PARIS)
        except (KeyError, TypeError, ValueError):
            return None


def parse(text: bytes) -> Message:
    """Read a post. Raises Refused: ``not_understood``, ``too_large``, ``device_unnamed``, ``query_unknown``."""
    start = text.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if sum(map(text.count, (b"{", b"[", b",") if start == b"{" else (b"<", b"="))) > MOST_PIECES:
        raise Refused("too_large", TOO_LARGE)
    message = _json(text) if start == b"{" else _xml(text)
    if not DEVICE.fullmatch(message.device):
        raise Refused("device_unnamed")
    if message.query not in {"prolog", "contact", "inventory"}:
        raise Refused("query_unknown")
    if message.query == "inventory" and not message.content:
        raise Refused("not_understood")
    return message


def _json(text: bytes) -> Message:
    try:
        said = msgspec.json.decode(text.lstrip(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Refused("not_understood") from error
    if not isinstance(said, dict):
        raise Refused("not_understood")
    content = said.get("content", {})
    action = str(said.get("action", "inventory")).lower()
    return Message(
        "inventory" if action in INVENTORIES else action,
        str(said.get("deviceid", "")),
        json=True,
        content=_named(content) if isinstance(content, dict) else {},
        partial=said.get("partial") is True,
        itemtype=str(said.get("itemtype", "Computer")),
    )


def _named(content: dict[str, Any]) -> dict[str, Section]:
    """Sections, those of which there may be several as lists of what is well formed."""
    named = {}
    for name, section in content.items():
        if name in LISTS:
            rows = section if isinstance(section, list) else [section]
            named[name] = [row for row in rows if isinstance(row, dict)]
        else:
            named[name] = section
    return named


def _xml(text: bytes) -> Message:
    try:
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refused("not_understood") from error
    device = (root.findtext("DEVICEID") or "").strip()
    content = root.find("CONTENT")
    sections = _sections(content) if content is not None else {}
    return Message((root.findtext("QUERY") or "").strip().lower(), device, json=False, content=sections)


def _sections(content: Iterable[Element]) -> dict[str, Section]:
    sections: dict[str, Section] = {}
    for element in content:
        name = RENAMED.get(element.tag.lower(), element.tag.lower())
        read = _element(element, 0)
        if name in LISTS:
            sections.setdefault(name, [])
            sections[name] += [read] if isinstance(read, dict) else []
        else:
            sections[name] = read
    return sections


def _element(element: Element, depth: int) -> Section:
    """Text, or fields by name; a name that comes twice is a list."""
    if not len(element) or depth > MAX_DEPTH:
        return (element.text or "").strip()
    fields: dict[str, Any] = {}
    for child in element:
        name, value = child.tag.lower(), _element(child, depth + 1)
        if name in fields:
            before = fields[name]
            fields[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            fields[name] = value
    return fields
