from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from negatoscope.judge.segmentation.faults import faults
from negatoscope.model.gateways import Chain, Does, FilterRule, GatewayInterface, Hook, Match, RuleBase
from tests.judge.segmentation.test_evaluate import LAN, LEGS, SERVERS, base, line

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def found(told: RuleBase) -> set[tuple[str, str | None]]:
    return {(fault.code, fault.label) for fault in faults(told, NOW)}


def codes(*rules: FilterRule, policy: Does | None = Does.DROP) -> set[str]:
    return {code for code, _ in found(base(*rules, policy=policy))}


def on(does: Does, label: str = "1", **more: Any) -> FilterRule:  # noqa: ANN401 -- fields by name
    chain = more.pop("chain", None)
    extra = {key: more.pop(key) for key in ("logged", "packets", "until", "enabled") if key in more}
    return replace(line(does, label, chain, **more), **({"logged": True, "packets": 5} | extra))  # type: ignore[arg-type] # fields by name


NARROW: dict[str, Any] = {"protocols": ("tcp",), "target_ports": ((443, 443),)}
REST = on(Does.DROP, "rest")


def test_a_tidy_rule_base_has_no_fault() -> None:
    assert codes(on(Does.ACCEPT, **NARROW), REST) == set()


def test_refusal_by_default_is_a_policy_or_a_last_line_or_a_chain_that_refuses() -> None:
    assert "default_open" not in codes(REST, policy=Does.ACCEPT)
    assert "default_open" in codes(on(Does.DROP, protocols=("tcp",)), policy=Does.ACCEPT)
    told = base(on(Does.JUMP, chain="end"), policy=Does.ACCEPT)
    assert "default_open" not in {
        code for code, _ in found(replace(told, chains=(*(told.chains or ()), Chain("end", (REST,)))))
    }
    assert "default_open" in {code for code, _ in found(replace(told, chains=(*(told.chains or ()), Chain("end", ()))))}
    assert ("default_open", None) in found(RuleBase("host/fw", chains=(), interfaces=LEGS, routes=()))


def test_a_family_that_was_not_read_is_a_question() -> None:
    six = (*LEGS, GatewayInterface("six", ("fd00::1/64",)))
    assert ("family_unread", None) in found(replace(base(REST), families=(4,), interfaces=six))
    assert ("family_unread", None) not in found(replace(base(REST), families=(4,)))
    assert {("legs_unknown", None), ("family_unread", None)} <= found(
        replace(base(REST), families=(4,), interfaces=None)
    )


def test_lines_that_let_everything_through_are_named() -> None:
    assert "any_any" in codes(on(Does.ACCEPT, entering=("lan",)), REST)
    assert "any_any_unread" in codes(on(Does.ACCEPT, unread="meta hour"), REST)
    assert "any_any" not in codes(on(Does.ACCEPT, entering=("lan",), leaving=("wan",)), REST)
    assert "any_any" not in codes(on(Does.ACCEPT, states=("established",)), REST)
    bare = replace(base(on(Does.ACCEPT), REST), interfaces=(), routes=())
    assert ("any_any", "1") in found(bare)


def test_a_line_in_a_chain_is_as_wide_as_what_comes_there() -> None:
    jump = on(Does.JUMP, chain="inner", **NARROW)
    told = base(jump, replace(jump, label="2"), REST)
    inner = Chain("inner", (on(Does.ACCEPT, "all"), on(Does.JUMP, "round", chain="inner")))
    assert ("any_any", "all") not in found(replace(told, chains=(*(told.chains or ()), inner)))


def test_hidden_lines_name_what_hides_them() -> None:
    first, second = on(Does.ACCEPT, "1", protocols=("tcp",)), on(Does.DROP, "2", protocols=("udp",))
    both = on(Does.ACCEPT, "3", protocols=("tcp", "udp"), target_ports=((53, 53),))
    told = {
        fault.label: fault.values for fault in faults(base(first, second, both, REST), NOW) if fault.code == "shadowed"
    }
    assert told == {"3": {"by": "1, 2"}}
    assert "shadowed" not in codes(replace(first, match=replace(first.match, unread="x")), second, both, REST)
    assert "shadowed" not in codes(first, on(Does.ACCEPT, "2", sources=None, protocols=("icmp",)), REST)
    legs = on(Does.ACCEPT, "1", entering=("eth*",)), on(Does.ACCEPT, "2", entering=("eth0",), **NARROW)
    assert "shadowed" in codes(*legs, REST)
    other = (
        on(Does.ACCEPT, "1", entering=("lan",), not_entering=True),
        on(Does.ACCEPT, "2", entering=("eth*",), **NARROW),
    )
    assert "shadowed" in codes(*other, REST)
    assert "shadowed" not in codes(on(Does.ACCEPT, "1", entering=("eth*",), not_entering=True), legs[1], REST)
    part = on(Does.ACCEPT, "1", **NARROW)
    twin = replace(part, match=Match(protocols=("tcp",), target_ports=((80, 80),)), label="2")
    assert "shadowed" not in codes(part, replace(part, label="2"), twin, REST)
    assert "shadowed" not in codes(part, replace(part, label="2", enabled=False), REST)
    assert "shadowed" not in codes(
        on(Does.NOTHING), part, on(Does.ACCEPT, "none", family=6, sources=None, states=()), REST
    )


def test_lines_without_a_trace_are_named() -> None:
    silent = on(Does.ACCEPT, logged=False, **NARROW)
    assert "unlogged" in codes(silent, REST)
    assert "unlogged" not in codes(on(Does.NOTHING, "0", unread="limit"), silent, REST)
    assert "unlogged" in codes(on(Does.NOTHING, "0", unread="meta hour"), silent, REST)
    assert "log_unknown" in codes(on(Does.ACCEPT, logged=None, **NARROW), REST)
    assert "policy_unlogged" in codes(on(Does.ACCEPT, **NARROW))
    assert "policy_unlogged" not in codes(on(Does.ACCEPT, **NARROW), on(Does.NOTHING, "log"))


def test_lines_that_serve_no_longer_are_named() -> None:
    assert "expired" in codes(on(Does.ACCEPT, until=NOW - timedelta(days=1), **NARROW), REST)
    assert "expired" not in codes(on(Does.ACCEPT, until=NOW + timedelta(days=1), **NARROW), REST)
    assert "unused" in codes(on(Does.ACCEPT, packets=0, **NARROW), REST)
    assert "uncounted" in codes(on(Does.ACCEPT, packets=None, **NARROW), on(Does.ACCEPT, packets=None, **NARROW), REST)
    assert "never_counted" in codes(on(Does.ACCEPT, packets=0, **NARROW), on(Does.DROP, "rest", packets=0))
    assert codes(on(Does.ACCEPT, packets=None, **NARROW), on(Does.DROP, "rest", packets=None)) == {"uncounted"}


def test_only_what_passes_through_is_looked_at() -> None:
    told = base(on(Does.ACCEPT, **NARROW), REST)
    loose = Chain("input", (on(Does.ACCEPT, "all", logged=False),), Hook.INPUT, Does.ACCEPT)
    assert found(replace(told, chains=(*(told.chains or ()), loose))) == set()
    assert LAN != SERVERS
