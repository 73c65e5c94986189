"""Commands of nftables that block hosts in a table of their own, so that deleting it is the way back (nft(8)).

Addresses are given as ``ipaddress`` writes them: no text of the register stands in a command.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address

TABLE = "inet negatoscope"
LISTED = ("list", "table", "inet", "negatoscope")
DROPPED = (f"delete table {TABLE}",)
SETS = {4: ("held4", "ipv4_addr", "ip"), 6: ("held6", "ipv6_addr", "ip6")}
"""Per version of IP: the set, the type of its elements, and what a rule calls the header."""
CHAINS = ("forward", "input", "output")
BEFORE = -310
"""The priority of our chains: before the following of connections, so that those that stand are cut too."""
_WORD = re.compile(r"[0-9a-fA-F:.]+")


def blocking(addresses: Iterable[str]) -> tuple[str, ...]:
    """What blocks these addresses, whether or not others are blocked already; one transaction."""
    lines = [f"add table {TABLE}"]
    for name, kind, _header in SETS.values():
        lines.append(f"add set {TABLE} {name} {{ type {kind}; }}")
    for chain in CHAINS:
        lines.append(f"add chain {TABLE} {chain} {{ type filter hook {chain} priority {BEFORE}; policy accept; }}")
        lines.append(f"flush chain {TABLE} {chain}")
        for name, _kind, header in SETS.values():
            lines += [f"add rule {TABLE} {chain} {header} {end} @{name} drop" for end in ("saddr", "daddr")]
    return (*lines, *(f"add element {TABLE} {_set(one)} {{ {one} }}" for one in addresses))


def unblocking(addresses: Iterable[str]) -> tuple[str, ...]:
    """What lets these addresses through again, others staying blocked."""
    return tuple(f"delete element {TABLE} {_set(one)} {{ {one} }}" for one in addresses)


def blocked(listed: str) -> frozenset[str]:
    """The addresses that a listing of the table shows as blocked."""
    found = re.findall(r"elements = \{([^}]*)\}", listed)
    return frozenset(str(ip_address(word)) for part in found for word in _WORD.findall(part))


def later(seconds: int, lines: Iterable[str]) -> str:
    """A line for a shell, by which the gateway does this after some time, and which prints the number of its process.

    It goes on when the connection that brought it is cut; ``killed`` takes it back.
    """
    order = _quoted(f"sleep {seconds}; nft {_quoted('; '.join(lines))}")
    return f"setsid sh -c {order} >/dev/null 2>&1 </dev/null & echo $!"


def killed(process: int) -> str:
    """A line for a shell that takes ``later`` back: it fails where that was already done."""
    return f"kill -- -{process}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _set(address: str) -> str:
    return SETS[ip_address(address).version][0]
