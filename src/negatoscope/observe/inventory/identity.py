"""Which host posted: its name, class, system, hardware and cards."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.post import HOST, Post, Row, flag, text

_STAMP = re.compile(r"-\d{4}(-\d\d){5}$")
"""What agents add to the host's name to make ``DEVICEID``: the instant of their first run."""
_PORTABLE = re.compile(r"laptop|notebook|portable|convertible|detachable|tablet|hand ?held", re.IGNORECASE)
_FIXED = re.compile(r"desktop|tower|all[ -]in[ -]one|mini pc|stick pc|pizza box|lunch box|space-saving", re.IGNORECASE)
_RACK = re.compile(r"rack|blade|server", re.IGNORECASE)
_EMPTY = frozenset({
    "", "to be filled by o.e.m.", "default string", "not specified", "none", "system serial number", "0", "unknown",
    "system product name", "system manufacturer", "n/a", "00000000",
})  # fmt: skip
_SEPARATE = re.compile(r"^(lo|docker|veth|br-|virbr|ifb|dummy|cni|flannel|podman|vethernet)", re.IGNORECASE)
_MAC = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")
_OWN_WORDS = re.compile(r"hyper-v|vmware|virtual|loopback|tap-|wan miniport|wintun|wireguard", re.IGNORECASE)


def name_of(device: str) -> str:
    """The host's name in what an agent calls itself."""
    return _STAMP.sub("", device)


def host(post: Post) -> Host:
    """The host itself; whatever the post does not carry is ``None``."""
    hardware, bios, system = post.one("hardware"), post.one("bios"), post.one("operatingsystem")
    cards = _cards(post)
    looked = post.has("networks")
    return Host(
        HOST,
        hostname=text(hardware, "name") or name_of(post.agent),
        host_class=_class(post),
        os_name=text(system, "full_name", "name") or text(hardware, "osname"),
        os_version=text(system, "version") or text(hardware, "osversion"),
        vendor=_real(text(bios, "smanufacturer", "mmanufacturer")),
        model=_real(text(bios, "smodel", "mmodel")),
        serial=_real(text(bios, "ssn", "enclosureserial")),
        agent_id=post.agent,
        macs=tuple(sorted({mac for row in cards if (mac := _mac(row))})) if looked else None,
        addresses=tuple(sorted({one for row in cards for one in _lasting(row)})) if looked else None,
    )


def interfaces(post: Post) -> Iterator[Item]:
    """Every interface but loopback; a card with several addresses is told once an address."""
    if not post.has("networks"):
        return
    found: dict[str, Interface] = {}
    for row in post.rows("networks"):
        name = (text(row, "description") or "").partition("@")[0]  # a container's card names its other end: eth0@if8
        if not name or text(row, "type") == "loopback" or name == "lo":
            continue
        before = found.get(name)
        addresses = (*((before.addresses or ()) if before else ()), *_with_prefix(row))
        kind = (text(row, "type") or "").lower()
        wireless = kind == "wifi" if kind else None
        found[name] = Interface(HOST, name, _mac(row), tuple(dict.fromkeys(addresses)), wireless)
    yield from found.values()
    yield Sweep("Interface", HOST)


def _class(post: Post) -> HostClass | None:
    """By its case; a virtual machine by its system. A case that says nothing leaves it unknown."""
    chassis = text(post.one("hardware"), "chassis_type") or text(post.one("bios"), "type") or ""
    if _PORTABLE.search(chassis):
        return HostClass.LAPTOP
    if post.windows and "server" in post.system:
        return HostClass.SERVER
    if post.windows or _FIXED.search(chassis):
        return HostClass.WORKSTATION if post.windows is not None else None
    return HostClass.SERVER if _RACK.search(chassis) else None


def _real(value: str | None) -> str | None:
    """What makers write where they wrote nothing is nothing."""
    return None if value is None or value.lower() in _EMPTY else value


def _cards(post: Post) -> list[Row]:
    """The cards of its own, not those that a programme made. A container has none but such: then they are its own."""
    cards = [row for row in post.rows("networks") if _is_card(row)]
    own = [row for row in cards if not flag(row.get("virtualdev"))]
    return own or [row for row in cards if _mac(row)]


def _is_card(row: Row) -> bool:
    """Leads out of the host, or of the container: no loopback, no bridge, no tunnel."""
    name = text(row, "description") or ""
    inner = (text(row, "type") or "").lower() in {"loopback", "bridge", "alias"}
    return not (inner or _SEPARATE.match(name) or _OWN_WORDS.search(name))


def _mac(row: Row) -> str | None:
    mac = (text(row, "mac", "macaddr") or "").lower()
    return mac if _MAC.fullmatch(mac) and mac != "00:00:00:00:00:00" else None


def _lasting(row: Row) -> Iterator[str]:
    """Addresses that others can reach: no loopback, no link-local."""
    for name in ("ipaddress", "ipaddress6"):
        try:
            address = ip_address((text(row, name) or "").partition("%")[0])
        except ValueError:
            continue
        if not (address.is_loopback or address.is_link_local or address.is_unspecified):
            yield str(address)


def _with_prefix(row: Row) -> Iterator[str]:
    told = text(row, "ipaddress"), text(row, "ipmask")
    if all(told):
        try:
            found: IPv4Interface | IPv6Interface = ip_interface(f"{told[0]}/{told[1]}")
        except ValueError:
            return
        yield found.with_prefixlen
