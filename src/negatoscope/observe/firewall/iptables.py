"""iptables: what ``iptables-save`` and ``ip6tables-save`` write (``-c``: with counters), and sets of ``ipset save``."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from negatoscope.model.gateways import Chain, Does, FilterRule, Hook, Rewrites, Translation
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.firewall.lines import Narrowed, all_but, expiry, is_address, numbered, port_range

MAX_LINES = 100_000
_PRIORITIES = {"raw": -300, "mangle": -150, "filter": 0, "security": 50}
_HOOKS = {
    "PREROUTING": Hook.ARRIVAL, "FORWARD": Hook.FORWARD, "INPUT": Hook.INPUT, "OUTPUT": Hook.OUTPUT,
    "POSTROUTING": Hook.DEPARTURE,
}  # fmt: skip
_DOES = {"ACCEPT": Does.ACCEPT, "DROP": Does.DROP, "REJECT": Does.REJECT, "RETURN": Does.RETURN}
_LOGS = frozenset({"LOG", "NFLOG", "ULOG"})
_QUIET = frozenset({
    "MARK", "CONNMARK", "CONNSECMARK", "SECMARK", "TCPMSS", "TOS", "DSCP", "CLASSIFY", "CHECKSUM", "TTL", "HL", "TRACE",
    "AUDIT", "SET",
})  # fmt: skip
_NAT = frozenset({"DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP"})
_COUNTED = re.compile(r"^\[(\d+):\d+\] ")
_MUTE = frozenset({"--comment", "-m", "--match", "--reject-with", "--tcp-flags"})


@dataclass
class _Table:
    name: str
    policies: dict[str, str] = field(default_factory=dict)
    rules: dict[str, list["_Rule"]] = field(default_factory=dict)


@dataclass
class _Rule:
    words: list[str]
    packets: int | None
    comment: str | None = None
    told: Narrowed = field(default_factory=Narrowed)
    target: str | None = None
    goes: bool = False
    options: dict[str, str] = field(default_factory=dict)


def recognises(text: str) -> bool:
    """A table, its chains with their policies, and its end."""
    return re.search(r"^\*(filter|nat|mangle|raw|security)\n:", text, re.MULTILINE) is not None


def read(text: str, family: int, sets: str = "", prefix: str = "") -> tuple[tuple[Chain, ...], tuple[Translation, ...]]:
    """Chains and translations of one family. Raises Unreadable with the line.

    ``prefix``: before the chains' names, where two such files are one gateway's.
    """
    members = _ipset(sets)
    chains: list[Chain] = []
    turns: list[Translation] = []
    for table in _tables(text):
        for rules in table.rules.values():
            for rule in rules:
                _understand(rule, family, members)
        if table.name == "nat":
            turns += _turned(table, prefix)
        else:
            chains += [_chain(table, name, family, prefix) for name in table.policies]
    return tuple(chains), tuple(turns)


def _tables(text: str) -> Iterator[_Table]:
    table: _Table | None = None
    number = 0
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        counted = _COUNTED.match(line)
        if number > MAX_LINES:
            raise Unreadable("too_many_rules", f"line {number}")
        if line.startswith("*"):
            table = _Table(line[1:])
        elif line == "COMMIT" and table is not None:
            yield table
            table = None
        elif table is not None and line.startswith(":"):
            name, policy, *_ = (*line[1:].split(), "-")
            table.policies[name] = policy
        elif table is not None and line and not line.startswith("#"):
            words = _words(line[counted.end() :] if counted else line, number)
            table.rules.setdefault(words[1], []).append(_Rule(words[2:], int(counted[1]) if counted else None))
    if table is not None:
        raise Unreadable("truncated", f"line {number}")


def _words(line: str, number: int) -> list[str]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Unreadable("malformed", f"line {number}") from error
    if len(words) < 2 or words[0] not in {"-A", "--append"}:  # noqa: PLR2004 -- the verb and its chain
        raise Unreadable("malformed", f"line {number}")
    return words


def _understand(rule: _Rule, family: int, sets: Mapping[str, tuple[str, ...]]) -> None:
    told = Narrowed().by(family=family)
    words = iter(rule.words)
    negated = False
    for word in words:
        if word == "!":
            negated = True
            continue
        if word in {"-j", "--jump", "-g", "--goto"}:
            rule.target, rule.goes = next(words, ""), word in {"-g", "--goto"}
            rule.options = _options(words)
        elif word in _MUTE:
            told = _muted(rule, word, words, told, negated=negated)
        elif word == "--match-set":
            told = _in_set(told, sets.get(next(words, "")), next(words, ""), negated=negated)
        elif word in _CONDITIONS:
            told = _CONDITIONS[word](told, next(words, ""), negated)
        elif word.startswith("-"):
            told = told.unread(" ".join(rule.words))
        negated = False
    rule.told = told


def _muted(rule: _Rule, word: str, words: Iterator[str], told: Narrowed, *, negated: bool) -> Narrowed:
    """Options that match nothing; of TCP flags, those of a connection's first packet."""
    value = next(words, "")
    if word == "--comment":
        rule.comment = value
    elif word == "--tcp-flags":
        flags = next(words, "")
        first = flags == "SYN" and "SYN" in value.split(",") and not negated
        return told if first else told.unread(f"tcp flags {value} {flags}")
    return told


