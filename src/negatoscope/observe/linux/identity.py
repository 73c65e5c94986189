"""Which host this is: its name, class, system, hardware and network interfaces."""

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_interface

import msgspec
from msgspec import Struct

from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import ADDRESSES, DISPLAYS, MACHINE_ID, PROCESSES
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import pairs

_PORTABLE_CHASSIS = frozenset({"8", "9", "10", "14", "30", "31", "32"})
"""SMBIOS: portable, laptop, notebook, sub-notebook, tablet, convertible, detachable."""
_SERVER_CHASSIS = frozenset({"17", "23", "25", "28", "29"})
"""SMBIOS: main server chassis, rack mount, multi-system, blade, blade enclosure."""
_HYPERVISORS = re.compile(
    r"\b(qemu|kvm|vmware|virtualbox|innotek|bochs|xen|openstack|ovirt|rhev|proxmox|virtual machine|amazon ec2)\b",
    re.IGNORECASE,
)
"""What stands in the place of a maker where the machine is virtual."""
_VIRTUAL_NAMES = ("lo", "docker", "veth", "br-", "virbr", "ifb", "dummy", "cni", "flannel", "cali", "podman", "lxcbr")
_VIRTUAL_KINDS = frozenset(
    {"dummy", "ifb", "tun", "vxlan", "wireguard", "sit", "gre", "ipip", "geneve", "vcan", "bridge"}
)
_PLACEHOLDERS = frozenset(
    {"", "to be filled by o.e.m.", "default string", "not specified", "none", "system serial number", "0", "unknown"}
)


class _Address(Struct):
    local: str = ""
    prefixlen: int = 0
    scope: str = ""


class _LinkInfo(Struct):
    info_kind: str = ""


class Link(Struct):
    """A network interface, as ``ip -j -d address`` tells it."""

    ifname: str = ""
    link_type: str = ""
    address: str = ""
    permaddr: str | None = None
    linkinfo: _LinkInfo = msgspec.field(default_factory=_LinkInfo)
    addr_info: list[_Address] = []

    @property
    def virtual(self) -> bool:
        """Has no card of its own behind it."""
        return self.ifname.startswith(_VIRTUAL_NAMES) or self.linkinfo.info_kind in _VIRTUAL_KINDS

    @property
    def addresses(self) -> tuple[str, ...]:
        """With prefix length."""
        return tuple(f"{one.local}/{one.prefixlen}" for one in self.addr_info if _is_interface(one))

    @property
    def mac(self) -> str | None:
        """The burned-in address where the kernel tells it, else the present one."""
        found = (self.permaddr or self.address).lower()
        return found if self.link_type == "ether" and found else None


def host(sections: Sections) -> Host:
    """The host itself; whatever was not seen is ``None``."""
    system = dict(pairs(_os_release(sections)))
    links = links_of(sections)
    cards = [link for link in links or () if not link.virtual]
    digest = sections.command(" ".join(MACHINE_ID.argv))
    return Host(
        HOST,
        hostname=sections.header.hostname or None,
        host_class=host_class(sections),
        os_name=system.get("NAME"),
        os_version=system.get("VERSION_ID"),
        vendor=_dmi(sections, "sys_vendor"),
        model=_dmi(sections, "product_name"),
        serial=_dmi(sections, "product_serial"),
        machine_id=digest.text.split()[0] if digest.ok and digest.text.split() else None,
        macs=None if links is None else tuple(sorted({link.mac for link in cards if link.mac})),
        addresses=None if links is None else tuple(_lasting(links)),
    )


def graphical(sections: Sections) -> bool | None:
    """Whether somebody can sit in front of it: a display manager is set, or desktop sessions are installed."""
    looked = [
        sections.link("/etc/systemd/system/display-manager.service"),
        sections.file("/etc/X11/default-display-manager"),
        sections.names("/usr/share/xsessions/*.desktop"),
        sections.names("/usr/share/wayland-sessions/*.desktop"),
    ]
    if any(section.ok and section.text.strip() not in {"", "/dev/null"} for section in looked):
        return True
    return False if all(section.looked for section in looked) else None


