from dataclasses import replace
from typing import Any

from negatoscope.judge.segmentation.evaluate import Gate, Packet, Passage, exposed, passages
from negatoscope.model.gateways import (
    Addresses,
    Chain,
    Does,
    FilterRule,
    GatewayInterface,
    Hook,
    Match,
    Rewrites,
    RuleBase,
    Translation,
)

LAN, SERVERS, INTERNET = "10.1.0.0/24", "10.2.0.0/24", "203.0.113.0/24"
LEGS = (
    GatewayInterface("lan", ("10.1.0.1/24",)),
    GatewayInterface("srv", ("10.2.0.1/24",)),
    GatewayInterface("wan", ("198.51.100.2/29",)),
)
ROUTES = (("0.0.0.0/0", "wan"),)


def base(*rules: FilterRule, policy: Does | None = Does.DROP, turns: tuple[Translation, ...] = ()) -> RuleBase:
    return RuleBase("host/fw", "test", (Chain("forward", rules, Hook.FORWARD, policy),), turns, LEGS, ROUTES)


def line(does: Does, label: str = "1", chain: str | None = None, **match: object) -> FilterRule:
    return FilterRule(label, Match(**match), does, chain)  # type: ignore[arg-type] # fields by name


def told(one: Passage) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], bool]:
    return one.sources, one.targets, one.services.texts(), one.certain


def test_lines_are_met_in_their_order() -> None:
    shut = line(Does.DROP, targets=Addresses(("10.2.0.5",)))
    opened = line(Does.ACCEPT, "2", sources=Addresses((LAN,)), protocols=("tcp",), target_ports=((104, 104),))
    passed = passages(base(shut, opened), ["10.1.0.8/29"], [SERVERS])
    targets = ("10.2.0.0", "10.2.0.2-10.2.0.4", "10.2.0.6-10.2.0.255")
    assert [told(one) for one in passed] == [(("10.1.0.8/29",), targets, ("tcp/104",), True)]
    assert passed.services.texts() == ("tcp/104",)


def test_a_condition_that_nobody_read_leaves_a_doubt() -> None:
    passed = passages(base(line(Does.ACCEPT, unread="meta hour")), ["10.1.0.8/29"], ["10.2.0.8/29"])
    assert not passed.certain
    assert passed.perhaps.texts() == ("any",)


def test_what_passes_whichever_way_an_unread_line_goes_is_certain() -> None:
    lines = (line(Does.ACCEPT, unread="meta hour"), line(Does.ACCEPT, "2", protocols=("tcp",)))
    passed = passages(base(*lines), ["10.1.0.8/29"], ["10.2.0.8/29"])
    assert passed.services.texts() == ("tcp",)
    assert passed.beyond(passed.services).perhaps.texts() == ("any", "-tcp")


def test_answers_are_no_new_connections() -> None:
    assert not passages(base(line(Does.ACCEPT, states=("established", "related"))), [LAN], [SERVERS]).told


def test_port_forwarding_comes_before_filtering() -> None:
    asked = Match(
        entering=("wan",), targets=Addresses(("198.51.100.2",)), protocols=("tcp",), target_ports=((8443, 8443),)
    )
    turn = Translation("web", asked, Rewrites.TARGET, "10.2.0.9", (443, 443))
    opened = line(Does.ACCEPT, targets=Addresses(("10.2.0.9",)), protocols=("tcp",), target_ports=((443, 443),))
    passed = exposed(base(opened, turns=(turn,)))
    entries = [one.entry for one in passed if one.entry]
    assert [(one.targets, one.services.texts(), one.line) for one in entries] == [
        (("198.51.100.2",), ("tcp/8443",), "web")
    ]


def test_interfaces_are_those_that_lead_there() -> None:
    opened = base(line(Does.ACCEPT, entering=("lan",), leaving=("wan",)))
    assert passages(opened, ["10.1.0.8/29"], [INTERNET]).services.texts() == ("any",)
    assert not passages(opened, ["10.1.0.8/29"], [SERVERS]).told
    assert not passages(opened, [INTERNET], [LAN]).told


