"""R22: no Wi-Fi, or one that is cut off from the rest."""

from datetime import datetime, timedelta

from negatoscope.judge.apart import Apart
from negatoscope.judge.apart import Told as Passing
from negatoscope.judge.radio import Radio, elsewhere, zones_of
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.stations import VISITORS, Stations, Told
from negatoscope.model.atlas import MapEntry
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, Interface
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Network
from negatoscope.model.radio import AccessPoint
from negatoscope.model.switching import Sighting, WifiNetwork, WifiSecurity
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import InternetAccess, Zone

RULE = Rule("R22", fresh=timedelta(days=7))
LEADS = {"reach": "leads_by_reach", "rules": "leads_by_rules"}
WEAK = frozenset({WifiSecurity.OPEN, WifiSecurity.WEP, WifiSecurity.WPA})


@RULE.measured("R22.1")
def access_points_are_listed_and_read(  # noqa: PLR0913, PLR0917 -- one parameter a kind that speaks of radio
    hosts: Seen[Host],
    points: Seen[AccessPoint],
    wifi: Seen[WifiNetwork],
    entries: Seen[MapEntry],
    cards: Seen[Interface],
    sightings: Seen[Sighting],
    zones: Seen[Zone],
    routes: Seen[Route],
    networks: Seen[Network],
    now: datetime,
) -> Said:
    """Hold the list of access points against those that were read and the networks that computers joined."""
    radio = Radio(points, wifi, hosts, now)
    for network in radio.unlisted():
        yield Finding(network.ref, "point_unlisted", {"host": network.host, "ssid": network.ssid})
    for point in points.facts:
        if not (point.reason or "").strip():
            yield Doubt(point.ref, "reason_missing")
    stations = Stations(Told(hosts, entries, cards, sightings, wifi, zones, routes), now, RULE.fresh)
    yield from elsewhere(wifi, stations, networks.facts)
    yield from radio.unread()


@RULE.measured("R22.2")
def radio_is_kept_apart(  # noqa: PLR0913, PLR0917 -- one parameter a kind that speaks of passages
    hosts: Seen[Host],
    points: Seen[AccessPoint],
    wifi: Seen[WifiNetwork],
    entries: Seen[MapEntry],
    cards: Seen[Interface],
    sightings: Seen[Sighting],
    zones: Seen[Zone],
    bases: Seen[RuleBase],
    routes: Seen[Route],
    accesses: Seen[InternetAccess],
    vantages: Seen[Vantage],
    reaches: Seen[Reach],
    now: datetime,
) -> Said:
    """Ask of each radio network that its stations stand in a zone of their own, from which nothing within is met."""
    stations = Stations(Told(hosts, entries, cards, sightings, wifi, zones, routes), now, RULE.fresh)
    apart = Apart(Passing(zones, bases, hosts, routes, vantages, reaches, accesses), now, RULE.fresh)
    wired = _wired(stations, cards)
    for network in wifi.facts:
        found = zones_of(network, stations)
        if not found:
            yield Doubt(network.ref, "zone_unknown", {"ssid": network.ssid})
        for zone in found:
            said = {"ssid": network.ssid, "zone": zone.name}
            leaks = list(apart.leaks(zone))
            if zone.kind is None:
                yield Doubt(zone.ref, "zone_kind_unknown")
            elif zone.ref in wired and zone.kind not in VISITORS:
                yield Finding(network.ref, "with_the_rest", {**said, "other": wired[zone.ref]})
            for leak in leaks[:1]:
                yield Finding(network.ref, LEADS[leak.how], {**said, "to": leak.zone.name, "line": leak.what})
            if not leaks and not apart.proven(zone):
                yield Doubt(network.ref, "not_proven_apart", said)
    yield from Radio(points, wifi, hosts, now).unread()


def _wired(stations: Stations, cards: Seen[Interface]) -> dict[str, str]:
    """Zones in which a declared host stands by a wire, and one such host."""
    radios = {card.host for card in cards.facts if card.wireless is True}
    return {
        zone.ref: host
        for host, stands in stations.standing.items()
        if host in stations.declared - radios
        for zone in stands.zones
    }


@RULE.measured("R22.3")
def radio_is_encrypted(hosts: Seen[Host], points: Seen[AccessPoint], wifi: Seen[WifiNetwork], now: datetime) -> Said:
    """Ask for WPA2 with AES at least, and no way in by a button."""
    for network in wifi.facts:
        if network.security is None:
            yield unread(network.ref, "wifi_security")
        elif network.security in WEAK:
            yield Finding(network.ref, "weak", {"ssid": network.ssid, "security": network.security.value})
        if network.wps is None:
            yield unread(network.ref, "wps")
        elif network.wps:
            yield Finding(network.ref, "wps", {"ssid": network.ssid})
    yield from Radio(points, wifi, hosts, now).unread()


RULE.attested("R22.4")
