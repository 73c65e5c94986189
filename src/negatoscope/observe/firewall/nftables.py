"""nftables: ``nft -j list ruleset`` (libnftables-json(5)), tables of all families that carry routed packets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from msgspec import Struct

from negatoscope.model.gateways import Chain, Does, FilterRule, Hook, Rewrites, Translation
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.firewall.lines import Narrowed, expiry, numbered
from negatoscope.observe.firewall.nftables_values import UnknownValue, alternatives, conditions

MAX_RULES = 50_000
MAX_ALTERNATIVES = 4096
"""Lines that one rule with sets of several fields may become."""
SOURCE_NAT = 100
"""Priority at which source addresses are rewritten."""
_FAMILIES: Mapping[str, int | None] = {"inet": None, "ip": 4, "ip6": 6, "netdev": None}
_HOOKS = {
    "prerouting": Hook.ARRIVAL, "ingress": Hook.ARRIVAL, "forward": Hook.FORWARD, "input": Hook.INPUT,
    "output": Hook.OUTPUT, "postrouting": Hook.DEPARTURE,
}  # fmt: skip
_DOES = {
    "accept": Does.ACCEPT, "drop": Does.DROP, "reject": Does.REJECT, "return": Does.RETURN, "queue": Does.UNREAD,
    "notrack": Does.UNREAD, "tproxy": Does.UNREAD, "synproxy": Does.UNREAD, "fwd": Does.UNREAD,
}  # fmt: skip
_QUIET = frozenset({"counter", "log", "mangle", "flow", "dup", "ct helper", "ct timeout", "set", "map", "secmark"})
"""Statements that decide nothing."""
_NAT = frozenset({"dnat", "snat", "masquerade", "redirect"})
_INGRESS = -10_000


class _Table(Struct):
    family: str = ""
    name: str = ""
    flags: list[str] | str = ""


class _Chain(Struct):
    family: str = ""
    table: str = ""
    name: str = ""
    type: str = ""
    hook: str = ""
    prio: int = 0
    policy: str = "accept"
    dev: str | list[str] = ""


class _Rule(Struct):
    family: str = ""
    table: str = ""
    chain: str = ""
    comment: str | None = None
    expr: list[dict[str, Any]] = []


class _Set(Struct):
    family: str = ""
    table: str = ""
    name: str = ""
    flags: list[str] | str = ""
    elem: list[Any] = []


class _Object(Struct):
    table: _Table | None = None
    chain: _Chain | None = None
    rule: _Rule | None = None
    set: _Set | None = None
    map: _Set | None = None


class _Ruleset(Struct):
    nftables: list[_Object]


_Key = tuple[str, str, str]
_Tables = tuple[tuple[Chain, ...], tuple[Translation, ...]]


@dataclass
class _Book:
    """A rule set, taken apart."""

    chains: dict[_Key, _Chain] = field(default_factory=dict)
    rules: dict[_Key, list[_Rule]] = field(default_factory=dict)
    sets: dict[_Key, list[Any] | None] = field(default_factory=dict)
    """``None``: its content comes and goes with the packets."""

    def elements(self, rule: _Rule, name: str) -> list[Any]:
        """What a named set or map holds. Raises UnknownValue."""
        found = self.sets.get((rule.family, rule.table, name))
        if found is None:
            raise UnknownValue(f"@{name}")
        return found


@dataclass(frozen=True, slots=True)
class _Branch:
    """One of the lines that a rule with several alternatives becomes. ``verdict``: of a map of verdicts."""

    told: Narrowed = field(default_factory=Narrowed)
    verdict: dict[str, Any] | None = None


def read(data: bytes | str, without: frozenset[tuple[str, str]] = frozenset()) -> _Tables:
    """Chains and translations of a rule set, less the tables (family, name) read elsewhere. Raises Unreadable."""
    try:
        ruleset = msgspec.json.decode(data, type=_Ruleset)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Unreadable("not_a_ruleset") from error
    book = _taken_apart(ruleset, without)
    if sum(map(len, book.rules.values())) > MAX_RULES:
        raise Unreadable("too_many_rules", str(MAX_RULES))
    chains = [_chain(book, key, chain) for key, chain in book.chains.items() if chain.type != "nat"]
    turns = [turn for key, chain in _nat_chains(book) for turn in _turned(book, key, chain)]
    return tuple(chains), tuple(turns)


def _taken_apart(ruleset: _Ruleset, without: frozenset[tuple[str, str]]) -> _Book:
    tables = {(one.table.family, one.table.name): one.table.flags for one in ruleset.nftables if one.table}
    gone = {key for key, flags in tables.items() if "dormant" in flags} | without
    book = _Book()
    for one in ruleset.nftables:
        if (chain := one.chain) and _counts(chain, gone):
            book.chains[chain.family, chain.table, chain.name] = chain
        elif (rule := one.rule) and _counts(rule, gone):
            book.rules.setdefault((rule.family, rule.table, rule.chain), []).append(rule)
        elif (named := one.set or one.map) and _counts(named, gone):
            book.sets[named.family, named.table, named.name] = None if "dynamic" in named.flags else named.elem
    return book


def _counts(one: _Chain | _Rule | _Set, gone: set[tuple[str, str]]) -> bool:
    return one.family in _FAMILIES and (one.family, one.table) not in gone


def _name(key: _Key) -> str:
    return " ".join(key)


def _chain(book: _Book, key: _Key, chain: _Chain) -> Chain:
    rules = tuple(line for at, rule in enumerate(book.rules.get(key, ()), 1) for line in _lines(book, rule, at))
    hook = _HOOKS.get(chain.hook)
    if chain.hook == "ingress":
        rules = tuple(_by_device(rule, chain.dev) for rule in rules)
    if hook is Hook.DEPARTURE and chain.prio >= SOURCE_NAT:
        rules = tuple(replace(one, match=Narrowed(one.match).unread("after source translation").match) for one in rules)
    policy = None if hook is None else Does.DROP if chain.policy == "drop" else Does.ACCEPT
    priority = _INGRESS if chain.hook == "ingress" else chain.prio
    return Chain(_name(key), rules, hook, policy, priority, _FAMILIES[chain.family])


def _by_device(rule: FilterRule, device: str | list[str]) -> FilterRule:
    names = (device,) if isinstance(device, str) else tuple(device)
    return replace(rule, match=Narrowed(rule.match).by(entering=names).match)


def _lines(book: _Book, rule: _Rule, position: int) -> Iterator[FilterRule]:
    """A rule as lines: one for each alternative of its sets and maps."""
    logged = any("log" in part for part in rule.expr)
    label, until = numbered(position, rule.comment), expiry(rule.comment)
    for branch in _branches(book, rule):
        does, chain = _verdict(rule, branch)
        yield FilterRule(
            label, branch.told.match, does, chain, logged, _packets(rule), until=until, comment=rule.comment
        )


def _packets(rule: _Rule) -> int | None:
    counters = [part["counter"] for part in rule.expr if isinstance(part.get("counter"), dict)]
    counted = counters[0].get("packets") if counters else None
    return counted if isinstance(counted, int) else None


def _verdict(rule: _Rule, branch: _Branch) -> tuple[Does, str | None]:
    words = [*rule.expr, *([branch.verdict] if branch.verdict else [])]
    for part in words:
        word = next(iter(part), "")
        if word in {"jump", "goto"} and isinstance(part[word], dict):
            target = (rule.family, rule.table, str(part[word].get("target")))
            return Does.JUMP if word == "jump" else Does.GOTO, _name(target)
        if word in _DOES:
            return _DOES[word], None
        if word in _NAT:
            return Does.ACCEPT, None
    known = _QUIET | {"match", "vmap", "limit", "quota", "ct count", "continue"}
    return Does.NOTHING if all(set(part) <= known for part in words) else Does.UNREAD, None


def _branches(book: _Book, rule: _Rule) -> list[_Branch]:
    """Conditions of a rule, multiplied out; what is not known is said in the line."""
    start = Narrowed().by(family=_FAMILIES[rule.family])
    branches = [_Branch(start)]
    for part in rule.expr:
        word = next(iter(part), "")
        if word == "match":
            branches = [replace(one, told=told) for one in branches for told in _matched(book, rule, part, one.told)]
        elif word == "vmap":
            branches = [new for one in branches for new in _mapped(book, rule, part["vmap"], one)]
        elif word in {"limit", "quota", "ct count", "xt"} or word not in _QUIET | _NAT | _DOES.keys() | _GOES:
            branches = [replace(one, told=one.told.unread(word)) for one in branches]
        if len(branches) > MAX_ALTERNATIVES:
            return [_Branch(start.unread("too many alternatives"))]
    return branches


_GOES = frozenset({"jump", "goto", "continue"})


def _matched(book: _Book, rule: _Rule, part: dict[str, Any], told: Narrowed) -> list[Narrowed]:
    condition = part["match"]
    try:
        return conditions(condition, told, lambda name: book.elements(rule, name))
    except (UnknownValue, KeyError, TypeError, ValueError, IndexError, AttributeError):
        return [told.unread(msgspec.json.encode(condition).decode())]


def _mapped(book: _Book, rule: _Rule, vmap: Any, branch: _Branch) -> list[_Branch]:  # noqa: ANN401 -- libnftables' JSON
    """One branch for each element of a map of verdicts; what no element matches goes on."""
    try:
        pairs = alternatives(vmap["data"], lambda name: book.elements(rule, name))
        told = []
        for key, verdict in pairs:
            condition = {"op": "==", "left": vmap["key"], "right": key}
            told += [_Branch(one, verdict) for one in conditions(condition, branch.told, lambda _name: [])]
    except (UnknownValue, KeyError, TypeError, ValueError, IndexError, AttributeError):
        return [_Branch(branch.told.unread("vmap"), {"vmap": "unread"}), branch]
    return told


def _nat_chains(book: _Book) -> list[tuple[_Key, _Chain]]:
    found = [(key, chain) for key, chain in book.chains.items() if chain.type == "nat" and chain.hook != "output"]
    return sorted(found, key=lambda one: one[1].prio)


def _turned(book: _Book, key: _Key, chain: _Chain) -> Iterator[Translation]:
    rewrites = Rewrites.TARGET if chain.hook == "prerouting" else Rewrites.SOURCE
    if chain.hook in {"prerouting", "postrouting"}:
        yield from _turns(book, key, rewrites, Narrowed(), 8)


def _turns(book: _Book, key: _Key, rewrites: Rewrites, outer: Narrowed, depth: int) -> Iterator[Translation]:
    """Translations of a chain and of those that it jumps to; after a return within a jump nothing is certain."""
    for at, rule in enumerate(book.rules.get(key, ()), 1):
        label = f"{key[2]} {numbered(at, rule.comment)}"
        for branch in _branches(book, rule):
            told = outer.within(branch.told)
            does, target = _verdict(rule, branch)
            word = next((part for part in rule.expr if set(part) & _NAT), None)
            if word is not None:
                yield _turn(label, word, told, rewrites)
            elif target is not None and depth:
                inner = (key[0], key[1], target.rsplit(" ", 1)[-1])
                yield from _turns(book, inner, rewrites, told, depth - 1)
            elif does is Does.ACCEPT or (does is Does.RETURN and outer == Narrowed()):
                yield Translation(label, told.match, rewrites, exempt=True)
            elif does not in {Does.NOTHING, Does.RETURN}:
                yield Translation(label, told.unread(does).match, rewrites, exempt=True)
            elif does is Does.RETURN:
                outer = outer.unread(label)


def _turn(label: str, part: dict[str, Any], told: Narrowed, rewrites: Rewrites) -> Translation:
    word = next(one for one in part if one in _NAT)
    options = part[word] if isinstance(part[word], dict) else {}
    address, ports = options.get("addr"), options.get("port")
    if isinstance(address, dict) and "range" in address:
        address = "-".join(map(str, address["range"]))
    port = _port(ports)
    if (ports is not None and port is None) or not isinstance(address, str | None):
        told, address = told.unread(f"{word} {options}"), None
    return Translation(label, told.match, rewrites, address, port)


def _port(value: Any) -> tuple[int, int] | None:  # noqa: ANN401 -- libnftables' JSON
    if isinstance(value, int):
        return value, value
    if isinstance(value, dict) and isinstance(value.get("range"), list):
        return int(value["range"][0]), int(value["range"][1])
    return None
