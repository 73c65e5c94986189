"""Whether one zone is kept apart from those within: by the rule bases of the gateways, or by looks from there.

A look proves something of the ports that it tried: of all TCP ports, or of nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import ip_network

from negatoscope.judge.crossings import whole
from negatoscope.judge.exposure import ALL_PORTS, standing, tcp_ports
from negatoscope.judge.gateways import Gateways, gateways
from negatoscope.judge.gateways import Told as Ways
from negatoscope.judge.segmentation.evaluate import Passages, passages
from negatoscope.judge.zones import Zoning
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import InternetAccess, Zone, ZoneKind

LEFT_OUT = frozenset({ZoneKind.INTERNET, ZoneKind.DMZ, ZoneKind.GUEST, ZoneKind.PUBLIC})
"""Zones that visitors may meet."""


@dataclass(frozen=True, slots=True)
class Told:
    """All that speaks of passages."""

    zones: Seen[Zone]
    bases: Seen[RuleBase]
    hosts: Seen[Host]
    routes: Seen[Route]
    vantages: Seen[Vantage]
    reaches: Seen[Reach]
    accesses: Seen[InternetAccess] = field(default_factory=Seen)
    """Their routers are gateways too, where a control asks for the list of accesses."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A zone within that can be reached, and how it is known."""

    zone: Zone
    how: str
    """``reach``: tried and answered; ``rules``: the gateway lets it through."""
    what: str
    """Address and port, or the label of the line."""


class Apart:
    """What can be reached of the zones within from another zone."""

    def __init__(self, told: Told, now: datetime, fresh: timedelta) -> None:
        """Hold what is known at the instant ``now``; older looks than ``fresh`` prove no absence."""
        self.told = told
        self.since = now - fresh
        self.zoning = Zoning(told.zones.facts)

    @cached_property
    def gateways(self) -> Gateways:
        """The gateways, read and unread."""
        told = self.told
        return gateways(
            Ways(told.bases.facts, told.hosts.facts, told.routes.facts, told.zones.facts, told.accesses.facts)
        )

    def inner(self, zone: Zone) -> list[Zone]:
        """The other zones that must not be met from this one."""
        return [one for one in self.zoning.zones if one.ref != zone.ref and one.kind not in LEFT_OUT]

    def leaks(self, zone: Zone) -> Iterator[Leak]:
        """What is known to be reached within from this zone; one whose kind nobody told accuses nobody."""
        inner = {one.ref: one for one in self.inner(zone) if one.kind is not None}
        for reach, target in self._answered(zone):
            if target is not None and target.ref in inner:
                yield Leak(target, "reach", f"{reach.address}:{reach.port}")
        for target in inner.values():
            for passed in self._through(zone, target):
                for one in passed.certain[:1]:
                    yield Leak(target, "rules", next((str(line.label) for line in one.lines if line.label), "?"))

    def proven(self, zone: Zone) -> bool:
        """Whether every zone within is known not to be reached: by a whole recent look, or by every gateway's rules.

        What answered there and stands in no zone, or in one of which nobody told the kind, may be within.
        """
        inner = self.inner(zone)
        harmless = {one.ref for one in self.zoning.everywhere if one.kind in LEFT_OUT} | {zone.ref}
        met = all(target is not None and target.ref in harmless for _, target in self._answered(zone))
        return met and bool(inner) and all(self._tried(zone, one) or self._refused(zone, one) for one in inner)

    def _answered(self, zone: Zone) -> Iterator[tuple[Reach, Zone | None]]:
        """What answered somebody who stood in this zone, and where that is."""
        for reach in standing(self.told.reaches, self.told.vantages):
            if self._stands_in(reach.origin, zone):
                yield reach, self.zoning.of(reach.address)

    def _tried(self, zone: Zone, target: Zone) -> bool:
        seen = [
            ip_network(look.target, strict=False)
            for look in self.told.vantages.facts
            if look.complete and self._stands_in(look.origin, zone) and self._recent(self.told.vantages, look.ref)
            if len(tcp_ports(look.ports or "")) == ALL_PORTS
        ]
        nets = [ip_network(one, strict=False) for one in target.networks or ()]
        return bool(nets) and all(
            any(net.version == look.version and look.supernet_of(net) for look in seen)  # type: ignore[arg-type]
            for net in nets
        )

    def _refused(self, zone: Zone, target: Zone) -> bool:
        """Every gateway was read, whole and lately; one stands between; none lets anything through, for certain."""
        bases = self.gateways.read
        recent = all(whole(base) and self._recent(self.told.bases, base.ref) for base in bases.values())
        told = list(self._through(zone, target))
        return (
            bool(told)
            and recent
            and not self.gateways.unread
            and not any(one.certain or one.uncertain or one.unfiltered for one in told)
        )

    def _through(self, zone: Zone, target: Zone) -> Iterator[Passages]:
        """What passes through each gateway that has a leg in this zone."""
        origin, to = self.zoning.networks(zone), self.zoning.networks(target)
        for base in self.gateways.read.values() if origin and to else ():
            if any(self._leg(address, zone) for card in base.interfaces or () for address in card.addresses):
                yield passages(base, origin, to)

    def _leg(self, address: str, zone: Zone) -> bool:
        found = self.zoning.own(address.partition("/")[0])
        return found is not None and found.ref == zone.ref

    def _stands_in(self, origin: str, zone: Zone) -> bool:
        held = self.zoning.holding(origin)
        return held is not None and held.ref == zone.ref

    def _recent(self, seen: Seen[object], ref: Ref) -> bool:
        return any(source.at >= self.since for source in seen.sources.get(ref, ()))
