"""R21: hosts that hold what matters stand behind a gateway of their own."""

from datetime import datetime, timedelta

from negatoscope.judge.boundaries import answering, crossing, drawn, everything, old, pairs, read
from negatoscope.judge.crossings import crossings
from negatoscope.judge.exposure import standing
from negatoscope.judge.gateways import Told, gateways
from negatoscope.judge.placing import IMPORTANT, open_card, stands_apart
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.judge.zones import PROTECTED, Policy, Zoning, standings
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.imaging import DicomNode
from negatoscope.model.judgement import Doubt
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import AllowedFlow, Zone

RULE = Rule("R21", fresh=timedelta(days=7))

RULE.attested("R21.1")


@RULE.measured("R21.2", among=IMPORTANT)
def what_matters_stands_apart(
    hosts: Seen[Host], zones: Seen[Zone], cards: Seen[Interface], nodes: Seen[DicomNode]
) -> Said:
    """Servers and modalities stand in zones where no desk, visitor or guest stands, and these zones are true.

    The rule speaks of workstations too, where they hold what matters: consoles on which images are read belong among
    imaging by nature. What speaks DICOM is one; of another workstation there nobody knows. A laptop, which leaves the
    house, and a workstation among servers are none.
    """
    zoning = Zoning(zones.facts)
    yield from drawn(zones.facts, zoning)
    placed = standings(zoning, hosts.facts, cards.facts)
    consoles = {node.host for node in nodes.facts} | {host.ref for host in hosts.facts if host.ae_titles}
    for one in placed.values() if zoning.zones else ():
        yield from stands_apart(one, consoles)
    for card in cards.facts if zoning.zones else ():
        yield from open_card(card, placed.get(card.host), zoning)


@RULE.measured("R21.3")
def gateways_let_through_what_is_allowed(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    zones: Seen[Zone],
    bases: Seen[RuleBase],
    flows: Seen[AllowedFlow],
    reached: Seen[Reach],
    looks: Seen[Vantage],
    hosts: Seen[Host],
    routes: Seen[Route],
    now: datetime,
) -> Said:
    """To and from zones that hold what matters, only what somebody allowed passes, or answers."""
    crossed = crossings(zones.facts, bases.facts)
    zoning = crossed.zoning
    policy = Policy(zoning, flows.facts, now.date())
    yield from drawn(zones.facts, zoning)
    if zoning.zones:
        yield from gateways(Told(bases.facts, hosts.facts, routes.facts, zones.facts)).doubts()
        yield from old(bases, now)
        yield from read(crossed, zoning.everywhere)
    yield from (Doubt(flow.ref, "flow_unread", {"services": flow.service}) for flow in policy.unread)
    for source, target in pairs(zoning, _matters):
        if target.kind in PROTECTED:
            yield from everything(source, target, policy)
    yield from crossing(crossed, policy, _matters, "passes_beyond")
    yield from answering(zoning, policy, standing(reached, looks), _matters)


def _matters(source: Zone, target: Zone) -> bool:
    return bool({source.kind, target.kind} & PROTECTED)
