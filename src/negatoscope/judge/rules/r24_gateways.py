"""R24: Internet, service zone and internal network are kept apart."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from negatoscope.judge.boundaries import answering, astride, comes_inside, crossing, drawn, old, read
from negatoscope.judge.crossings import crossings
from negatoscope.judge.exposure import standing
from negatoscope.judge.gateways import Told, gateways, stale
from negatoscope.judge.rule import Rule
from negatoscope.judge.segmentation.faults import Fault, openings, untidy
from negatoscope.judge.shapes import Said
from negatoscope.judge.zones import Policy
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import AllowedFlow, InternetAccess, Zone

RULE = Rule("R24", fresh=timedelta(days=7))
FRESH = timedelta(days=31)
"""How long one reading of a firewall's settings counts: some of them only people can fetch."""
UNKNOWN = frozenset({
    "any_any_unread", "family_unread", "legs_unknown", "log_unknown", "never_counted", "uncounted",
})  # fmt: skip
"""Faults that are questions."""


@RULE.measured("R24.1")
def outside_and_inside_stand_apart(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    bases: Seen[RuleBase],
    zones: Seen[Zone],
    flows: Seen[AllowedFlow],
    reached: Seen[Reach],
    looks: Seen[Vantage],
    hosts: Seen[Host],
    cards: Seen[Interface],
    routes: Seen[Route],
    now: datetime,
) -> Said:
    """Neither the Internet nor the zone of public servers comes inside, beyond what somebody allowed."""
    crossed = crossings(zones.facts, bases.facts)
    zoning = crossed.zoning
    policy = Policy(zoning, flows.facts, now.date())
    yield from drawn(zones.facts, zoning)
    yield from gateways(Told(bases.facts, hosts.facts, routes.facts, zones.facts)).doubts()
    yield from old(bases, now)
    yield from read(crossed, zoning.everywhere if zoning.zones else ())
    yield from crossing(crossed, policy, comes_inside, "passes_inside")
    yield from answering(zoning, policy, standing(reached, looks), comes_inside)
    yield from astride(zoning, hosts.facts, cards.facts, {base.host for base in bases.facts})


@RULE.measured("R24.2", fresh=FRESH)
def what_is_not_allowed_is_refused(  # noqa: PLR0913, PLR0917 -- all that speaks of gateways
    bases: Seen[RuleBase],
    hosts: Seen[Host],
    routes: Seen[Route],
    zones: Seen[Zone],
    accesses: Seen[InternetAccess],
    now: datetime,
) -> Iterator[Finding | Doubt]:
    """Refusal by default on every gateway, and no line that lets everything through."""
    told = Told(bases.facts, hosts.facts, routes.facts, zones.facts, accesses.facts)
    yield from _weighed(bases, told, now, openings)


@RULE.measured("R24.3", fresh=FRESH)
def lines_leave_a_trace_and_serve(  # noqa: PLR0913, PLR0917 -- all that speaks of gateways
    bases: Seen[RuleBase],
    hosts: Seen[Host],
    routes: Seen[Route],
    zones: Seen[Zone],
    accesses: Seen[InternetAccess],
    now: datetime,
) -> Iterator[Finding | Doubt]:
    """Each line is logged, reached, used and not out of date."""
    told = Told(bases.facts, hosts.facts, routes.facts, zones.facts, accesses.facts)
    yield from _weighed(bases, told, now, lambda base: untidy(base, now))


def _weighed(
    bases: Seen[RuleBase], told: Told, now: datetime, weigh: Callable[[RuleBase], Iterable[Fault]]
) -> Iterator[Finding | Doubt]:
    known = gateways(told)
    yield from known.doubts()
    for base in known.read.values():
        yield from stale(bases, base, now - FRESH)
        for fault in weigh(base):
            values = {**fault.values, "chain": fault.chain, "line": fault.label or ""}
            made = Doubt if fault.code in UNKNOWN else Finding
            yield made(base.host, fault.code, values)


RULE.attested("R24.4")
