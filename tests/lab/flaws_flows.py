"""Flaws that only who watches the traffic can see: real clients talk through the router, which tells the console."""

from typing import ClassVar, Literal

from msgspec import Struct

from negatoscope.model.hosts import CLIENTS, HostClass
from tests.lab.description import Wrong
from tests.lab.filtering import Line
from tests.lab.flaws_router import PROTECTED
from tests.lab.flaws_services import CLEAR, listening
from tests.lab.plan import Plan, Server, Talk, Truth

RELAYS = {"teamviewer": 5938, "anydesk": 6568, "rustdesk": 21116}
"""As their makers publish them."""


def _watched(plan: Plan) -> None:
    if plan.lab.router.exports is None:
        raise Wrong("nobody would see it: the router exports no flows (exports)")


def check(plan: Plan) -> None:
    """Raise Wrong for talks of which the router sees one half: a second card answers beside it."""
    homes = {one.name: {one.segment} for one in plan.lab.hosts}
    at = {one.address: one.name for one in plan.lab.hosts}
    for name, (segment, _) in plan.cards.items():
        homes[name].add(segment.name)
    for one in plan.talks:
        if one.address in at and homes[one.source] & homes[at[one.address]]:
            raise Wrong(f"'{one.source}' and '{at[one.address]}' need no router: nobody sees what they say")


class ClearExchange(Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from"}):
    """A host speaks with another in a protocol that hides nothing, through the router, as a flow allows."""

    CONTROLS: ClassVar = ("R18.1", "R23.1", "R23.3")

    source: str
    host: str
    protocol: Literal["telnet", "ftp", "http", "imap", "pop3", "smtp", "ldap"]

    def _server(self) -> Server:
        return Server(self.host, self.protocol, CLEAR[self.protocol])

    def plant(self, plan: Plan) -> None:
        _watched(plan)
        plan.known(self.source)
        server = self._server()
        if server not in plan.servers:
            plan.start(server)
        there, port = plan.lab.host(self.host), str(server.port)
        if there.host_class is HostClass.MODALITY and not there.consent:
            raise Wrong(f"nobody may ask '{self.host}' what it answers: it has no consent")
        ends = plan.lab.host(self.source).segment, there.segment
        allowed = (one.service for one in plan.lab.flows if (one.source, one.target) == ends)
        if not any(one.startswith("tcp/") and port in one[4:].split(",") for one in allowed):
            raise Wrong(f"no flow lets '{ends[0]}' say tcp/{port} to '{ends[1]}' through the router")
        plan.talks.append(Talk(self.source, there.address, server.port))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        server = self._server()
        told = frozenset({("source", plan.lab.host(self.source).address), ("protocol", self.protocol)})
        return listening(plan, server) | {Truth("R23.3", server.ref, "exchanged", told)}


class TalksToRelay(Struct, frozen=True, forbid_unknown_fields=True):
    """A workstation calls the relay of a remote control tool, which answers; a line of the router lets it."""

    CONTROLS: ClassVar = ("R18.3", "R18.4")

    host: str
    tool: Literal["teamviewer", "anydesk", "rustdesk"]

    def plant(self, plan: Plan) -> None:
        _watched(plan)
        plan.known(self.host)
        if plan.lab.host(self.host).host_class not in CLIENTS:
            raise Wrong(f"'{self.host}' is no workstation or laptop")
        segment, port = plan.lab.segment(plan.lab.host(self.host).segment), RELAYS[self.tool]
        if segment.kind in PROTECTED:
            raise Wrong(f"'{segment.name}' is not for desks: nothing may leave from there")
        line = Line(segment, plan.lab.outside, f"tcp dport {port}", f"{self.tool} from {segment.name}")
        if line not in plan.rules.lines:
            plan.rules.lines.append(line)
        plan.talks.append(Talk(self.host, str(plan.lab.outside.network[-2]), RELAYS[self.tool]))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        about = frozenset({("target", str(plan.lab.outside.network[-2]))})
        ref = f"host/{self.host}"
        return frozenset({Truth("R18.3", ref, "talks_to_relay", about), Truth("R18.4", ref, "outside_window", about)})


KINDS = (ClearExchange, TalksToRelay)
