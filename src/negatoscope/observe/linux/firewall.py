"""The host's own packet filter, as the kernel holds it: nftables, and iptables where its old tables are used."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from negatoscope.model.hardening import Firewall
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import IP6TABLES, IPTABLES, IPTABLES_LEGACY, NFT
from negatoscope.observe.linux.sections import Section, Sections

MAX_CHAINS = 200
"""Chains gone through from one hook, each once: an end to any loop."""
_Key = tuple[str, str, str]
Verdict = bool | None
"""What a chain does with a packet that nothing matched: stopped, let through, or handed back."""


class _Chain(Struct):
    family: str = ""
    table: str = ""
    name: str = ""
    type: str = ""
    hook: str = ""
    policy: str = "accept"


class _Rule(Struct):
    family: str = ""
    table: str = ""
    chain: str = ""
    expr: list[dict[str, Any]] = []


class _Table(Struct):
    family: str = ""
    name: str = ""
    flags: list[str] | str = ""


class _Object(Struct):
    table: _Table | None = None
    chain: _Chain | None = None
    rule: _Rule | None = None


class _Ruleset(Struct):
    nftables: list[_Object] = []


class _Tables:
    """What filters incoming packets: the families stopped unless allowed, and whether anything is stopped at all."""

    def __init__(self) -> None:
        self.stopped: set[str] = set()
        self.filtering = False

    def base(self, families: set[str], verdict: Verdict, *, refuses: bool) -> None:
        """``refuses``: some rule stops something; rules that only count or let through filter nothing."""
        self.filtering = self.filtering or refuses or verdict is True
        if verdict:
            self.stopped |= families


def firewall(sections: Sections) -> Iterator[Item]:
    """Denies by default only if both IPv4 and, where the host speaks it, IPv6 are stopped."""
    nft, legacy = sections[NFT.section], sections[IPTABLES_LEGACY.section]
    four, six = sections[IPTABLES.section], sections[IP6TABLES.section]
    tables = _Tables()
    ruleset = _decoded(nft)
    if ruleset is not None:
        _nftables(ruleset, tables)
    for section, family in ((four, "ip"), (six, "ip6"), (legacy, "ip")):
        if section.ok:
            _iptables(section, family, tables)
    seen = ruleset is not None or (four.ok and six.ok)
    needed = {"ip", "ip6"} if _speaks_ipv6(sections) else {"ip"}
    if seen or needed <= tables.stopped:
        yield Firewall(HOST, active=tables.filtering, default_deny=needed <= tables.stopped)
        why = _old_tables(sections, four, legacy) if not needed <= tables.stopped else None
        yield from closed("Firewall", {"old_tables": why} if why else {})
    else:
        yield Firewall(HOST)
        unread = "unreadable" if nft.ok else sections.why(nft)
        yield from closed("Firewall", {"active": unread, "default_deny": unread})


def _decoded(section: Section) -> _Ruleset | None:
    if not section.ok:
        return None
    try:
        return msgspec.json.decode(section.text, type=_Ruleset)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _speaks_ipv6(sections: Sections) -> bool:
    """An address beyond loopback; where the kernel's list is absent there is no IPv6 at all."""
    section = sections.file("/proc/net/if_inet6")
    return section.status != "absent" and any(not line.endswith(" lo") for line in section.lines or ["?"])


def _old_tables(sections: Sections, four: Section, legacy: Section) -> str | None:
    """Tables of the old iptables are in the kernel, and no command was there to list them."""
    names = sections.file("/proc/net/ip_tables_names")
    if not names.text.strip() or legacy.ok or (four.ok and "legacy" in four.text):
        return None
    return sections.why(legacy)


_Rules = Mapping[_Key, list[_Rule]]


_FAMILIES = {"inet": {"ip", "ip6"}, "ip": {"ip"}, "ip6": {"ip6"}}
"""``arp``, ``bridge`` and ``netdev`` stand elsewhere on a packet's way, and say nothing of what reaches the host."""


