"""Sockets that end on the switch of a real agent, and what devices say in clear: captures, through their readers."""

from io import BytesIO
from pathlib import Path

from negatoscope.model.evidence import Sweep
from negatoscope.model.media import Printer
from negatoscope.model.premises import Room, Socket
from negatoscope.model.zones import Zone, ZoneKind
from negatoscope.observe.ipp.read import read as read_ipp
from negatoscope.observe.snmp.read import read
from tests.judge.memory import World, of
from tests.judge.planted.people import said
from tests.judge.planted.plant import Plant

CAPTURES = Path(__file__).parents[2] / "captures" / "snmp"
WAITING = Room("Salle d’attente", public=True)
FOURTH_OFF = b'["row","1.3.6.1.2.1.2.2.1.7.4",2,"Ag=="]', b'["row","1.3.6.1.2.1.2.2.1.7.4",2,"AQ=="]'
HELD = b'"job-hold-until-default":["no-hold"]', b'"job-hold-until-default":["indefinite"]'
USERS = Zone("Postes", ZoneKind.USERS, ("10.10.0.0/24",))


def told(file: str, change: tuple[bytes, bytes] = (b"", b"")) -> list[object]:
    data = (CAPTURES / file).read_bytes()
    assert change[0] in data
    return [*read(BytesIO(data.replace(*change))), Sweep("Host")]


def wall(used: str, change: tuple[bytes, bytes] = (b"", b"")) -> World:
    """A socket of the waiting room that ends on the fourth port, which is switched off unless ``change`` says so."""
    socket = Socket("2.20", WAITING.ref, "SW1 / 4", used_by=used)
    lists = (Sweep(kind) for kind in (Socket.__name__, Room.__name__, Printer.__name__))
    return of([*told("switch-2c.jsonl", change), *said(WAITING, USERS, socket), *lists])


def queues(change: tuple[bytes, bytes] = (b"", b"")) -> World:
    """Two queues of a real CUPS, of which one prints at once unless ``change`` says otherwise."""
    data = (CAPTURES.parent / "ipp" / "cups.jsonl").read_bytes()
    assert change[0] in data
    items = read_ipp(BytesIO(data.replace(*change)))
    return of([*items, *said(Printer("couloir")), Sweep("Host"), Sweep("Printer")])


def plant(used: str) -> Plant:
    return Plant(lambda: wall(used), lambda: wall(used, FOURTH_OFF))


PLANTS: dict[str, Plant] = {
    "R23.5": Plant(lambda: of(told("switch-3.jsonl")), lambda: of(told("switch-2c.jsonl"))),
    "R34.2": plant("rien"),
    "R34.3": plant("Copieur du couloir"),
    "R34.4": plant("Écran"),
    "R34.5": plant("Caméra"),
    "R34.6": plant("Téléphone"),
    "R35.1": Plant(lambda: queues(HELD), queues),
}
