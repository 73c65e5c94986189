"""FortiGate: the text of its configuration (``show full-configuration``, or a backup in clear)."""

import re
from collections.abc import Iterable, Iterator

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.gateways import Chain, Does, FilterRule, GatewayInterface, Hook, Match, RuleBase
from negatoscope.observe.collector import Item, Sort, Unreadable
from negatoscope.observe.firewall.device import device
from negatoscope.observe.firewall.fortigate_objects import TRANSLATED, Book, Objects, fours, sixes
from negatoscope.observe.firewall.fortigate_text import Entry, Tree, domains, tree
from negatoscope.observe.firewall.fortigate_vpn import accesses
from negatoscope.observe.firewall.lines import Narrowed, expiry

_SECRET = re.compile(
    rb'(?im)^([ \t]*set \S*(?:passw|secret|psk|key|pwd|token|passphrase|community)\S*[ \t]+)("(?:[^"\\]|\\.)*"|[^\n]*)'
)
_COMMUNITY = re.compile(rb"(?im)^(?:([ \t]*config system snmp community)[ \t]*\r?$|(end)\b|([ \t]*set name )[^\n]*)")
"""Where communities begin, where a block ends, and what names something: a community's name is what lets in."""
_HASHED = re.compile(rb"(?i)\bENC[ \t]+\S+")
_SERVICES = {"https": (443,), "http": (80,), "ssh": (22,), "telnet": (23,), "fgfm": (541,)}


def recognises(data: bytes) -> bool:
    """Its first line, or the blocks that no other maker has."""
    start = data[:2_000_000]
    return start.startswith(b"#config-version=") or (
        re.search(rb"(?m)^[ \t]*config firewall (policy|address)[ \t]*\r?$", start) is not None
        and re.search(rb"(?m)^[ \t]*edit ", start) is not None
    )


def scrub(data: bytes) -> bytes:
    """Take out passwords, keys and SNMP communities; hashed ones too."""
    inside = [False]

    def named(found: re.Match[bytes]) -> bytes:
        if not found[3]:
            inside[0] = bool(found[1])
        return found[3] + b"***" if found[3] and inside[0] else found[0]

    return _HASHED.sub(b"***", _COMMUNITY.sub(named, _SECRET.sub(rb"\1***", data)))


def named(data: bytes) -> str | None:
    """What the device calls itself."""
    said = re.search(rb'(?m)^[ \t]*set hostname "?([\w.-]{1,63})"?[ \t]*\r?$', data[:2_000_000])
    return said[1].decode() if said else None


def read(data: bytes, host: Ref) -> Iterator[Item]:
    """Rule base and remote accesses of one file. Raises Unreadable."""
    text = data.decode("utf-8", "replace")
    told = tree(text)
    if "firewall policy" not in told:
        raise Unreadable("no_policy")
    legs = tuple(_legs(told))
    version = re.match(rb"#config-version=([\w-]+?)-(\d[\d.]*)", data)
    model, release = (version[1].decode(), version[2].decode()) if version else ("FortiGate", None)
    yield from device(host, named(data), f"FortiGate {model}" if version else model, legs, release)
    if (count := domains(text)) > 1:
        yield Gap("RuleBase", "several_domains", host, {"count": count})
    else:
        yield _base(told, host, legs)
        yield Sweep("RuleBase", host=host)
    yield from accesses(told, host)
    yield Sweep("RemoteAccess", host=host)


def _base(told: Tree, host: Ref, legs: tuple[GatewayInterface, ...]) -> RuleBase:
    book, six = Book(told), Book(told, six=True)
    four = [line for at, one in enumerate(fours(told), 1) for line in _lines(book, one, at, 4)]
    of_six = [line for at, one in enumerate(sixes(told), 1) for line in _lines(six, one, at, 6)]
    rest = FilterRule("implicit deny", Match(), Does.DROP, logged=_logs_rest(told))
    chains = (
        Chain("policy", (*four, *of_six, rest), Hook.FORWARD, Does.DROP),
        Chain("local-in", tuple(_local(told)), Hook.INPUT, Does.DROP),
    )
    families = (4,) if any(told.get(one, {}).keys() - {""} for one in TRANSLATED) else (4, 6)
    return RuleBase(host, "FortiGate", chains, tuple(book.translations()), legs, tuple(_routes(told)), families)


