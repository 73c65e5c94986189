"""R4: as few ways to the Internet as needed, and who takes them is known exactly."""

from datetime import datetime, timedelta

from negatoscope.judge.boundaries import drawn, old, read, young
from negatoscope.judge.crossings import crossings
from negatoscope.judge.exits import MODEM, Names, Traces, exits
from negatoscope.judge.going_out import elsewhere, goes_out
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.talks import recent
from negatoscope.judge.unlisted import unlisted
from negatoscope.judge.zones import standings
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import CLIENTS, COMPUTERS, Host, HostClass, Interface
from negatoscope.model.judgement import Doubt
from negatoscope.model.switching import SwitchPort, WifiNetwork
from negatoscope.model.traffic import Conversation, Route
from negatoscope.model.zones import InternetAccess, Zone

RULE = Rule("R4", fresh=timedelta(days=7))


@RULE.measured("R4.1")
def exits_are_declared(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    hosts: Seen[Host],
    cards: Seen[Interface],
    routes: Seen[Route],
    bases: Seen[RuleBase],
    zones: Seen[Zone],
    accesses: Seen[InternetAccess],
    ports: Seen[SwitchPort],
    radios: Seen[WifiNetwork],
    now: datetime,
) -> Said:
    """Each way out that anything shows is a declared access, and no device could hide another."""
    told = Traces(hosts.facts, cards.facts, routes.facts, bases.facts, zones.facts, accesses.facts)
    found = exits(told)
    yield from unlisted(found, accesses.facts, "exit_undeclared")
    yield from old(bases, now)
    yield from (Doubt(ref, "gateway_unread", {"gateway": address}) for ref, address in found.between)
    names = Names(hosts.facts, bases.facts)
    known = {base.host for base in bases.facts} | {one.host for one in ports.facts} | {one.host for one in radios.facts}
    known |= {ref for access in accesses.facts if access.router and (ref := names.ref(access.router))}
    routed = {one.host for one in routes.facts if young(routes, one, now)}
    for host in hosts.facts:
        if host.ref in known | routed:
            continue
        if host.host_class is None or host.host_class in COMPUTERS:
            yield Doubt(host.ref, "way_out_unread")
        elif host.host_class is HostClass.NETWORK:
            yield Doubt(host.ref, "device_unread")
    for card in cards.facts:
        if card.addresses is None and MODEM.match(card.name):
            yield unread(card.ref, "addresses")


@RULE.measured("R4.2", among=CLIENTS)
def who_goes_out_is_known(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    hosts: Seen[Host],
    cards: Seen[Interface],
    routes: Seen[Route],
    bases: Seen[RuleBase],
    zones: Seen[Zone],
    talks: Seen[Conversation],
    now: datetime,
) -> Said:
    """Of every workstation it is known whether it reaches the Internet, and what is seen does not say otherwise."""
    crossed = crossings(zones.facts, bases.facts)
    yield from drawn(zones.facts, crossed.zoning)
    yield from old(bases, now)
    if crossed.zoning.zones:
        yield from read(crossed, (crossed.zoning.outside,))
    told = Traces(hosts.facts, cards.facts, routes.facts, bases.facts, zones.facts)
    other = elsewhere(told, recent(talks, now, RULE.fresh), crossed)
    for one in standings(crossed.zoning, hosts.facts, cards.facts).values():
        if one.host.host_class is None:
            yield unread(one.host.ref, "host_class")
        elif one.host.host_class in CLIENTS and crossed.zoning.zones:
            yield from goes_out(one, crossed, other)


RULE.attested("R4.3")
