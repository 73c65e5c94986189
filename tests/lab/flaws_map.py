"""Flaws that the map shows: devices that do not say what they are, computers that join two networks."""

from typing import ClassVar

import msgspec
from msgspec import Struct

from negatoscope.model.hosts import HostClass
from negatoscope.model.zones import ZoneKind
from tests.lab.description import Wrong
from tests.lab.flaws_router import misplaced
from tests.lab.plan import Plan, Truth

ANSWERED = ("R12.5", "R18.1", "R23.1", "R23.2", "R23.3", "R23.4", "R23.6")
"""Controls that judge what answers at an address."""


class NamelessDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """A switch whose agent says neither its model nor its version: what its maker left there."""

    CONTROLS: ClassVar = ("R1.1", "R1.3")

    host: str

    def plant(self, plan: Plan) -> None:
        plan.listening(self.host, "switch")
        plan.nameless.add(self.host)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R1.1", f"host/{self.host}"), Truth("R1.3", f"host/{self.host}")})


class Astride(Struct, frozen=True, forbid_unknown_fields=True):
    """A Linux computer with a second card, in another segment: packets need no router between both."""

    CONTROLS: ClassVar = ("R1.4", "R1.7", "R21.2", "R24.1", "R5.1", *ANSWERED)

    host: str
    segment: str
    address: str

    def plant(self, plan: Plan) -> None:
        plan.listening(self.host, "ssh")
        plan.lab.named_segment(self.segment)
        host, segment = plan.lab.host(self.host), plan.lab.segment(self.segment)
        if host.host_class is HostClass.NETWORK or segment.kind is ZoneKind.INTERNET or self.segment == host.segment:
            raise Wrong(f"'{self.host}' and '{self.segment}' are no computer of the practice and another segment of it")
        plan.free(segment, self.address)
        if self.host in plan.cards:
            raise Wrong(f"'{self.host}' has a second card already")
        plan.cards[self.host] = (segment, self.address)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        found = {Truth("R1.4", f"host/{self.host}", "astride")}
        there = msgspec.structs.replace(plan.lab.host(self.host), segment=self.segment)
        kinds = {plan.lab.segment(one).kind for one in (there.segment, plan.lab.host(self.host).segment)}
        if ZoneKind.DMZ in kinds and len(kinds) > 1:
            found.add(Truth("R24.1", f"host/{self.host}", "stands_in_both"))
        if misplaced(plan.lab, there):
            found.add(Truth("R21.2", f"host/{self.host}"))
        return frozenset(found)

    def may(self, plan: Plan) -> frozenset[Truth]:
        """Who sweeps through the router sees somebody there before the computer tells that it is its own address."""
        services = {Truth(one, f"service/{self.address}/") for one in ANSWERED}
        return frozenset({*services, *(Truth(one, f"host/{self.address}") for one in ("R1.7", "R5.1", "R23.5"))})


KINDS = (NamelessDevice, Astride)