def _logs_rest(told: Tree) -> bool:
    return told.get("log setting", {}).get("", Entry()).one("fwpolicy-implicit-log") == "enable"


def _legs(told: Tree) -> Iterator[GatewayInterface]:
    for name, entry in told.get("system interface", {}).items():
        found = Objects.network(entry.words("ip"))
        six = [one for one in entry.inner("ipv6", "ip6-address") if ":" in one and not one.startswith("::/")]
        if entry.one("status") != "down":
            yield GatewayInterface(name, (*found, *six), entry.one("alias") or None)


def _routes(told: Tree) -> Iterator[tuple[str, str]]:
    for block, everywhere in (("router static", "0.0.0.0/0"), ("router static6", "::/0")):
        for entry in told.get(block, {}).values():
            to = Objects.network(entry.words("dst"), host=False) or (everywhere,)
            if entry.one("device") and entry.one("status") != "disable" and not entry.one("blackhole"):
                yield to[0], entry.one("device")


def _lines(book: Book, entry: Entry, position: int, family: int) -> Iterator[FilterRule]:
    """A policy as lines, one for each of its services; those to port forwards match what was forwarded, alone."""
    name, said = entry.one("name"), entry.one("comments") or None
    label = f"#{entry.name or position} {name}".strip()
    match = Narrowed().by(family=family)
    zones = book.zones
    for field, side in (("srcintf", "entering"), ("dstintf", "leaving")):
        names = tuple(leg for one in entry.words(field) for leg in zones.get(one, (one,)))
        if names and "any" not in names:
            match = match.by(**{side: names})
    if entry.words("groups") or entry.words("users"):
        match = match.unread("users")
    until, week = expiry(said), None
    if (when := entry.one("schedule")) not in {"", "always"}:
        match, until, week = match.unread(f"schedule {when}"), book.ends(when) or until, book.week(when)
    does = {"accept": Does.ACCEPT, "deny": Does.DROP, "": Does.DROP}.get(entry.one("action"), Does.UNREAD)
    logged = entry.one("logtraffic") == "all"
    for whole in book.narrowed(match, entry):
        yield FilterRule(label, whole.match, does, logged=logged, enabled=entry.one("status") != "disable",
                         until=until, comment=said, week=week)  # fmt: skip


def _local(told: Tree) -> Iterator[FilterRule]:
    """What the gateway itself answers, as each interface allows it."""
    for name, entry in told.get("system interface", {}).items():
        asked = [(4, one) for one in entry.words("allowaccess")]
        for family, service in (*asked, *((6, one) for one in entry.inner("ipv6", "ip6-allowaccess"))):
            match = Narrowed().by(entering=(name,), family=family)
            if service in _SERVICES:
                match = match.by(protocols=("tcp",), target_ports=_ports(told, service))
            elif service in {"snmp", "ping"}:
                match = match.by(protocols=("udp",), target_ports=((161, 161),)) if service == "snmp" else match.by(
                    protocols=("icmp",) if family == 4 else ("icmpv6",))  # fmt: skip  # noqa: PLR2004 -- IPv4
            else:
                match = match.unread(service)
            yield FilterRule(f"allowaccess {name} {service}", match.match, Does.ACCEPT)


def _ports(told: Tree, service: str) -> tuple[tuple[int, int], ...]:
    own = {"https": "admin-sport", "http": "admin-port", "ssh": "admin-ssh-port", "telnet": "admin-telnet-port"}
    said = told.get("system global", {}).get("", Entry()).one(own.get(service, ""))
    ports: Iterable[int] = (int(said),) if said.isdecimal() else _SERVICES[service]
    return tuple((port, port) for port in ports)


FORTIGATE = Sort("fortigate", recognises, read, scrub, named)
