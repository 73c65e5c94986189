"""Tables of neighbours: ``ip -j neigh``, ``/proc/net/arp``, ``arp -a`` of Linux, Windows and BSD."""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from negatoscope.model.evidence import Ref
from negatoscope.model.switching import Place
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.leases.station import Station, decoded, sighted

_HEADING = re.compile(r"^IP address\s+HW type\s+Flags\s+HW address", re.MULTILINE)
_UNIX = re.compile(r"^(\S+) \(([\d.]+)\) at ([0-9a-fA-F:]{11,17}) .*?on (\S+)", re.MULTILINE)
_WINDOWS = re.compile(
    r"^[ \t]+(\d+\.\d+\.\d+\.\d+)[ \t]+((?:[0-9a-fA-F]{2}-){5}[0-9a-fA-F]{2})[ \t]+(\S+)\s*$", re.MULTILINE
)
_CARD = re.compile(r"^\S.*?:? (\d+\.\d+\.\d+\.\d+) --- 0x([0-9a-f]+)\s*$", re.MULTILINE)
"""Before each table Windows names the card by its address, in any language."""
FAILED = frozenset({"FAILED", "INCOMPLETE", "NOARP"})
"""States in which nobody answered."""
COMPLETE = 0x2
"""``ATF_COM`` in the flags of /proc/net/arp."""
STATIC = frozenset({"static", "statique", "statisch", "estático"})


class _Neighbour(Struct, frozen=True):
    dst: str
    dev: str
    lladdr: str = ""
    state: list[str] = []


def of_ip(text: str) -> Iterator[Station]:
    """Stations of ``ip -j neigh``. Raises Unreadable."""
    try:
        told = msgspec.json.decode(text or "[]", type=list[_Neighbour])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Unreadable("not_a_table") from error
    for one in told:
        if one.lladdr and FAILED.isdisjoint(one.state):
            yield Station(one.lladdr, one.dev, one.dst)


def of_proc(text: str) -> Iterator[Station]:
    """Stations of ``/proc/net/arp``: address, type, flags, card, mask, interface."""
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) == len(("address", "type", "flags", "card", "mask", "interface")) and _complete(words[2]):
            yield Station(words[3], words[5], words[0])


def _complete(flags: str) -> bool:
    try:
        return bool(int(flags, 16) & COMPLETE)
    except ValueError:
        return False


def of_unix(text: str) -> Iterator[Station]:
    """Stations of ``arp -a`` on Linux and BSD."""
    for name, address, mac, interface in _UNIX.findall(text):
        yield Station(mac, interface, address, name)


def of_windows(text: str) -> Iterator[Station]:
    """Stations of ``arp -a`` on Windows: what it wrote there itself (static) met nobody."""
    place = "arp"
    for line in text.splitlines():
        if found := _CARD.match(line):
            place = found[1]
        elif (found := _WINDOWS.match(line)) and found[3].lower() not in STATIC:
            yield Station(found[2], place, found[1])


def _recognises_ip(data: bytes) -> bool:
    start = data[:4096].lstrip()
    return start.startswith(b"[") and b'"lladdr"' in start and b'"dst"' in start


def _recognises_text(data: bytes) -> bool:
    start = decoded(data[:8192])
    windows = _CARD.search(start) and _WINDOWS.search(start)
    return bool(_HEADING.match(start) or windows or _UNIX.match(start.lstrip()))


def _read_ip(data: bytes, device: Ref) -> Iterator[Item]:
    yield from sighted(of_ip(decoded(data)), device, Place.ARP)


def _read_text(data: bytes, device: Ref) -> Iterator[Item]:
    text = decoded(data)
    reader = of_proc if _HEADING.match(text) else of_windows if _CARD.search(text) else of_unix
    yield from sighted(reader(text), device, Place.ARP)


IP_NEIGHBOURS = Sort("ip-neighbours", _recognises_ip, _read_ip)
ARP_TABLE = Sort("arp-table", _recognises_text, _read_text)