def _nftables(ruleset: _Ruleset, tables: _Tables) -> None:
    """Base chains of the input hook; a table marked dormant is written down and not applied."""
    dormant = {(one.table.family, one.table.name) for one in ruleset.nftables if one.table and _dormant(one.table)}
    rules: dict[_Key, list[_Rule]] = {}
    chains = []
    for one in ruleset.nftables:
        if one.rule:
            rules.setdefault((one.rule.family, one.rule.table, one.rule.chain), []).append(one.rule)
        elif one.chain and one.chain.hook == "input" and one.chain.type == "filter":
            chains.append(one.chain)
    for chain in chains:
        if chain.family not in _FAMILIES or (chain.family, chain.table) in dormant:
            continue
        verdict = _outcome(rules, (chain.family, chain.table, chain.name), set())
        mine = [rule for key, found in rules.items() if key[:2] == (chain.family, chain.table) for rule in found]
        refuses = any({"drop", "reject"} & _words(rule) for rule in mine)
        policy = chain.policy == "drop"
        tables.base(_FAMILIES[chain.family], policy if verdict is None else verdict, refuses=refuses)


def _dormant(table: _Table) -> bool:
    return "dormant" in ([table.flags] if isinstance(table.flags, str) else table.flags)


def _words(rule: _Rule) -> set[str]:
    return {word for part in rule.expr for word in part}


def _outcome(rules: _Rules, key: _Key, passed: set[_Key]) -> Verdict:
    """The fate of a packet that no condition matches: the first unconditional verdict decides.

    ``passed``: chains already gone through, which hand back again. A statement that is not known here may be a
    condition or not: what it lets through is believed, what it stops is not.
    """
    passed.add(key)
    for rule in rules.get(key, ()):
        words = _words(rule)
        unknown = words - _ALWAYS
        if words & _CONDITIONS or (unknown and words & {"drop", "reject"}):
            continue
        if words & _FINAL.keys():
            return _FINAL[min(words & _FINAL.keys())]
        for part in rule.expr:
            target = part.get("jump") or part.get("goto")
            to = (key[0], key[1], str(target.get("target"))) if isinstance(target, dict) else key
            verdict = None if to in passed or len(passed) > MAX_CHAINS else _outcome(rules, to, passed)
            if verdict is not None or "goto" in part:
                return verdict and not unknown
    return None


_CONDITIONS = {"match", "xt", "limit", "vmap", "quota", "ct count"}
_FINAL: Mapping[str, Verdict] = {"drop": True, "reject": True, "accept": False, "queue": False, "return": None}
_ALWAYS = {"counter", "log", "mangle", "notrack", "jump", "goto", *_FINAL}


_BASE = re.compile(r"^:INPUT (\w+)", re.MULTILINE)
_APPENDED = re.compile(r"^(?:\[\d+:\d+\] )?-A (\S+) (.*)$", re.MULTILINE)
_UNCONDITIONAL = re.compile(r"^(?:-m comment --comment (?:\"[^\"]*\"|\S+) )?-([jg]) (\S+)(?: --reject-with \S+)?\s*$")


def _iptables(section: Section, family: str, tables: _Tables) -> None:
    filtering = section.text.partition("*filter\n")[2].partition("\nCOMMIT")[0]
    policy = _BASE.search(filtering)
    if not policy:
        return
    chains: dict[str, list[str]] = {}
    for chain, rule in _APPENDED.findall(filtering):
        chains.setdefault(chain, []).append(rule)
    verdict = _fate(chains, "INPUT", set())
    refuses = any(re.search(r"-[jg] (DROP|REJECT)\b", rule) for found in chains.values() for rule in found)
    tables.base({family}, policy[1] == "DROP" if verdict is None else verdict, refuses=refuses)


def _fate(chains: Mapping[str, list[str]], name: str, passed: set[str]) -> Verdict:
    """As ``_outcome``, in iptables' words."""
    passed.add(name)
    for rule in chains.get(name, ()):
        said = _UNCONDITIONAL.match(rule)
        if not said:
            continue
        if said[2] in _TARGETS:
            return _TARGETS[said[2]]
        verdict = None if said[2] in passed or len(passed) > MAX_CHAINS else _fate(chains, said[2], passed)
        if verdict is not None or said[1] == "g":
            return verdict
    return None


_TARGETS: Mapping[str, Verdict] = {
    "DROP": True, "REJECT": True, "ACCEPT": False, "QUEUE": False, "NFQUEUE": False, "RETURN": None,
}  # fmt: skip
