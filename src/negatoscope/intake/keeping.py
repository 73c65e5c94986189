"""What of an inventory goes into the vault: sections and fields that facts are read from, and nothing else.

Agents can send environments, command lines and licence keys, where secrets lie about. They are dropped before a byte is
kept; how much was dropped, and of what, is kept in its place. A field that is kept is masked where it looks like a
password all the same.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from negatoscope.intake.message import Message
from negatoscope.kit.canonical import canonical

FORMAT = "negatoscope-agent/1"
KEPT: dict[str, frozenset[str]] = {
    "hardware": frozenset({"name", "uuid", "chassis_type", "workgroup", "vmsystem", "osname", "osversion"}),
    "bios": frozenset({
        "smanufacturer", "smodel", "ssn", "bmanufacturer", "bversion", "bdate", "mmanufacturer", "mmodel",
        "enclosureserial", "secure_boot", "type",
    }),
    "operatingsystem": frozenset({
        "name", "version", "full_name", "fqdn", "dns_domain", "kernel_name", "kernel_version", "arch", "boot_time",
        "install_date", "service_pack",
    }),
    "softwares": frozenset({"name", "version", "publisher", "install_date", "from", "arch", "release_type", "guid"}),
    "networks": frozenset({
        "description", "ipaddress", "ipaddress6", "ipmask", "ipmask6", "macaddr", "mac", "status", "type",
        "virtualdev", "driver", "wifi_ssid", "ipgateway",
    }),
    "drives": frozenset({
        "letter", "type", "filesystem", "volumn", "label", "total", "free", "systemdrive", "description",
        "encrypt_name", "encrypt_algo", "encrypt_status", "encrypt_type",
    }),
    "antivirus": frozenset({"name", "company", "version", "base_version", "base_creation", "enabled", "uptodate"}),
    "firewalls": frozenset({"profile", "status", "description"}),
    "local_users": frozenset({"name", "login", "id", "shell"}),
    "local_groups": frozenset({"name", "id", "member", "members"}),
    "remote_mgmt": frozenset({"type", "version"}),
    "usbdevices": frozenset({"name", "caption", "class", "manufacturer", "vendorid", "productid", "serial"}),
    "printers": frozenset({"name", "driver", "port", "network", "shared", "status"}),
    "storages": frozenset({"name", "model", "manufacturer", "interface", "type", "disksize"}),
    "network_device": frozenset({
        "type", "name", "manufacturer", "model", "serial", "firmware", "mac", "ips",
    }),
    "network_ports": frozenset({
        "ifname", "ifdescr", "ifalias", "ifnumber", "iftype", "ifinternalstatus", "ifstatus", "trunk", "lldp", "cdp",
        "vlans", "connections",
    }),
    "versionprovider": frozenset({"name", "version"}),
    "accesslog": frozenset({"logdate"}),
}  # fmt: skip
WITHIN = {
    "vlans": frozenset({"number", "name", "tagged"}),
    "connections": frozenset({"sysname", "sysmac", "ifdescr", "ip", "mac"}),
}
"""Rows within a row."""
PLAIN = frozenset({"versionclient"})
"""Sections that are a mere text."""
_SECRET = re.compile(
    r"(?i)(pass(?:word|wd|phrase)?|pwd|mot de passe|secret|api[_-]?key|token|private[ _]key)\s*[=:]|:[^/\s:@]+@[\w.-]+"
)
MOST_TEXT = 2000


def capture(message: Message) -> tuple[bytes, Counter[str]]:
    """The bytes to keep, and how many rows of each section were left out of them."""
    dropped: Counter[str] = Counter()
    content: dict[str, Any] = {}
    for name, section in sorted(message.content.items()):
        if name in KEPT:
            content[name] = _fields(section, KEPT[name], dropped)
        elif name in PLAIN and isinstance(section, str):
            content[name] = section[:MOST_TEXT]
        else:
            dropped[name[:40]] += len(section) if isinstance(section, list) else 1
    said = {
        "format": FORMAT,
        "agent": message.device,
        "partial": message.partial,
        "itemtype": message.itemtype,
        "dropped": dict(sorted(dropped.items())),
        "content": content,
    }
    return canonical(said), dropped


def _fields(section: Any, names: frozenset[str], dropped: Counter[str]) -> Any:  # noqa: ANN401 -- rows or one row
    if isinstance(section, list):
        return [_fields(row, names, dropped) for row in section if isinstance(row, Mapping)]
    if not isinstance(section, Mapping):
        return {}
    return {
        name: _fields(value, WITHIN[name], dropped) if name in WITHIN else _clean(value, dropped)
        for name, value in section.items()
        if name in names
    }


def _clean(value: Any, dropped: Counter[str]) -> Any:  # noqa: ANN401 -- text, number, or a list of them
    if isinstance(value, list):
        return [_clean(one, dropped) for one in value if isinstance(one, str | int | float)]
    if isinstance(value, str):
        if _SECRET.search(value):
            dropped["masked"] += 1
            return None
        return value[:MOST_TEXT]
    return value if isinstance(value, int | float) else None
