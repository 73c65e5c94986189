"""A rule base of 2,000 lines asked about 200 pairs of zones, and by 20 zones each about each: seconds, peak memory.

The peer, in the same run, is capirca (Apache-2.0), a generator of rule bases whose ``aclcheck`` says which lines match
given addresses and ports. It answers for one network, port and protocol at a time, knows neither jumps, states nor
translations, and tells lines rather than what passes: it is asked about one service for each pair, we about all. It is
no dependency:
``pip install capirca`` in the environment where this runs; without it, its line says so.
"""

import resource
import time
from datetime import UTC, datetime
from random import Random

from negatoscope.judge.segmentation.evaluate import Gate
from negatoscope.judge.segmentation.faults import faults
from negatoscope.model.gateways import Addresses, Chain, Does, FilterRule, GatewayInterface, Hook, Match, RuleBase

LINES, PAIRS, ZONES, FEW_ZONES = 2000, 200, 60, 20
WIDE = 0.05
"""Ends of a line that are the whole of the practice."""
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PORTS = (22, 53, 80, 104, 389, 443, 445, 636, 1433, 2762, 3389, 5432, 8080, 11112)


def network(dice: Random, zones: int) -> str:
    if dice.random() < WIDE:
        return "10.0.0.0/8"
    size = dice.choice((24, 24, 26, 28, 32))
    return f"10.{dice.randrange(zones)}.0.{dice.randrange(256) & (256 - (1 << (32 - size))) & 255}/{size}"


def written(zones: int = ZONES) -> list[tuple[str, str, str, int, bool]]:
    """Source, target, protocol, port, accepted."""
    dice = Random(4)
    return [
        (network(dice, zones), network(dice, zones), dice.choice(("tcp", "tcp", "udp")),
         dice.choice(PORTS) + dice.randrange(40), dice.random() < 0.8)
        for _ in range(LINES)
    ]  # fmt: skip


def pairs() -> list[tuple[str, str]]:
    dice = Random(5)
    return [(f"10.{a}.0.0/24", f"10.{b}.0.0/24") for a, b in (dice.sample(range(ZONES), 2) for _ in range(PAIRS))]


def rule_base(lines: list[tuple[str, str, str, int, bool]], zones: int) -> RuleBase:
    """A gateway with a leg in each zone."""
    rules = []
    for at, (source, target, protocol, port, accepted) in enumerate(lines, 1):
        match = Match(Addresses((source,)), Addresses((target,)), (protocol,), target_ports=((port, port),))
        does = Does.ACCEPT if accepted else Does.DROP
        rules.append(FilterRule(f"#{at}", match, does, logged=True, packets=1))
    legs = tuple(GatewayInterface(f"vlan{at}", (f"10.{at}.0.1/24",)) for at in range(zones))
    return RuleBase("host/fw", "bench", (Chain("forward", tuple(rules), Hook.FORWARD, Does.DROP),), (), legs, ())


def asked(base: RuleBase, questions: list[tuple[str, str]], name: str) -> float:
    """Ask all of it, made ready within the timing."""
    started = time.perf_counter()
    gate = Gate(base, {one for pair in questions for one in pair})
    told = sum(len(gate.passages([source], [target]).told) for source, target in questions)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{LINES} lines × {name}, every service: {seconds:.2f} s, {told} passages, peak {memory} MB")
    started = time.perf_counter()
    found = len(faults(base, NOW))
    print(f"faults of {LINES} lines: {time.perf_counter() - started:.2f} s, {found} found")
    return seconds


def peer(lines: list[tuple[str, str, str, int, bool]]) -> float | None:
    try:
        from capirca.lib import aclcheck, naming, policy
    except ImportError:
        return None
    names = naming.Naming()
    text = ["header {\n target:: iptables INPUT DROP\n}"]
    for at, (source, target, protocol, port, accepted) in enumerate(lines):
        names.ParseNetworkList([f"S{at} = {source}", f"T{at} = {target}"])
        names.ParseServiceList([f"P{at} = {port}/{protocol}"])
        action = "accept" if accepted else "deny"
        text.append(f"term t{at} {{\n source-address:: S{at}\n destination-address:: T{at}\n protocol:: {protocol}\n"
                    f" destination-port:: P{at}\n action:: {action}\n}}")  # fmt: skip
    read = policy.ParsePolicy("\n".join(text), names, shade_check=False)
    started = time.perf_counter()
    for source, target in pairs():
        aclcheck.AclCheck(read, source, target, "any", "443", "tcp")
    return time.perf_counter() - started


def main() -> None:
    few = [f"10.{at}.0.0/24" for at in range(FEW_ZONES)]
    each = [(source, target) for source in few for target in few if source != target]
    asked(rule_base(written(FEW_ZONES), FEW_ZONES), each, f"{FEW_ZONES} zones each to each")
    lines = written()
    mine = asked(rule_base(lines, ZONES), pairs(), f"{PAIRS} pairs")
    theirs = peer(lines)
    if theirs is None:
        print("capirca is not installed here: no peer measured (pip install capirca)")
    else:
        print(f"capirca aclcheck, one service a pair: {theirs:.2f} s, {theirs / mine:.1f} times ours for every service")


if __name__ == "__main__":
    main()
