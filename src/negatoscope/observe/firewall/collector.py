"""The collector ``firewall``: settings of firewalls and of VPN servers, handed over."""

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.gateways import RemoteAccess, RuleBase
from negatoscope.observe.collector import Collector, Item, Sort, Unreadable
from negatoscope.observe.firewall import iptables, nftables, openvpn, strongswan, wireguard
from negatoscope.observe.firewall.fortigate import FORTIGATE
from negatoscope.observe.firewall.opnsense import OPNSENSE
from negatoscope.observe.firewall.pfsense import PFSENSE
from negatoscope.observe.handed import reader

BEGINNING = 65536
_BEGINS, _ENDS = (re.compile(rb"-----%s [A-Z ]{0,40}PRIVATE KEY-----" % word) for word in (b"BEGIN", b"END"))


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose: files are handed over."""


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _is_nft(data: bytes) -> bool:
    start = data[:BEGINNING].lstrip()
    return start.startswith(b"{") and b'"nftables"' in start[:200]


def _nft(data: bytes, host: Ref) -> Iterator[Item]:
    chains, turns = nftables.read(data)
    yield RuleBase(host, "nftables", chains, turns)
    yield Sweep("RuleBase", host=host)
    yield Gap("RemoteAccess", "not_in_this_file", host)


def _is_iptables(data: bytes) -> bool:
    return iptables.recognises(_decoded(data[:BEGINNING]))


def _iptables(data: bytes, host: Ref) -> Iterator[Item]:
    """Filter rules, of one family: IPv6 where the program that wrote them or their addresses say so."""
    text = _decoded(data)
    six = "ip6tables-save" in text or re.search(r"-[sd] [0-9a-f]*:", text) is not None or "ipv6-icmp" in text
    rules, _, sets = text.partition("\ncreate ")
    chains, turns = iptables.read(rules, 6 if six else 4, f"create {sets}" if sets else "")
    yield RuleBase(host, "iptables", chains, turns, families=(6,) if six else (4,))
    yield Sweep("RuleBase", host=host)
    yield Gap("RemoteAccess", "not_in_this_file", host)


def _vpn(accesses: Callable[[str, Ref], Iterable[RemoteAccess]]) -> Callable[[bytes, Ref], Iterator[Item]]:
    """One server's file tells of itself, never that there is no other."""

    def read(data: bytes, host: Ref) -> Iterator[Item]:
        found = list(accesses(_decoded(data), host))
        if not found:
            raise Unreadable("no_server")
        yield from found
        yield Gap("RemoteAccess", "not_in_this_file", host)
        yield Gap("RuleBase", "not_in_this_file", host)

    return read


def _told_by(recognises: Callable[[str], bool]) -> Callable[[bytes], bool]:
    return lambda data: (
        not data[:BEGINNING].lstrip().startswith((b"<?xml", b"{")) and recognises(_decoded(data[:BEGINNING]))
    )


def _keyless(data: bytes) -> bytes:
    """Without private keys; one that does not end takes all that follows with it."""
    kept, at = list[bytes](), 0
    while found := _BEGINS.search(data, at):
        kept += (data[at : found.start()], b"***")
        end = _ENDS.search(data, found.end())
        at = end.end() if end else len(data)
    return b"".join((*kept, data[at:]))


def _openvpn_scrubbed(data: bytes) -> bytes:
    return _keyless(openvpn.emptied(_decoded(data)).encode())


def _lines_scrubbed(secret: re.Pattern[str]) -> Callable[[bytes], bytes]:
    pattern = re.compile(secret.pattern.encode(), secret.flags & ~re.UNICODE)
    return lambda data: _keyless(pattern.sub(rb"\1***", data))


SORTS = (
    PFSENSE,
    OPNSENSE,
    FORTIGATE,
    Sort("nftables", _is_nft, _nft),
    Sort("iptables-save", _is_iptables, _iptables),
    Sort("openvpn", _told_by(openvpn.recognises), _vpn(openvpn.accesses), _openvpn_scrubbed),
    Sort("wireguard", _told_by(wireguard.recognises), _vpn(wireguard.accesses), _lines_scrubbed(wireguard.SECRET)),
    Sort("strongswan", _told_by(strongswan.recognises), _vpn(strongswan.accesses), _lines_scrubbed(strongswan.SECRET)),
)
FIREWALL = Collector(
    "firewall",
    NoSettings,
    None,
    reader(SORTS),
    gives=("Host", "RuleBase", "RemoteAccess", "AutoOpening", "PortMapping"),
    sorts=SORTS,
)
