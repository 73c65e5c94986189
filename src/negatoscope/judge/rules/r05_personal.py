"""R5: no personal device on the network, no professional mail sent on to private mailboxes."""

from collections.abc import Container
from datetime import datetime, timedelta

from negatoscope.judge.apart import Apart
from negatoscope.judge.apart import Told as Passing
from negatoscope.judge.mailing import Mailing
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.judge.stations import VISITORS, Stations, Told, likeness
from negatoscope.model.atlas import MapEntry
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.mail import MailForward, MailSystem
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.model.switching import Sighting, WifiNetwork
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import Zone

RULE = Rule("R5", fresh=timedelta(days=7))


@RULE.measured("R5.1")
def every_card_seen_belongs_to_a_declared_host(  # noqa: PLR0913, PLR0917 -- one parameter a kind that speaks of cards
    hosts: Seen[Host],
    entries: Seen[MapEntry],
    cards: Seen[Interface],
    sightings: Seen[Sighting],
    wifi: Seen[WifiNetwork],
    zones: Seen[Zone],
    routes: Seen[Route],
    networks: Seen[Network],
    bases: Seen[RuleBase],
    vantages: Seen[Vantage],
    reaches: Seen[Reach],
    now: datetime,
) -> Said:
    """Name every card that no declared host owns, but those of visitors kept apart; doubt where nobody watches."""
    apart = Apart(Passing(zones, bases, hosts, routes, vantages, reaches), now, RULE.fresh)
    stations = Stations(Told(hosts, entries, cards, sightings, wifi, zones, routes), now, RULE.fresh)
    spared = {zone.ref for zone in apart.zoning.zones if zone.kind in VISITORS and not any(apart.leaks(zone))}
    yield from _visitors(apart, spared)
    strangers = tuple(stations.strangers())
    for seen, zone in strangers:
        if zone is None or zone.ref not in spared:
            values = {"mac": seen.mac, "by": seen.by.value, "where": seen.where, "host": seen.host}
            more = {"maker": seen.maker or "?", "name": seen.name or "?", "since": _day(seen.first_seen)}
            yield Finding(seen.ref, likeness(seen), values | more)
    yield from (Doubt(host, "card_unknown", {"mac": mac}) for mac, host in sorted(stations.perhaps.items()))
    named = {seen.mac for seen, _ in strangers}
    last = {entry.host: entry.seen_at for entry in entries.facts}
    for host in hosts.facts:
        found = {zone.ref for zone in stations.standing[host.ref].zones}
        if host.ref in stations.declared or not named.isdisjoint(host.macs or ()) or (found and found <= spared):
            continue
        at, maker = last.get(host.ref), {"maker": host.card_maker or host.vendor or "?"}
        met = at is not None and now - at <= RULE.fresh
        yield (Finding if met else Doubt)(host.ref, "undeclared_host" if met else "undeclared_unmet", maker)
    for network in stations.unwatched(networks.facts):
        yield Doubt(network.ref, "not_watched")


def _visitors(apart: Apart, spared: Container[Ref]) -> Said:
    """A network for visitors is outside only where nothing within can be reached from it."""
    for zone in apart.zoning.zones:
        if zone.kind in VISITORS and not (zone.ref in spared and apart.proven(zone)):
            yield Doubt(zone.ref, "visitors_perhaps_inside")


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "?"


RULE.awaiting("R5.2", "syslog")


@RULE.measured("R5.3")
def no_mail_leaves_for_a_private_mailbox(
    systems: Seen[MailSystem], forwards: Seen[MailForward], people: Seen[Person], now: datetime
) -> Said:
    """Find what is sent on to a provider of private mailboxes; doubt other domains, and mail that nobody read."""
    mailing = Mailing(systems, forwards, now)
    for forward in mailing.outside():
        values = {"mailbox": forward.mailbox, "domain": forward.domain, "means": forward.means.value}
        if mailing.private(forward.domain):
            yield Finding(forward.ref, "sent_on", values)
        else:
            yield Doubt(forward.ref, "sent_elsewhere", values)
    yield from mailing.unread(person.email for person in people.facts)


RULE.attested("R5.4")
RULE.attested("R5.5")
