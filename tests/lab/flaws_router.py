"""Flaws of the router's ruleset, of what is reached through it, and of where hosts stand; read over its sshd."""

from typing import ClassVar, Literal

from msgspec import Struct

from negatoscope.model.hosts import CLIENTS, HostClass
from negatoscope.model.traffic import INTERNET
from negatoscope.model.zones import ZoneKind
from tests.lab.description import Description, Host, Segment, Wrong
from tests.lab.filtering import VISITORS, Line
from tests.lab.flaws_walls import BY_USE
from tests.lab.plan import Plan, Truth

ServiceName = Literal["ssh", "telnet", "rdp", "vnc", "smb", "dicom", "sql", "everything"]
PORTS = {"ssh": 22, "telnet": 23, "rdp": 3389, "vnc": 5900, "smb": 445, "dicom": 104, "sql": 5432}
ADMINISTERS = frozenset({"ssh", "telnet", "rdp", "vnc", "everything"})
CONSOLES = frozenset({"22", "23", "80", "443", "3389", "5900", "8080", "8443"})
"""Where devices are administered; other ports that are known for it may stand in no description's flow to a device."""
OUTER = frozenset({ZoneKind.INTERNET, ZoneKind.DMZ})
PROTECTED = frozenset({ZoneKind.IMAGING, ZoneKind.SERVERS, ZoneKind.ADMINISTRATION})
DESKS = frozenset({ZoneKind.USERS, ZoneKind.GUEST, ZoneKind.PUBLIC})
RENAMED = {"source": "from", "target": "to"}


def _ends(plan: Plan, source: str, target: str) -> tuple[Segment, Segment]:
    plan.lab.named_segment(source)
    plan.lab.named_segment(target)
    if source == target:
        raise Wrong(f"'{source}' to itself does not pass through the router")
    return plan.lab.segment(source), plan.lab.segment(target)


def _alone(plan: Plan, source: Segment, target: Segment) -> None:
    """Raise Wrong where a second line could hide, or be hidden by, another flaw's."""
    beyond = plan.rules.lines[len(plan.lab.flows) :]
    if plan.rules.forwards and source.kind is ZoneKind.INTERNET:
        raise Wrong("one way in from the Internet at a time")
    if any((one.source, one.target) == (source, target) for one in beyond):
        raise Wrong(f"another flaw opens '{source.name}' to '{target.name}' already")


def _passing(plan: Plan, source: Segment, target: Segment, service: str) -> set[Truth]:
    """What must be found where something passes that nobody allowed."""
    router = plan.lab.ref
    found, zones = set(), frozenset({("source_zone", source.name), ("target_zone", target.name)})
    if {source.kind, target.kind} & PROTECTED:
        found.add(Truth("R21.3", router, "passes_beyond", zones))
    if source.kind in OUTER and target.kind not in OUTER:
        found.add(Truth("R24.1", router, "passes_inside", zones))
    if target.kind not in OUTER | {ZoneKind.GUEST, ZoneKind.PUBLIC}:
        there = [plan.radio.get(one.ssid, one) for one in plan.lab.wifi]
        found |= {Truth("R22.2", one.ref) for one in there if one.segment == source.name}
        walls = [one for one in plan.lab.sockets if one.public and one.segment == source.name]
        live = [one for one in walls if source.kind in VISITORS and plan.states.get(one.name, one.state) == "live"]
        found |= {Truth(BY_USE[one.used_by], one.ref) for one in live}
    if service in ADMINISTERS and source.kind is ZoneKind.INTERNET:
        found |= {Truth("R25.2", router, "leads_to_administration"), Truth("R18.4", router, "open_beyond")}
    if service in ADMINISTERS and source.kind is not ZoneKind.ADMINISTRATION:
        found |= {
            Truth("R29.2", one.ref, "reached_elsewhere", frozenset({("source_zone", source.name)}))
            for one in _devices(plan.lab, target)
        }
    return found


def _devices(lab: Description, segment: Segment) -> list[Host]:
    return [one for one in lab.hosts if one.segment == segment.name and one.host_class is HostClass.NETWORK]


class Opening(Struct, frozen=True, forbid_unknown_fields=True, rename=RENAMED):
    """A line of the router lets through what no flow of the policy allows."""

    CONTROLS: ClassVar = ("R18.4", "R21.3", "R22.2", "R24.1", "R24.2", "R25.2", "R29.2", *BY_USE.values())

    source: str
    target: str
    service: ServiceName

    def plant(self, plan: Plan) -> None:
        source, target = _ends(plan, self.source, self.target)
        if source is plan.lab.administration and self.service != "everything":
            raise Wrong(f"'{source.name}' may ask every port already: the console observes from there")
        _alone(plan, source, target)
        what = "" if self.service == "everything" else f"tcp dport {PORTS[self.service]}"
        plan.rules.lines.append(Line(source, target, what, f"opened from {source.name} to {target.name}"))
        if not self.truth(plan):
            raise Wrong("this opening breaks no rule: it leads neither inside nor to or from what matters")
        allowed = [one for one in plan.lab.flows if (one.source, one.target) == (self.source, self.target)]
        if any(str(PORTS.get(self.service)) in one.service.partition("/")[2].split(",") for one in allowed):
            raise Wrong("a flow of the policy allows this")

    def truth(self, plan: Plan) -> frozenset[Truth]:
        source, target = _ends(plan, self.source, self.target)
        found = _passing(plan, source, target, self.service)
        if self.service == "everything" and target.kind is not ZoneKind.INTERNET:
            found.add(Truth("R24.2", plan.lab.ref, "any_any"))
        return frozenset(found)


