"""By what a host is known again, and what only looks like a mark: fillers, virtual bridges, borrowed addresses."""

from collections.abc import Iterator

from negatoscope.kit.accents import without_accents
from negatoscope.model.hosts import Host

NO_SERIAL = frozenset({
    "0", "00000000", "0123456789", "123456789", "1234567890", "na", "none", "null", "unknown", "default",
    "defaultstring", "notspecified", "notapplicable", "notavailable", "systemserialnumber", "serialnumber", "oem",
    "tobefilledbyoem", "empty", "invalid", "xxxxxxxx", "fffffffff",
})  # fmt: skip
"""What makers leave in the place of a serial number, letters and digits only, lower case."""
SHORTEST_SERIAL = 4
LONGEST = 400
"""Signs of a mark that a register keeps; nothing honest is longer."""
COMMON_NAMES = frozenset({"localhost", "android", "iphone", "ipad", "unknown", "host", "pc", "printer", "default"})
"""Names that thousands of devices bear."""
FILLERS = ("00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff")
"""What a neighbour table holds where no card answered, or where all are meant."""
INNER = ("02:42:", "0a:00:27:", "00:50:56:c0:00:", *FILLERS)
"""Cards inside a host, the same on many: Docker's bridge, VirtualBox's and VMware's host-only networks, fillers."""
VIRTUAL = ("52:54:00:",)
"""Locally administered, and yet a virtual machine's own: QEMU and KVM."""
LIFELONG = ("serial", "machine", "agent", "directory")
"""Kinds of marks that a host keeps for life."""
HARD = frozenset({*LIFELONG, "mac"})
WEIGHTS = {
    "ref": 512, "serial": 64, "machine": 32, "agent": 32, "directory": 16, "mac": 8, "ae": 4, "lent_mac": 2, "ip": 2,
    "name": 1,
}  # fmt: skip
"""Every kind of mark, the strongest first, and how much it counts where several hosts agree."""

Marks = dict[str, set[str]]
"""Values by kind."""


def marks(host: Host) -> Marks:
    """All the marks that one statement gives, without fillers."""
    serial = "".join(filter(str.isalnum, host.serial or "")).casefold()
    plain = len(serial) < SHORTEST_SERIAL or serial in NO_SERIAL or len(set(serial)) == 1
    found: Marks = {
        "serial": set() if plain else {serial},
        "machine": {host.machine_id.casefold()} if host.machine_id else set(),
        "agent": {host.agent_id.casefold()} if host.agent_id else set(),
        "directory": {host.directory_id.casefold()} if host.directory_id else set(),
        "mac": set(),
        "ae": {f"{title}@{address}" for title in host.ae_titles or () for address in host.addresses or ()},
        "lent_mac": set(),
        "ip": set(host.addresses or ()),
        "name": set(),
    }
    for mac in host.macs or ():
        if not mac.startswith(INNER):
            found["lent_mac" if _lent(mac) else "mac"].add(mac)
    name = short(host)
    if name and name not in COMMON_NAMES:
        found["name"].add(name)
    return {kind: values for kind, values in found.items() if values}


def flat(found: Marks) -> Iterator[str]:
    """Each mark as one text, to look hosts up by."""
    for kind, values in found.items():
        yield from (f"{kind}:{value}"[:LONGEST] for value in sorted(values))


def short(host: Host) -> str:
    """Give the first label of the host's name, in lower case; empty where it has none."""
    name = without_accents((host.hostname or "").strip().rstrip(".").casefold())
    return name if name.replace(".", "").isdigit() else name.partition(".")[0]


def full(host: Host) -> str | None:
    """Give the whole name, if it bears its domain."""
    name = without_accents((host.hostname or "").strip().rstrip(".").casefold())
    return name if "." in name and not name.replace(".", "").isdigit() else None


def _lent(mac: str) -> bool:
    """Whether software chose this address (IEEE 802, bit « local »), as telephones do anew for each Wi-Fi."""
    return bool(int(mac[:2], 16) & 2) and not mac.startswith(VIRTUAL) if mac[:2].isalnum() else True
