"""R25: no administration interface answers to the Internet."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from negatoscope.judge.boundaries import ADMINISTRATION, PAGES, holds, old
from negatoscope.judge.crossings import Crossing, crossings, said
from negatoscope.judge.exposure import from_outside
from negatoscope.judge.gateways import Told, gateways
from negatoscope.judge.matrix import within
from negatoscope.judge.opening import DEVICES, opened_by_itself
from negatoscope.judge.rule import Rule
from negatoscope.judge.segmentation.services import Services
from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import AutoOpening, PortMapping, RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import INTERNET, Reach, Route, Vantage
from negatoscope.model.zones import InternetAccess

RULE = Rule("R25", fresh=timedelta(days=7))

FEW = 4


@RULE.measured("R25.1")
def nothing_is_administered_from_outside(
    accesses: Seen[InternetAccess], looks: Seen[Vantage], answers: Seen[Reach], now: datetime
) -> Said:
    """Show no administration interface at any public address of the practice."""
    yield from from_outside(accesses, looks, answers, now)


@RULE.measured("R25.2")
def no_opening_leads_to_administration(  # noqa: PLR0913, PLR0917 -- one parameter a kind that tells of openings
    bases: Seen[RuleBase],
    hosts: Seen[Host],
    routes: Seen[Route],
    reached: Seen[Reach],
    openers: Seen[AutoOpening],
    mappings: Seen[PortMapping],
    now: datetime,
) -> Said:
    """What the outside reaches through a gateway, or on it, administers nothing."""
    yield from gateways(Told(bases.facts, hosts.facts, routes.facts)).doubts()
    yield from old(bases, now)
    yield from opened_by_itself(openers.facts, mappings.facts, hosts.facts)
    crossed = crossings((), bases.facts)
    known = {address: host for host in hosts.facts for address in host.addresses or ()}
    met = {(one.address, one.port): one.administers for one in reached.facts if one.origin == INTERNET}
    for ref in crossed.gates:
        told = crossed.exposed(ref)
        yield from (Doubt(ref, "family_unfiltered", {"family": family}) for family in told.unfiltered)
        for passage in told:
            crossing = Crossing(ref, passage)
            yield from _administering(crossing)
            yield from _showing(crossing, known, met)


def _administering(one: Crossing) -> Said:
    services = one.passage.services.both(ADMINISTRATION)
    if services:
        yield _weighed(one, "leads_to_administration", _values(one, services))


def _weighed(one: Crossing, reason: str, values: dict[str, str]) -> Finding | Doubt:
    certain = one.passage.certain
    return Finding(one.gateway, reason, values) if certain else Doubt(one.gateway, "opening_uncertain", values)


def _values(one: Crossing, services: Services) -> dict[str, str]:
    return {"services": said(services), "line": one.line, "target": ", ".join(one.passage.targets[:FEW])}


def _showing(one: Crossing, known: Mapping[str, Host], met: Mapping[tuple[str, int], bool | None]) -> Said:
    """A web page behind an opening: a printer's or a switch's own administers; of others only a look can tell."""
    pages = one.passage.services.both(PAGES)
    if not pages or one.passage.services.both(ADMINISTRATION):
        return
    values = _values(one, pages)
    hosts = [host for address, host in known.items() if holds(one.passage.targets, address)]
    told = [yes for (address, port), yes in met.items() if _asks(one, address, port)]
    if True in told or any(host.host_class in DEVICES for host in hosts if not one.passage.to_gateway):
        yield _weighed(one, "leads_to_page", values)
    elif not told or None in told:
        yield Doubt(one.gateway, "page_unknown", values)


def _asks(one: Crossing, address: str, port: int) -> bool:
    """Whether who asks this address and port from outside takes this way: as port forwarding has it, or straight."""
    entry = one.passage.entry
    targets, services = (entry.targets, entry.services) if entry else (one.passage.targets, one.passage.services)
    return holds(targets, address) and within(services, "tcp", port)
