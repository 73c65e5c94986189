"""R34: no live network socket where the public may go."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from negatoscope.judge.apart import Apart, Told
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said
from negatoscope.judge.sockets import Cabling, folded
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.media import Printer
from negatoscope.model.premises import Room, Socket
from negatoscope.model.switching import Sighting, SwitchPort, Vlan
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import Zone

RULE = Rule("R34", fresh=timedelta(days=7))
USES = {
    "R34.3": ("imprimante", "copieur", "photocopieu", "multifonction", "printer", "copier"),
    "R34.4": ("ecran", "affich", "televis", "tv", "moniteur", "screen", "display", "monitor"),
    "R34.5": ("camera", "videosurveillance", "cctv"),
    "R34.6": ("telephon", "tel", "phone", "combine", "interphone"),
}
"""How the words that people write for what is plugged in begin, without accents."""

RULE.attested("R34.1")


@RULE.measured("R34.2")
def waiting_rooms_lead_nowhere(  # noqa: PLR0913, PLR0917 -- one parameter a kind that cables are followed by
    sockets: Seen[Socket], rooms: Seen[Room], hosts: Seen[Host], ports: Seen[SwitchPort], vlans: Seen[Vlan],
    sightings: Seen[Sighting], zones: Seen[Zone], vantages: Seen[Vantage], reaches: Seen[Reach],
    bases: Seen[RuleBase], routes: Seen[Route], now: datetime,
) -> Said:  # fmt: skip
    """Follow each public socket that is not known to serve a device to its switch."""
    told = Told(zones, bases, hosts, routes, vantages, reaches)
    cabling = Cabling(ports, vlans, sightings, Apart(told, now, RULE.fresh))
    for socket in sockets.facts:
        if not any(_serves(socket, control) for control in USES):
            yield from _weighed(socket.ref, _said(cabling, socket), _public(socket.room, rooms))


@RULE.measured("R34.3")
def corridor_printers_are_guarded(  # noqa: PLR0913, PLR0917 -- one parameter a kind that cables are followed by
    sockets: Seen[Socket], printers: Seen[Printer], rooms: Seen[Room], hosts: Seen[Host], ports: Seen[SwitchPort],
    vlans: Seen[Vlan], sightings: Seen[Sighting], zones: Seen[Zone], vantages: Seen[Vantage], reaches: Seen[Reach],
    bases: Seen[RuleBase], routes: Seen[Route], now: datetime,
) -> Said:  # fmt: skip
    """Follow the sockets of printers, and printers themselves to the port that learnt their card."""
    told = Told(zones, bases, hosts, routes, vantages, reaches)
    cabling = Cabling(ports, vlans, sightings, Apart(told, now, RULE.fresh))
    yield from _devices(cabling, sockets, rooms, "R34.3")
    served = {socket.room for socket in sockets.facts if _serves(socket, "R34.3") and socket.room}
    for printer in printers.facts:
        found = cabling.behind(printer.host) if printer.host else ()
        said = [one for port in found for one in cabling.lets_in(printer.ref, port, printer.name)]
        if not found and printer.room not in served:
            said = [Doubt(printer.ref, "port_unknown")]
        yield from _weighed(printer.ref, said, _public(printer.room, rooms))


def _guarded(control: str) -> None:
    """Declare the control of one sort of device in public places."""

    @RULE.measured(control)
    def devices_are_guarded(  # noqa: PLR0913, PLR0917 -- one parameter a kind that cables are followed by
        sockets: Seen[Socket], rooms: Seen[Room], hosts: Seen[Host], ports: Seen[SwitchPort], vlans: Seen[Vlan],
        sightings: Seen[Sighting], zones: Seen[Zone], vantages: Seen[Vantage], reaches: Seen[Reach],
    bases: Seen[RuleBase], routes: Seen[Route], now: datetime,
    ) -> Said:  # fmt: skip
        told = Told(zones, bases, hosts, routes, vantages, reaches)
        cabling = Cabling(ports, vlans, sightings, Apart(told, now, RULE.fresh))
        yield from _devices(cabling, sockets, rooms, control)


for _control in ("R34.4", "R34.5", "R34.6"):
    _guarded(_control)


def _devices(cabling: Cabling, sockets: Seen[Socket], rooms: Seen[Room], control: str) -> Said:
    """Sockets that serve one sort of device, and those of which nobody says what they serve."""
    for socket in sockets.facts:
        if _serves(socket, control):
            yield from _weighed(socket.ref, _said(cabling, socket), _public(socket.room, rooms))
        elif not socket.used_by and _public(socket.room, rooms) is not False and _said(cabling, socket):
            yield Doubt(socket.ref, "use_unknown")


def _serves(socket: Socket, control: str) -> bool:
    words = folded(socket.used_by or "").replace("’", " ").replace("'", " ").split()
    return any(word.startswith(begin) for word in words for begin in USES[control])


def _said(cabling: Cabling, socket: Socket) -> list[Finding | Doubt]:
    ends = cabling.ends(socket)
    if not ends:
        return [Doubt(socket.ref, "port_not_found" if socket.port else "port_unknown", {"port": socket.port})]
    return [one for port in ends for one in cabling.lets_in(socket.ref, port, socket.used_by or "")]


def _public(room: Ref | None, rooms: Seen[Room]) -> bool | None:
    return next((one.public for one in rooms.facts if one.ref == room), None)


def _weighed(subject: Ref, said: Iterable[Finding | Doubt], public: bool | None) -> Said:  # noqa: FBT001 -- as a room tells it
    """What was said of a place that is public; where nobody says whether it is, anything said is a doubt."""
    told = list(said) if public is not False else []
    if public:
        yield from told
    elif told:
        yield Doubt(subject, "room_unknown")
