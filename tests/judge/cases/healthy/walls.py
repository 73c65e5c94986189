"""Sockets of public places that are dead or guarded, the switch they end on, and hosts that say nothing in clear."""

from collections.abc import Iterable, Iterator

from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.media import Printer
from negatoscope.model.premises import Socket
from negatoscope.model.printing import PrintQueue
from negatoscope.model.switching import SwitchPort
from tests.judge.cases.healthy.computers import DESK
from tests.judge.cases.healthy.lists import TECHNICAL, WAITING
from tests.judge.cases.healthy.talks import between

SWITCH = Host(
    "host/sw1", "SW1", HostClass.NETWORK, "ArubaOS", "16.11", "HPE", "JL070A", "CN12", addresses=("10.79.0.2",)
)
OFF = SwitchPort(SWITCH.ref, "4", 4, None, False, False, 10, (), False, 0)  # noqa: FBT003 -- as the fields go
GUARDED = SwitchPort(SWITCH.ref, "6", 6, None, True, True, 10, (), True, 1)  # noqa: FBT003 -- as the fields go
FREE = Socket("2.14", WAITING.ref, "SW1 / 4", used_by="rien")
COPIER = Socket("2.16", WAITING.ref, "SW1 / 6", used_by="Copieur")
SCREEN = Socket("2.17", WAITING.ref, "SW1 / port 4", used_by="Écran d’affichage")
CAMERA = Socket("2.18", WAITING.ref, "sw1:6", used_by="Caméra")
PHONE = Socket("2.19", WAITING.ref, "SW1-4", used_by="Téléphone")
LOGS = between("10.77.0.2", "10.77.0.6", 6514)
PRINTER = Printer("copieur", room=TECHNICAL.ref)
QUEUE = PrintQueue(DESK, "file", held=True, can_hold=True, device="copieur")
FACTS = (PRINTER, QUEUE, SWITCH, LOGS, OFF, GUARDED, FREE, COPIER, SCREEN, CAMERA, PHONE)


def silent(facts: Iterable[object]) -> Iterator[ClearAnswer]:
    """Every host says that nothing listens."""
    for fact in facts:
        if isinstance(fact, Host):
            yield ClearAnswer(fact.ref, 161, "snmp", answers=False, published=False)
            yield ClearAnswer(fact.ref, 69, "tftp", answers=False)