def test_what_the_reader_did_not_cover_is_never_certain() -> None:
    v4 = replace(base(), families=(4,))
    assert passages(v4, ["fd00::/64"], ["fd01::/64"]).unfiltered == (6,)
    assert passages(v4, ["fd00::/64"], [SERVERS]).told == ()
    unread = replace(base(), chains=None)
    assert not passages(unread, [LAN], [SERVERS]).certain
    assert Gate(unread).answer(Packet("10.1.0.9", "10.2.0.9", "tcp")) is None
    assert Gate(unread).onto([LAN]).told == ()
    assert exposed(replace(base(), routes=None)).unfiltered == (4, 6)


def test_an_action_or_a_policy_that_nobody_read_settles_nothing() -> None:
    for unsettled in (
        base(line(Does.UNREAD)),
        base(line(Does.JUMP, chain="nowhere")),
        base(policy=None),
    ):
        passed = passages(unsettled, ["10.1.0.8/29"], ["10.2.0.8/29"])
        assert passed.uncertain
        assert not passed.certain


def test_a_chain_that_jumps_to_itself_ends() -> None:
    assert not passages(base(line(Does.JUMP, chain="forward")), ["10.1.0.8/29"], ["10.2.0.8/29"]).certain


def test_what_reaches_the_gateway_itself_is_asked_apart() -> None:
    told = replace(
        base(),
        chains=(
            *(base().chains or ()),
            Chain("input", (line(Does.ACCEPT, protocols=("icmp",)),), Hook.INPUT, Does.DROP),
        ),
    )
    (one,) = Gate(told).onto([LAN])
    assert (one.to_gateway, one.services.texts()) == (True, ("icmp",))
    assert Gate(told).legs([LAN, INTERNET]) == ("lan", "wan")


def test_the_outside_may_be_named() -> None:
    opened = base(line(Does.ACCEPT, targets=Addresses(("10.2.0.9",)), protocols=("tcp",)))
    assert [told(one)[1] for one in exposed(opened, [INTERNET]) if not one.to_gateway] == [("10.2.0.9",)]
    assert exposed(opened, ["fd00::/64"]).told == ()


def turned(address: str | None, port: tuple[int, int] | None = None, **more: Any) -> Translation:  # noqa: ANN401 -- fields by name
    asked = Match(
        entering=("wan",),
        targets=Addresses(("198.51.100.3",)),
        protocols=("tcp",),
        unread=more.pop("unread", None),
        target_ports=more.pop("ports", None),
    )
    return Translation("t", asked, Rewrites.TARGET, address, port, **more)


def outcome(*turns: Translation, target: str = "198.51.100.3") -> bool | None:
    shut = line(Does.DROP, targets=Addresses(("10.2.0.10",)))
    closed = line(Does.DROP, protocols=("tcp",), target_ports=((7, 7),))
    opened = base(shut, closed, line(Does.ACCEPT, targets=Addresses((SERVERS,))), turns=turns)
    return Gate(opened).answer(Packet("203.0.113.9", target, "tcp", 4000, 8443))


def test_translations_are_certain_only_when_they_say_where_to() -> None:
    assert outcome(turned("10.2.0.9")) is True
    assert outcome(turned("10.2.0.9", (1, 9))) is None
    assert outcome(turned("10.2.0.9", (8443, 8443), ports=((8443, 8443),))) is True
    assert outcome(turned("10.2.0.9-10.2.0.10")) is None
    assert outcome(turned("10.2.0.9", unread="meta hour")) is None
    assert outcome(turned(None, exempt=True), turned("10.2.0.9")) is False
    assert outcome(turned("10.2.0.9", enabled=False)) is False
    assert outcome(turned("10.2.0.9"), target="10.2.0.9") is True
    redirected = Gate(base(turns=(turned(None),))).answer(Packet("203.0.113.9", "198.51.100.3", "tcp", 4000, 80))
    assert redirected is True


