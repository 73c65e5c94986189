"""R29: devices are administered from a network apart."""

from datetime import datetime, timedelta

from negatoscope.judge.boundaries import drawn, old, read, young
from negatoscope.judge.consoles import answered, answering, others
from negatoscope.judge.crossings import crossings
from negatoscope.judge.exposure import standing
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.zones import Zoning
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import Reach, Vantage
from negatoscope.model.zones import Zone, ZoneKind

RULE = Rule("R29", fresh=timedelta(days=7))
DEVICES = frozenset({HostClass.NETWORK})


@RULE.measured("R29.1", among=DEVICES)
def administration_has_its_zone(hosts: Seen[Host], zones: Seen[Zone]) -> Said:
    """There is a zone for administration, and every network device has an address in it."""
    zoning = Zoning(zones.facts)
    yield from drawn(zones.facts, zoning)
    apart = [zone for zone in zoning.zones if zone.kind is ZoneKind.ADMINISTRATION]
    if zoning.zones and not apart and all(zone.kind for zone in zoning.zones):
        yield Finding("practice", "no_administration_zone")
    devices = [host for host in hosts.facts if host.host_class in DEVICES or host.host_class is None]
    if not devices:
        yield Doubt("practice", "no_device_known")
    for host in devices:
        if host.host_class is None:
            yield unread(host.ref, "host_class")
        elif not host.addresses:
            yield unread(host.ref, "addresses")
        elif apart:
            yield from _administered_apart(host, zoning)


def _administered_apart(host: Host, zoning: Zoning) -> Said:
    found = [zoning.own(address) for address in host.addresses or ()]
    if any(zone is not None and zone.kind is ZoneKind.ADMINISTRATION for zone in found):
        return
    if None in found or any(zone is not None and zone.kind is None for zone in found):
        yield Doubt(host.ref, "in_no_zone", {"address": ", ".join(host.addresses or ())})
    else:
        yield Finding(host.ref, "administered_among_others", {"zone": ", ".join(zone.name for zone in found if zone)})


@RULE.measured("R29.2", among=DEVICES)
def administration_answers_its_zone_alone(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    hosts: Seen[Host],
    zones: Seen[Zone],
    bases: Seen[RuleBase],
    reached: Seen[Reach],
    looks: Seen[Vantage],
    now: datetime,
) -> Said:
    """From every other zone, no administration page of a network device can be reached."""
    crossed = crossings(zones.facts, bases.facts)
    zoning = crossed.zoning
    yield from drawn(zones.facts, zoning)
    yield from old(bases, now)
    yield from read(crossed, zoning.everywhere if zoning.zones else ())
    if zoning.zones and all(zone.kind is not ZoneKind.ADMINISTRATION for zone in zoning.zones):
        yield Doubt("practice", "no_administration_zone")
    devices = [host for host in hosts.facts if host.host_class in DEVICES]
    if not devices:
        yield Doubt("practice", "no_device_known")
    yield from (unread(host.ref, "host_class") for host in hosts.facts if host.host_class is None)
    yield from (unread(host.ref, "addresses") for host in devices if not host.addresses)
    tried = [look for look in looks.facts if look.complete and young(looks, look, now)]
    for zone in others(zoning) if zoning.zones else ():
        for host in devices:
            yield from answering(crossed, zone, host, tried)
    yield from answered(zoning, devices, standing(reached, looks))
