"""The networks that this machine touches without a router: the only ones where no host can hide from a sweep."""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

ROUTES = Path("/proc/thread-self/net/route")
LOOPBACK = "127.0.0.0/8"


def links(routes: str) -> tuple[str, ...]:
    """IPv4 networks reached without a gateway, from the kernel’s routing table (little-endian hexadecimal)."""
    found = [LOOPBACK]
    for line in routes.splitlines()[1:]:
        words = line.split()
        if len(words) > 7 and words[2] == "00000000" and words[7] != "00000000":  # noqa: PLR2004 -- gateway, mask
            network, mask = (IPv4Address(bytes.fromhex(word)[::-1]) for word in (words[1], words[7]))
            found.append(str(IPv4Network(f"{network}/{mask}", strict=False)))
    return tuple(dict.fromkeys(found))


def of_this_machine() -> tuple[str, ...]:
    """The links of the machine (or network namespace) that asks."""
    return links(ROUTES.read_text()) if ROUTES.exists() else ()