def test_an_unread_translation_is_certain_where_both_ways_pass() -> None:
    free = base(policy=Does.ACCEPT, turns=(turned("10.2.0.9", unread="meta hour"),))
    assert Gate(free).answer(Packet("203.0.113.9", "198.51.100.3", "tcp", 4000, 80)) is True


def test_two_legs_to_one_network_leave_it_without_a_way() -> None:
    twin = replace(
        base(line(Does.ACCEPT, not_entering=True, entering=("wan",))),
        interfaces=(*LEGS, GatewayInterface("twin", ("10.1.0.2/24",))),
    )
    passed = passages(twin, ["10.1.0.8/29"], ["10.2.0.8/29"])
    assert passed.uncertain
    assert not passed.certain


def test_negated_conditions_are_the_others() -> None:
    odd = base(
        line(
            Does.ACCEPT,
            sources=Addresses((LAN,), negated=True),
            protocols=("tcp",),
            not_target_ports=True,
            target_ports=((22, 22),),
            states=("established",),
            not_states=True,
            translated=False,
        ),
    )
    gate = Gate(odd)
    assert gate.answer(Packet("10.3.0.9", "10.2.0.9", "tcp", 1, 23)) is True
    assert gate.answer(Packet("10.3.0.9", "10.2.0.9", "tcp", 1, 22)) is False
    assert gate.answer(Packet("10.1.0.9", "10.2.0.9", "tcp", 1, 23)) is False
    assert gate.answer(Packet("10.3.0.9", "10.2.0.9", "sctp", 1, 23)) is False


def test_returns_and_gotos_lead_back_to_the_policy() -> None:
    chains = (
        Chain(
            "forward",
            (line(Does.JUMP, chain="a"), line(Does.GOTO, chain="b"), line(Does.ACCEPT)),
            Hook.FORWARD,
            Does.DROP,
        ),
        Chain("a", (line(Does.RETURN, protocols=("tcp",)), line(Does.ACCEPT, protocols=("udp",)))),
        Chain("b", (line(Does.ACCEPT, protocols=("icmp",)),)),
    )
    told = replace(base(), chains=chains)
    assert passages(told, ["10.1.0.8/29"], ["10.2.0.8/29"]).services.texts() == ("icmp", "udp")


def test_chains_of_arrival_know_no_connection_before_tracking() -> None:
    early = Chain(
        "raw",
        (line(Does.DROP, states=("new",)), line(Does.DROP, protocols=("udp",), unread="x")),
        Hook.ARRIVAL,
        Does.ACCEPT,
        -300,
    )
    late = Chain("late", (line(Does.DROP, states=("new",), protocols=("icmp",)),), Hook.ARRIVAL, Does.ACCEPT, -50)
    told = replace(base(policy=Does.ACCEPT), chains=(*(base(policy=Does.ACCEPT).chains or ()), early, late))
    passed = passages(told, ["10.1.0.8/29"], ["10.2.0.8/29"])
    assert passed.services.texts() == ("any", "-icmp", "-udp")
    assert passed.perhaps.texts() == ("any", "-icmp")


def test_a_protocol_that_no_line_names_is_one_of_the_others() -> None:
    assert Gate(base(policy=Does.ACCEPT)).answer(Packet("10.1.0.9", "10.2.0.9", "gre")) is True
    named = base(line(Does.ACCEPT, protocols=("gre",)))
    assert Gate(named).answer(Packet("10.1.0.9", "10.2.0.9", "47")) is True
    other = replace(named, chains=(*(named.chains or ()), Chain("six", (line(Does.ACCEPT, family=6),), family=6)))
    assert Gate(other).answer(Packet("10.1.0.9", "10.2.0.9", "esp")) is False