def _options(words: Iterator[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word
        told[name] = "" if word == name else f"{told.get(name, '')} {word}".strip()
    return told


def _in_set(told: Narrowed, members: tuple[str, ...] | None, sides: str, *, negated: bool) -> Narrowed:
    if members is None or sides not in {"src", "dst"}:
        return told.unread(f"set {sides}")
    return told.addresses("sources" if sides == "src" else "targets", members, negated=negated)


def _ports(side: str) -> Callable[[Narrowed, str, bool], Narrowed]:
    def narrow(told: Narrowed, value: str, negated: bool) -> Narrowed:  # noqa: FBT001 -- as its siblings
        ranges = tuple(port for part in value.split(",") if (port := port_range(part, ":")))
        if len(ranges) != len(value.split(",")):
            return told.unread(f"{side} {value}")
        return told.by(**{side: all_but(ranges) if negated else ranges})

    return narrow


def _interface(side: str) -> Callable[[Narrowed, str, bool], Narrowed]:
    def narrow(told: Narrowed, value: str, negated: bool) -> Narrowed:  # noqa: FBT001 -- as its siblings
        name = f"{value[:-1]}*" if value.endswith("+") else value
        return told.by(**{side: (name,), f"not_{side}": negated})

    return narrow


def _addresses(side: str) -> Callable[[Narrowed, str, bool], Narrowed]:
    return lambda told, value, negated: told.addresses(side, value.split(","), negated=negated)


def _states(told: Narrowed, value: str, negated: bool) -> Narrowed:  # noqa: FBT001 -- as its siblings
    states = value.lower().split(",")
    if "dnat" in states and len(states) == 1:
        return told.by(translated=not negated)
    if "dnat" in states or "snat" in states:
        return told.unread(f"ctstate {value}")
    return told.by(states=tuple(states), not_states=negated)


def _protocol(told: Narrowed, value: str, negated: bool) -> Narrowed:  # noqa: FBT001 -- as its siblings
    return told if value in {"all", "0"} else told.by(protocols=(value,), not_protocols=negated)


_CONDITIONS: Mapping[str, Callable[[Narrowed, str, bool], Narrowed]] = {
    "-s": _addresses("sources"), "--source": _addresses("sources"), "--src-range": _addresses("sources"),
    "-d": _addresses("targets"), "--destination": _addresses("targets"), "--dst-range": _addresses("targets"),
    "-i": _interface("entering"), "--in-interface": _interface("entering"),
    "-o": _interface("leaving"), "--out-interface": _interface("leaving"),
    "-p": _protocol, "--protocol": _protocol, "--ctstate": _states, "--state": _states,
    "--dport": _ports("target_ports"), "--dports": _ports("target_ports"), "--destination-port": _ports("target_ports"),
    "--sport": _ports("source_ports"), "--sports": _ports("source_ports"), "--source-port": _ports("source_ports"),
}  # fmt: skip


def _chain(table: _Table, name: str, family: int, prefix: str) -> Chain:
    hook = _HOOKS.get(name)
    policy = None if hook is None else Does.DROP if table.policies[name] == "DROP" else Does.ACCEPT
    rules = tuple(_line(table, rule, at, prefix) for at, rule in enumerate(table.rules.get(name, ()), 1))
    return Chain(f"{prefix}{table.name} {name}", rules, hook, policy, _PRIORITIES.get(table.name, 0), family)


def _line(table: _Table, rule: _Rule, position: int, prefix: str) -> FilterRule:
    does, chain = _verdict(table, rule)
    return FilterRule(
        numbered(position, rule.comment),
        rule.told.match,
        does,
        f"{prefix}{table.name} {chain}" if chain else None,
        rule.target in _LOGS,
        rule.packets,
        until=expiry(rule.comment),
        comment=rule.comment,
    )


def _verdict(table: _Table, rule: _Rule) -> tuple[Does, str | None]:
    if rule.target is None or rule.target in _LOGS | _QUIET:
        return Does.NOTHING, None
    if rule.target in table.policies:
        return Does.GOTO if rule.goes else Does.JUMP, rule.target
    return _DOES.get(rule.target, Does.UNREAD), None


def _turned(table: _Table, prefix: str) -> Iterator[Translation]:
    for hook, rewrites in (("PREROUTING", Rewrites.TARGET), ("POSTROUTING", Rewrites.SOURCE)):
        yield from _turns(table, hook, rewrites, (Narrowed(), prefix, 8))


def _turns(table: _Table, chain: str, rewrites: Rewrites, way: tuple[Narrowed, str, int]) -> Iterator[Translation]:
    outer, prefix, depth = way
    for at, rule in enumerate(table.rules.get(chain, ()), 1):
        told = outer.within(rule.told)
        label = f"{prefix}{chain} {numbered(at, rule.comment)}"
        if rule.target in _NAT:
            yield _turn(label, rule, told, rewrites)
        elif rule.target in table.policies and depth:
            yield from _turns(table, rule.target, rewrites, (told, prefix, depth - 1))
        elif rule.target == "ACCEPT" or (rule.target == "RETURN" and chain in _HOOKS):
            yield Translation(label, told.match, rewrites, exempt=True)
        elif rule.target == "RETURN":
            outer = outer.unread(label)
        elif rule.target is not None and rule.target not in _LOGS | _QUIET:
            yield Translation(label, told.unread(rule.target).match, rewrites, exempt=True)


def _turn(label: str, rule: _Rule, told: Narrowed, rewrites: Rewrites) -> Translation:
    to = rule.options.get("--to-destination") or rule.options.get("--to-source") or ""
    ports = rule.options.get("--to-ports", "")
    if rule.target in {"MASQUERADE", "REDIRECT"}:
        return Translation(label, told.match, rewrites, None, port_range(ports))
    address, port = _target(to)
    if rule.target == "NETMAP" or not is_address(address):
        return Translation(label, told.unread(rule.target).match, rewrites, _anywhere(told))
    return Translation(label, told.match, rewrites, address, port)


def _anywhere(told: Narrowed) -> str:
    return "::/0" if told.match.family == 6 else "0.0.0.0/0"  # noqa: PLR2004


def _target(text: str) -> tuple[str, tuple[int, int] | None]:
    """``10.0.0.5``, ``10.0.0.5:80``, ``[fd00::5]:80``."""
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        return address, port_range(port.removeprefix(":"))
    address, colon, port = text.partition(":")
    return (text, None) if ":" in port else (address, port_range(port) if colon else None)


def _ipset(text: str) -> Mapping[str, tuple[str, ...]]:
    """Sets of addresses; those of other types, and those whose content comes and goes, are left unread."""
    told: dict[str, list[str]] = {}
    for line in text.splitlines():
        verb, name, value, *rest = (*line.split(), "", "", "")
        if verb == "create" and value in {"hash:ip", "hash:net"} and "timeout" not in rest:
            told[name] = []
        elif verb == "add" and name in told:
            told[name].append(value)
    return {name: tuple(members) for name, members in told.items() if all(map(is_address, members))}