class OpenByDefault(Struct, frozen=True, forbid_unknown_fields=True):
    """The router lets through what no line refuses: policy accept, no last line."""

    CONTROLS: ClassVar = ("R18.4", "R21.3", "R22.2", "R24.1", "R24.2", "R25.2", "R29.2", *BY_USE.values())

    def plant(self, plan: Plan) -> None:
        plan.rules.open_by_default = True

    def truth(self, plan: Plan) -> frozenset[Truth]:
        found = {Truth("R24.2", plan.lab.ref, "default_open")}
        for source in plan.lab.segments:
            for target in plan.lab.segments:
                if source is not target:
                    found |= _passing(plan, source, target, "everything")
        return frozenset(found)


class PortForward(Struct, frozen=True, forbid_unknown_fields=True):
    """The router sends a port of its public address on to a host."""

    CONTROLS: ClassVar = ("R18.4", "R21.3", "R24.1", "R25.1", "R25.2", "R29.2")

    host: str
    service: Literal["ssh", "telnet", "rdp", "vnc"]

    def plant(self, plan: Plan) -> None:
        plan.known(self.host)
        host = plan.lab.host(self.host)
        inside = plan.lab.segment(host.segment)
        if inside.kind is ZoneKind.INTERNET:
            raise Wrong(f"'{self.host}' stands in the Internet")
        port = PORTS[self.service]
        _alone(plan, plan.lab.outside, inside)
        line = Line(plan.lab.outside, inside, f"tcp dport {port}", f"forward to {host.name}", host=host.address)
        plan.rules.lines.append(line)
        plan.rules.forwards.append((port, f"{host.address}:{port}"))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        host = plan.lab.host(self.host)
        inside = plan.lab.segment(host.segment)
        found = _passing(plan, plan.lab.outside, inside, self.service)
        found = {one for one in found if one.control not in {"R18.4", "R29.2"} or one.subject == host.ref}
        found.add(Truth("R18.4", host.ref, "open_beyond"))
        port = PORTS[self.service]
        if any(one.host == host.name and one.port == port for one in plan.servers):
            found.add(Truth("R25.1", f"reach/internet/{plan.lab.outside.router}/tcp/{port}"))
        return frozenset(found)

    def may(self, plan: Plan) -> frozenset[Truth]:
        """Who looks from outside cannot tell the router's own answer from that of a host behind it, and is seen."""
        outside, host = frozenset({("source_zone", plan.lab.outside.name)}), plan.lab.host(self.host)
        service = f"service/{self.host}/tcp/{PORTS[self.service]}"
        exchanged = Truth("R23.3", service, "exchanged", frozenset({("source", INTERNET)}))
        answers = Truth("R29.2", plan.lab.ref, "answers_elsewhere", outside)
        return frozenset({answers, exchanged, _seen_coming_in(host.ref)})


def _seen_coming_in(ref: str) -> Truth:
    """Our own look from outside is a take-over to whoever watches the traffic."""
    return Truth("R18.4", ref, "outside_window")


class _OfFlow(Struct, frozen=True, forbid_unknown_fields=True, rename=RENAMED):
    """A fault of the line that lets a flow of the description through."""

    CONTROLS: ClassVar = ("R24.3",)
    REASON: ClassVar[str]

    source: str
    target: str

    def line(self, plan: Plan) -> Line:
        found = [one for one in plan.rules.lines if (one.source.name, one.target.name) == (self.source, self.target)]
        if not found:
            raise Wrong(f"no flow from '{self.source}' to '{self.target}'")
        return found[0]

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R24.3", plan.lab.ref, self.REASON)})


class HiddenLine(_OfFlow, frozen=True, forbid_unknown_fields=True, rename=RENAMED):
    """A second line below that the first one hides."""

    REASON: ClassVar = "shadowed"

    def plant(self, plan: Plan) -> None:
        plan.rules.lines.append(self.line(plan)._replace(comment="the same once more"))


class UnloggedLine(_OfFlow, frozen=True, forbid_unknown_fields=True, rename=RENAMED):
    """The line leaves no trace."""

    REASON: ClassVar = "unlogged"

    def plant(self, plan: Plan) -> None:
        plan.rules.change(self.line(plan), log=False)


class ExpiredLine(_OfFlow, frozen=True, forbid_unknown_fields=True, rename=RENAMED):
    """The line should have ended years ago, as its own comment says."""

    REASON: ClassVar = "expired"

    def plant(self, plan: Plan) -> None:
        line = self.line(plan)
        plan.rules.change(line, comment=f"{line.comment}, until 2020-01-31")


