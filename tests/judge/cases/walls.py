"""For each measured control of sockets in walls and of UDP: facts that fail it, in a practice otherwise healthy."""

from dataclasses import replace
from datetime import timedelta

from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.premises import Socket
from negatoscope.model.printing import PrintQueue
from negatoscope.model.switching import Place, Sighting, Vlan
from negatoscope.model.traffic import Reach, Vantage
from negatoscope.model.zones import Zone, ZoneKind
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.walls import CAMERA, COPIER, FREE, OFF, PHONE, PRINTER, QUEUE, SCREEN, SWITCH
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

USERS = Zone("Postes", ZoneKind.USERS, ("10.77.0.0/25",), vlan=10)
GUESTS = Zone("Invités", ZoneKind.GUEST, ("10.77.9.0/24",), vlan=20)
LIVE = replace(OFF, enabled=True)
GUEST_PORT = replace(LIVE, vlan=20)
TRIED = Vantage("10.77.9.0/24", "10.77.0.0/24", "10.77.9.7", "1-65535", complete=True)


def live(socket: Socket) -> World:
    """The socket leads to a port among users that anybody may plug into."""
    return HEALTHY.with_(USERS, LIVE, replace(socket, port="SW1 / 4"))


FAILING: dict[str, tuple[World, ...]] = {
    "R23.5": (
        HEALTHY.with_(ClearAnswer(SWITCH.ref, 161, "snmp", answers=True, published=True)),
        HEALTHY.with_(ClearAnswer(SWITCH.ref, 69, "tftp", answers=True)),
        HEALTHY.with_(ClearAnswer(SWITCH.ref, 69, "tftp", answers=True)).but(seen_at=AT - timedelta(days=30)),
    ),
    "R34.2": (
        live(FREE),
        HEALTHY.with_(USERS, replace(OFF, enabled=True, tagged=(10,), vlan=20), GUESTS, TRIED),
        HEALTHY.with_(replace(USERS, vlan=None), LIVE, Vlan(SWITCH.ref, 10, networks=("10.77.0.0/26",))),
        HEALTHY.with_(
            replace(USERS, vlan=None), LIVE,
            Sighting(SWITCH.ref, "02:00:5e:00:01:01", Place.ARP, "Vlan10", "10.77.0.11", vlan=10),
        ),
        HEALTHY.with_(USERS, GUESTS, GUEST_PORT, TRIED, Reach("10.77.9.0/24", "10.77.0.5", "tcp", 445)),
        HEALTHY.with_(USERS, replace(LIVE, alias="prise 2.14"), replace(FREE, port=None)),
    ),
    "R34.3": (live(COPIER),),
    "R34.4": (live(SCREEN),),
    "R34.5": (live(CAMERA),),
    "R34.6": (live(PHONE),),
    "R35.1": (
        HEALTHY.with_(replace(QUEUE, held=False)),
        HEALTHY.with_(replace(QUEUE, device=None), replace(PRINTER, held_release=False)),
        HEALTHY.with_(Host("host/imp", "imp", HostClass.PRINTER, model="X"), PrintQueue("host/imp", "p", held=False)),
        HEALTHY.with_(replace(PRINTER, host=DESK), replace(QUEUE, device=None, held=False)),
    ),
}  # fmt: skip
