"""A packet filter protects only if it stops what no rule allows: nothing else lights the film."""

import json
from typing import Any

import pytest

from negatoscope.model.hardening import Firewall
from negatoscope.observe.linux.probes import IP6TABLES, IPTABLES, NFT
from tests.observe.captures import one

Expression = list[dict[str, Any]]
FORWARDED: Expression = [
    {"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "virbr0"}},
    {"accept": None},
]


def ruleset(*rules: Expression, policy: str = "accept", family: str = "inet", flags: object = None) -> str:
    table = {"family": family, "name": "t", "handle": 1} | ({"flags": flags} if flags else {})
    chain = {"family": family, "table": "t", "name": "in", "type": "filter", "hook": "input", "policy": policy}
    where = {"family": family, "table": "t", "chain": "in"}
    objects = [{"table": table}, {"chain": chain}, *({"rule": where | {"expr": rule}} for rule in rules)]
    return json.dumps({"nftables": objects})


@pytest.mark.parametrize("rule", [FORWARDED, [{"counter": {"packets": 0, "bytes": 0}}], [{"accept": None}]])
def test_rules_that_stop_nothing_are_no_filter(rule: Expression) -> None:
    assert one(Firewall, {NFT: ruleset(rule)}) == Firewall("host/@", active=False, default_deny=False)


@pytest.mark.parametrize("flags", ["dormant", ["dormant"]])
def test_a_dormant_table_stops_nothing(flags: object) -> None:
    assert one(Firewall, {NFT: ruleset(policy="drop", flags=flags)}).active is False


@pytest.mark.parametrize("family", ["arp", "bridge", "netdev"])
def test_another_hook_of_the_network_is_not_the_host_s_filter(family: str) -> None:
    found = one(Firewall, {NFT: ruleset(policy="drop", family=family)})
    assert found == Firewall("host/@", active=False, default_deny=False)


def test_a_rule_that_stops_one_thing_is_active_and_not_closed() -> None:
    blocked: Expression = [FORWARDED[0], {"drop": None}]
    assert one(Firewall, {NFT: ruleset(blocked)}) == Firewall("host/@", active=True, default_deny=False)


def test_a_statement_not_known_here_is_not_taken_for_a_refusal_of_everything() -> None:
    unknown: Expression = [{"set": {"op": "update", "elem": {"elem": {"val": 1}}}}, {"drop": None}]
    assert one(Firewall, {NFT: ruleset(unknown)}).default_deny is False
    assert one(Firewall, {NFT: ruleset([{"socket": {}}, {"accept": None}], policy="drop")}).default_deny is False


def test_iptables_rules_that_only_let_through_are_no_filter() -> None:
    docker = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n-A INPUT -i virbr0 -j ACCEPT\nCOMMIT\n"
    assert one(Firewall, {NFT: None, IPTABLES: docker, IP6TABLES: docker}).active is False