class RouterAnswers(Struct, frozen=True, forbid_unknown_fields=True, rename=RENAMED):
    """The router itself can be administered (SSH) from a segment that is not for administration."""

    CONTROLS: ClassVar = ("R18.4", "R25.1", "R25.2", "R29.2")

    source: str

    def plant(self, plan: Plan) -> None:
        plan.lab.named_segment(self.source)
        if self.source == plan.lab.administration.name:
            raise Wrong("the administration segment may administer")
        plan.rules.answers.append(plan.lab.segment(self.source))

    def truth(self, plan: Plan) -> frozenset[Truth]:
        found = {Truth("R29.2", plan.lab.ref, about=frozenset({("source_zone", self.source)}))}
        if self.source == plan.lab.outside.name:
            found |= {
                Truth("R18.4", plan.lab.ref, "open_beyond"),
                Truth("R25.2", plan.lab.ref),
                Truth("R25.1", f"reach/internet/{plan.lab.outside.router}/tcp/22"),
            }
        return frozenset(found)

    def may(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({_seen_coming_in(plan.lab.ref)} if self.source == plan.lab.outside.name else ())


class SecondExit(Struct, frozen=True, forbid_unknown_fields=True):
    """A Linux computer has a mobile card of its own (``wwan0``), with an address and a default route."""

    CONTROLS: ClassVar = ("R1.5", "R4.1", "R4.2")

    host: str

    def plant(self, plan: Plan) -> None:
        plan.listening(self.host, "ssh")
        plan.modems.append(self.host)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        found = {Truth(one, f"host/{self.host}") for one in ("R1.5", "R4.1")}
        host, outside = plan.lab.host(self.host), plan.lab.outside.name
        let = any((one.source.name, one.target.name) == (host.segment, outside) for one in plan.rules.lines)
        if host.host_class in CLIENTS and not let and not plan.rules.open_by_default:
            found.add(Truth("R4.2", f"host/{self.host}", "goes_out_around"))
        return frozenset(found)


class Misplaced(Struct, frozen=True, forbid_unknown_fields=True):
    """A server or modality among desks, visitors or guests; a desk among servers, a laptop there or among imaging."""

    CONTROLS: ClassVar = ("R21.2",)

    host: str

    def plant(self, plan: Plan) -> None:
        plan.known(self.host)
        if not misplaced(plan.lab, plan.lab.host(self.host)):
            raise Wrong(f"'{self.host}' stands where it belongs: describe it in another segment")
        plan.excused.add(self.host)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({Truth("R21.2", f"host/{self.host}")})


class DeviceAmongOthers(Struct, frozen=True, forbid_unknown_fields=True):
    """A network device whose only address stands outside the administration segment."""

    CONTROLS: ClassVar = ("R29.1", "R29.2")

    host: str

    def plant(self, plan: Plan) -> None:
        plan.known(self.host)
        if not astray(plan.lab, plan.lab.host(self.host)):
            raise Wrong(f"'{self.host}' is no network device outside the administration segment")
        plan.excused.add(self.host)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        ref, segment = f"host/{self.host}", plan.lab.host(self.host).segment
        leading = [
            one for one in plan.lab.flows if one.target == segment and one.source != plan.lab.administration.name
        ]
        asking = {one.source for one in leading if one.service == "any" or _ports(one.service) & CONSOLES}
        reached = {Truth("R29.2", ref, "reached_elsewhere", frozenset({("source_zone", name)})) for name in asking}
        return frozenset({Truth("R29.1", ref), *reached})


def _ports(service: str) -> frozenset[str]:
    """The TCP ports of a flow's service."""
    return frozenset(service.removeprefix("tcp/").split(",")) if service.startswith("tcp/") else frozenset()


def misplaced(lab: Description, host: Host) -> bool:
    """A host of one sort among those of another."""
    kind, matters = lab.segment(host.segment).kind, {HostClass.SERVER, HostClass.MODALITY}
    among = kind in DESKS or (kind is ZoneKind.DMZ and host.host_class is HostClass.MODALITY)
    desk = kind is ZoneKind.SERVERS or (kind is ZoneKind.IMAGING and host.host_class is HostClass.LAPTOP)
    return (host.host_class in matters and among) or (host.host_class in CLIENTS and desk)


def astray(lab: Description, host: Host) -> bool:
    """A network device that is not administered from a segment apart."""
    kind = lab.segment(host.segment).kind
    return host.host_class is HostClass.NETWORK and kind not in {ZoneKind.ADMINISTRATION, ZoneKind.INTERNET}


def check(plan: Plan) -> None:
    """Raise Wrong for hosts that stand where no flaw says that they may not."""
    for host in plan.lab.hosts:
        if host.name not in plan.excused and (misplaced(plan.lab, host) or astray(plan.lab, host)):
            raise Wrong(f"hosts: '{host.name}' stands where it should not: say so with a flaw, or move it")


KINDS = (
    Opening, OpenByDefault, PortForward, HiddenLine, UnloggedLine, ExpiredLine, RouterAnswers, SecondExit, Misplaced,
    DeviceAmongOthers,
)  # fmt: skip
