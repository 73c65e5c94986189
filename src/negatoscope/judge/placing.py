"""Which hosts stand among those of their sort, behind a gateway: what matters, apart from desks."""

from collections.abc import Container, Iterable
from ipaddress import ip_interface, ip_network

from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.zones import PROTECTED, SHARED, Standing, Zoning
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import CLIENTS, Host, HostClass, Interface
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.zones import Zone, ZoneKind

IMPORTANT = frozenset({HostClass.SERVER, HostClass.MODALITY})
APART = frozenset({ZoneKind.IMAGING, ZoneKind.SERVERS})


def stands_apart(one: Standing, consoles: Container[Ref]) -> Said:
    """Whether a host stands among those of its sort. ``consoles``: hosts on which images are read."""
    known = one.host.host_class
    if known is None:
        yield unread(one.host.ref, "host_class")
    elif known not in IMPORTANT | CLIENTS:
        return
    elif one.host.addresses is None or not one.addresses:
        yield unread(one.host.ref, "addresses")
    for address in one.nowhere:
        yield Doubt(one.host.ref, "in_no_zone", {"address": address})
    for zone in one.zones:
        open_to_all = zone.kind in SHARED or (zone.kind is ZoneKind.DMZ and known is HostClass.MODALITY)
        if known in IMPORTANT and open_to_all:
            yield Finding(one.host.ref, "among_others", {"zone": zone.name})
        elif known in CLIENTS and zone.kind in APART:
            yield from _inside(one.host, zone, consoles)


def _inside(client: Host, zone: Zone, consoles: Container[Ref]) -> Said:
    if client.host_class is HostClass.LAPTOP or zone.kind is not ZoneKind.IMAGING:
        yield Finding(client.ref, "desk_inside", {"zone": zone.name})
    elif client.ref not in consoles:
        yield Doubt(client.ref, "desk_or_console", {"zone": zone.name})


def open_card(card: Interface, one: Standing | None, zoning: Zoning) -> Said:
    """A card whose own network holds another zone too: no gateway stands between them."""
    if one is None or one.host.host_class not in IMPORTANT | CLIENTS:
        return
    if card.addresses is None:
        yield unread(card.ref, "addresses")
    for text in card.addresses or ():
        own = zoning.own(text)
        if own is None:
            continue
        for other in zoning.zones:
            matters = other.ref != own.ref and {own.kind, other.kind} & PROTECTED
            if matters and _holds(text, zoning.networks(other)):
                yield Finding(one.host.ref, "no_wall", {"card": text, "zone": own.name, "other_zone": other.name})


def _holds(card: str, networks: Iterable[str]) -> bool:
    mine = ip_interface(card).network
    return any(mine.overlaps(ip_network(one)) for one in networks)
