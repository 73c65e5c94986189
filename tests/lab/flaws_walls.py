"""Flaws of sockets in public places, and of devices that answer in clear over UDP."""

from typing import ClassVar

from msgspec import Struct

from negatoscope.model.hosts import HostClass
from negatoscope.model.zones import ZoneKind
from tests.lab.description import Wall, Wrong
from tests.lab.flaws_factory import BY_CLASS
from tests.lab.plan import Plan, Server, Truth

BY_USE = {"": "R34.2", "printer": "R34.3", "screen": "R34.4", "camera": "R34.5", "phone": "R34.6"}


class LiveSocket(Struct, frozen=True, forbid_unknown_fields=True):
    """A socket where patients may be alone leads into an internal VLAN, without 802.1X."""

    CONTROLS: ClassVar = tuple(BY_USE.values())

    socket: str

    def _wall(self, plan: Plan) -> Wall:
        found = [one for one in plan.lab.sockets if one.name == self.socket]
        if not found:
            raise Wrong(f"no socket '{self.socket}' ({', '.join(one.name for one in plan.lab.sockets)})")
        return found[0]

    def plant(self, plan: Plan) -> None:
        wall = self._wall(plan)
        kind = plan.lab.segment(wall.segment).kind
        if not wall.public or kind in {ZoneKind.GUEST, ZoneKind.PUBLIC, ZoneKind.INTERNET, ZoneKind.DMZ}:
            raise Wrong(f"'{self.socket}' is not in public, or leads to no internal segment")
        plan.states[wall.name] = "live"

    def truth(self, plan: Plan) -> frozenset[Truth]:
        wall = self._wall(plan)
        return frozenset({Truth(BY_USE[wall.used_by], wall.ref, "live")})


class ClearSnmp(Struct, frozen=True, forbid_unknown_fields=True):
    """An SNMP agent that answers version 2c, to the name that every manual prints."""

    CONTROLS: ClassVar = ("R12.1", "R12.3", "R23.1", "R23.5")

    host: str

    def plant(self, plan: Plan) -> None:
        plan.start(Server(self.host, "snmp", 161))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        over_udp = Truth("R23.5", f"host/{self.host}", "clear_udp", frozenset({("protocol", "snmp")}))
        found = {over_udp, Truth("R23.1", f"service/{self.host}/udp/161")}
        kind = plan.lab.host(self.host).host_class
        if kind in {HostClass.NETWORK, HostClass.PRINTER}:
            tried = Truth(BY_CLASS[kind], f"factorylogin/{self.host}/snmp/161/", "factory_login")
            found.add(Truth(BY_CLASS[kind], f"clearanswer/{self.host}/161", "factory_login", otherwise=tried))
        return frozenset(found)


KINDS = (LiveSocket, ClearSnmp)