def host_class(sections: Sections) -> HostClass | None:
    """Laptop by its case or battery, workstation by its desktop, server by its case or hypervisor and no screen."""
    chassis = _dmi(sections, "chassis_type")
    if chassis in _PORTABLE_CHASSIS or _battery(sections):
        return HostClass.LAPTOP
    desktop = graphical(sections)
    unread = not sections.file("/sys/class/dmi/id/chassis_type").looked
    if unread or desktop is None or (desktop and chassis in _SERVER_CHASSIS):
        return None
    if desktop:
        return HostClass.WORKSTATION
    serves = chassis in _SERVER_CHASSIS or _HYPERVISORS.search(
        f"{_dmi(sections, 'sys_vendor')} {_dmi(sections, 'product_name')}"
    )
    return HostClass.SERVER if serves and _nothing_shows(sections) else None


def _nothing_shows(sections: Sections) -> bool:
    """No display server is installed where they are looked for, and none runs."""
    looked = [sections.names(path) for path in DISPLAYS]
    found = {path for section in looked for path in section.lines} - {"/usr/bin/X11"}
    known = "|".join(re.escape(path.rpartition("/")[2].rstrip("*")[:15]) for path in DISPLAYS if "*" not in path)
    processes = sections[PROCESSES.section]
    running = re.search(rf"\b(?:{known}|Xwayland)\b", processes.text)
    return all(section.looked for section in (*looked, processes)) and not found and not running


def interfaces(sections: Sections) -> Iterator[Item]:
    """Every interface but loopback, virtual ones included."""
    links = links_of(sections)
    if links is None:
        yield from closed("Interface", {"interfaces": sections.why(_address_section(sections))})
        return
    wireless = sections.names("/sys/class/net/*/wireless")
    radios = {path.split("/")[-2] for path in wireless.lines if path.count("/") > 1} if wireless.looked else None
    names = set()
    for link in links:
        if link.link_type == "loopback" or not link.ifname or link.ifname in names:
            continue
        names.add(link.ifname)
        yield Interface(HOST, link.ifname, link.mac, link.addresses, None if radios is None else link.ifname in radios)
    yield from closed("Interface", {} if wireless.looked else {"wireless": sections.why(wireless)})


def links_of(sections: Sections) -> list[Link] | None:
    """Every interface; ``None``: they were not told."""
    section = _address_section(sections)
    if not section.ok:
        return None
    try:
        return msgspec.json.decode(section.text, type=list[Link])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _address_section(sections: Sections) -> Section:
    return sections.command(" ".join(ADDRESSES.argv))


def _lasting(links: list[Link]) -> Iterator[str]:
    """Addresses by which others may know this host. A bridge named by an administrator (br0) keeps its own."""
    for link in links:
        if link.ifname.startswith(_VIRTUAL_NAMES) or link.linkinfo.info_kind in _VIRTUAL_KINDS - {"bridge"}:
            continue
        for one in link.addr_info:
            if one.scope == "global" and _is_interface(one) and not ip_address(one.local).is_link_local:
                yield one.local


def _is_interface(address: _Address) -> bool:
    try:
        ip_interface(f"{address.local}/{address.prefixlen}")
    except ValueError:
        return False
    return True


def _os_release(sections: Sections) -> str:
    own, vendor = sections.file("/etc/os-release"), sections.file("/usr/lib/os-release")
    return own.text if own.ok else vendor.text


def _dmi(sections: Sections, name: str) -> str | None:
    section = sections.file(f"/sys/class/dmi/id/{name}")
    value = section.text.strip()
    return value if section.ok and value.lower() not in _PLACEHOLDERS else None


def _battery(sections: Sections) -> bool:
    """A battery that feeds the host; a mouse's has the scope *Device*."""
    for path, section in sections.files("/sys/class/power_supply/*/type"):
        scope = sections.file(f"{path.removesuffix('/type')}/scope")
        if section.text.strip() == "Battery" and scope.text.strip() != "Device":
            return True
    return False
