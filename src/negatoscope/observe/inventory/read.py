"""A whole post, read: each kind is closed by a sweep only where the section that tells it came, and came whole.

A partial post speaks of what it carries and is silent on the rest: earlier posts stand, and age.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from msgspec import Struct

from negatoscope.model.endpoints import AgentContact, WindowsSecurity
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.collector import Collector, Item
from negatoscope.observe.inventory.accounts import accounts, privileges
from negatoscope.observe.inventory.equipment import DEVICES, DEVICES_TELL, device
from negatoscope.observe.inventory.identity import host, interfaces
from negatoscope.observe.inventory.network import radio, routes
from negatoscope.observe.inventory.post import HOST, Post, parse
from negatoscope.observe.inventory.programmes import antivirus, software
from negatoscope.observe.inventory.settings import firewall, volumes

_READERS: dict[str, tuple[str, Callable[[Post], Iterator[Item]]]] = {
    "Interface": ("networks", interfaces),
    "Route": ("networks", routes),
    "Sighting": ("networks", radio),
    "Software": ("softwares", software),
    "Account": ("local_users", accounts),
    "Privilege": ("local_groups", privileges),
    "Volume": ("drives", volumes),
    "Antivirus": ("antivirus", antivirus),
    "Firewall": ("firewalls", firewall),
}
REGISTRY_TELLS = ("RemovableMedia", "SessionPolicy", "Updates", "TimeSync", "WindowsSecurity")
"""What a Windows host says in its registry alone, which the agent's *Collect* task reads."""
CARELESS = {"envs": "environment", "licenseinfos": "licenseinfo", "processes": "process"}
"""Sections that can carry secrets, none of which is kept, and the agent's category to switch off."""
GIVES = ("Host", "AgentContact", *_READERS, *DEVICES_TELL)


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: agents send what they send."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """Facts, sweeps and gaps of one post. Raises Unreadable."""
    post = parse(stream)
    if post.itemtype in DEVICES:
        yield from device(post)
    elif post.itemtype != "Computer":
        yield Gap("Host", "not_a_computer", None, {"detail": post.itemtype[:80]})
    else:
        yield from _computer(post)


def _computer(post: Post) -> Iterator[Item]:
    yield host(post)
    client = post.content.get("versionclient")
    yield AgentContact(HOST, client if isinstance(client, str) and client else None)
    yield Sweep("AgentContact", HOST)
    careless = sorted(CARELESS[name] for name, count in post.dropped.items() if name in CARELESS and count)
    if careless:
        yield Gap("agent", "secrets_dropped", HOST, {"detail": ",".join(careless)})
    for kind, (section, reader) in _READERS.items():
        if post.has(section) or (kind == "Antivirus" and post.windows is not None):
            yield from reader(post)
        elif not post.partial:
            yield Gap(kind, "section_absent", HOST, {"detail": section})
    if post.windows is False:
        yield WindowsSecurity(HOST, present=False)
        yield Sweep("WindowsSecurity", HOST)
    if post.windows and not post.partial:
        yield from (Gap(kind, "registry_not_collected", HOST) for kind in REGISTRY_TELLS)


AGENT = Collector("agent", NoSettings, None, read, gives=GIVES)
