"""A network device that an agent asked by SNMP on our behalf (GLPI's *NetInventory* and *NetDiscovery*, in JSON)."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.switching import Neighbour, Place, Sighting, SwitchPort
from negatoscope.observe.cards import card, maker
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.post import HOST, Post, Row, flag, text

DEVICES: Mapping[str, HostClass] = {"NetworkEquipment": HostClass.NETWORK, "Printer": HostClass.PRINTER}
"""What the format calls devices of the network."""
ETHERNET = frozenset({"6", "62", "117"})
"""``ifType`` of ports that switch frames (IANA: ethernetCsmacd, and the two that old switches say instead)."""
DEVICES_TELL = ("SwitchPort", "Neighbour")
"""Kinds that a post about a computer never carries."""
UP = "1"
MAX_VLAN = 4094


def device(post: Post) -> Iterator[Item]:
    """The device, its ports, who stands beside it and who is plugged in; kinds that the post does not carry: gaps."""
    yield _host(post)
    if DEVICES[post.itemtype] is not HostClass.NETWORK:
        return
    if not post.has("network_ports"):
        yield from (Gap(kind, "section_absent", HOST, {"detail": "network_ports"}) for kind in _KINDS)
        return
    ports = {name: row for row in post.rows("network_ports") if (name := _name(row)) and _switches(row)}
    for name, row in ports.items():
        yield _port(name, row)
        yield from _beside(name, row) if _presents(row) else _plugged(name, row)
    yield from (Sweep(kind, HOST) for kind in _KINDS)


_KINDS = (*DEVICES_TELL, "Sighting")


def _host(post: Post) -> Host:
    said = post.one("network_device")
    mac = card(text(said, "mac"))
    return Host(
        HOST,
        hostname=text(said, "name"),
        host_class=DEVICES[post.itemtype],
        os_version=text(said, "firmware"),
        vendor=text(said, "manufacturer"),
        model=text(said, "model"),
        serial=text(said, "serial"),
        macs=(mac,) if mac else None,
        addresses=tuple(sorted(set(_addresses(said)))) or None,
    )


def _addresses(said: Row) -> Iterator[str]:
    told = said.get("ips")
    for one in told if isinstance(told, list) else [told]:
        try:
            address = ip_address(str(one))
        except ValueError:
            continue
        if not (address.is_loopback or address.is_link_local or address.is_unspecified):
            yield str(address)


def _name(row: Row) -> str | None:
    return text(row, "ifname", "ifdescr")


def _switches(row: Row) -> bool:
    return text(row, "iftype") in ETHERNET


def _presents(row: Row) -> bool:
    """What stands beside presents itself (LLDP, CDP): it is named, and not only learnt."""
    return bool(flag(row.get("lldp")) or flag(row.get("cdp")))


def _rows(row: Row, name: str) -> list[Row]:
    told = row.get(name)
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _port(name: str, row: Row) -> SwitchPort:
    trunk = flag(row.get("trunk"))
    vlans = [(number, flag(one.get("tagged"))) for one in _rows(row, "vlans") if (number := _number(one))]
    plain = [number for number, tagged in vlans if not tagged]
    own = plain[0] if len(plain) == 1 else None
    others = tuple(sorted({number for number, _ in vlans} - {own})) if vlans else None
    cards = list(_cards(row))
    index = text(row, "ifnumber") or ""
    return SwitchPort(
        HOST,
        name,
        int(index) if index.isascii() and index.isdigit() else None,
        text(row, "ifalias"),
        _is_up(row, "ifinternalstatus"),
        _is_up(row, "ifstatus"),
        own if not trunk or any(tagged is not None for _, tagged in vlans) else None,
        others if trunk is not False else others or (),
        stations=len(cards) if cards else None,
    )


def _number(vlan: Row) -> int | None:
    told = text(vlan, "number") or ""
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else 0  # noqa: PLR2004 -- 4094
    return number if 1 <= number <= MAX_VLAN else None


def _is_up(row: Row, name: str) -> bool | None:
    told = text(row, name)
    return None if told is None else told in {UP, "up"}


def _cards(row: Row) -> Iterator[str]:
    """Cards learnt behind a port: one a connection, or a list."""
    for one in _rows(row, "connections"):
        told = one.get("mac")
        for said in told if isinstance(told, list) else [told]:
            if isinstance(said, str) and (mac := card(said)):
                yield mac


def _plugged(name: str, row: Row) -> Iterator[Sighting]:
    for mac in dict.fromkeys(_cards(row)):
        yield Sighting(HOST, mac, Place.PORT, name, maker=maker(mac))


def _beside(name: str, row: Row) -> Iterator[Neighbour]:
    for one in _rows(row, "connections"):
        system = text(one, "sysname")
        chassis = card(text(one, "sysmac")) or system or text(one, "ip")
        if chassis:
            yield Neighbour(HOST, name, chassis, system, text(one, "ifdescr"))
