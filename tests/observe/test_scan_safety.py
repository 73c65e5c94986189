"""A modality receives no packet without consent, from any collector of the catalogue; with it, what it may bear."""

import io
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import msgspec
import pytest

from negatoscope.model.hosts import HostClass
from negatoscope.observe.catalogue import COLLECTORS
from negatoscope.observe.collector import Bounds, Collector, Known, Login, Look, Subject, Unreachable
from negatoscope.observe.dicom import collector as dicom
from negatoscope.observe.tls import asking
from negatoscope.observe.vantage import look as looking
from negatoscope.observe.vantage import speak as speaking
from tests.observe.lab import Lab, lab

pytestmark = [pytest.mark.root, pytest.mark.server]
MODALITY, NETWORK, MAC = "10.77.0.9", "10.77.0.8/29", "8c:04:ba:4d:12:09"
ARP, IPV4, TCP, OUTGOING = 0x0806, 0x0800, 6, 4
SSH = 22
PROTOCOLS = {1: "icmp", TCP: "tcp", 17: "udp"}
HERE: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nmap": ({"ports": "22,104", "packets_per_second": 2000}, (NETWORK, MODALITY)),
    "snmp": ({"packets_per_second": 1000}, (NETWORK, MODALITY)),
    "ipp": ({"seconds": 1}, (NETWORK, MODALITY)),
    "upnp": ({"seconds": 1}, (NETWORK, MODALITY)),
    "dicom": ({"seconds": 1, "ports": "104"}, (MODALITY,)),
    "tls": ({"seconds": 1}, (NETWORK, MODALITY)),
    "vantage": ({"ports": "22,104,443,9100", "packets_per_second": 2000}, (NETWORK, MODALITY)),
    "defaults": ({"seconds": 1}, (MODALITY,)),
    "ssh": ({"credential": "x"}, (MODALITY,)),
    "directory": ({"credential": "x", "servers": (MODALITY,), "patience": 1}, ("cabinet.example",)),
}
"""Each collector that sends packets: its settings, quick, and where it is asked to look."""


class Heard(NamedTuple):
    """A frame for the modality: its protocol, the port asked for, and how many bytes were said to it."""

    protocol: str
    port: int = 0
    said: int = 0


class Recorder:
    """Every frame that reaches the modality, as its own card sees it."""

    def __init__(self) -> None:
        self.line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.line.bind(("lan", 0))
        self.line.settimeout(0)

    def heard(self) -> list[Heard]:
        """Each frame for the modality since the last time."""
        found = []
        with suppress(BlockingIOError):
            while True:
                frame, address = self.line.recvfrom(65536)
                if address[2] != OUTGOING and (told := _for_us(frame)):
                    found.append(told)
        return found


def _for_us(frame: bytes) -> Heard | None:
    us, (kind,) = socket.inet_aton(MODALITY), struct.unpack(">H", frame[12:14])
    if kind == ARP:
        return Heard("arp") if frame[38:42] == us else None
    if kind != IPV4 or frame[30:34] != us:
        return None
    at, end = 14 + (frame[14] & 15) * 4, 14 + int.from_bytes(frame[16:18], "big")
    said = frame[at + (frame[at + 12] >> 4) * 4 : end] if frame[23] == TCP else frame[at + 8 : end]
    return Heard(PROTOCOLS.get(frame[23], str(frame[23])), int.from_bytes(frame[at + 2 : at + 4], "big"), len(said))


@contextmanager
def _network(name: str) -> Iterator[tuple[Lab, Recorder]]:
    with lab(name=name) as made:
        host = made.host(MODALITY, MAC)
        for port in (22, 104, 443, 9100):
            made.listen(host, port, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" if port == SSH else b"")
        recorder = made.inside(host, Recorder)
        made.stack.callback(recorder.line.close)
        yield made, recorder


@pytest.fixture(scope="module")
def untouched() -> Iterator[tuple[Lab, Recorder]]:
    """A network where nobody ever speaks to the modality.

    After a look with consent the two kernels ask each other by themselves, seconds later, whether they are still there.
    """
    with _network("ngu") as made:
        yield made


@pytest.fixture(scope="module")
def consented() -> Iterator[tuple[Lab, Recorder]]:
    with _network("ngc") as made:
        yield made


SERVICES = tuple(Known(MODALITY, port, None, encrypted=port == 443 or None) for port in (22, 104, 443, 631, 9100))
SPARED = Bounds(("10.77.0.0/24",), (MODALITY,), (), (MAC,), ((f"{MODALITY}:22", "ssh-ed25519 AAAA"),), SERVICES)
CONSENTED = Bounds(
    ("10.77.0.0/24",), (), (MODALITY,), (), SPARED.host_keys, SERVICES,
    (Subject(MODALITY, HostClass.MODALITY, "Orthanc"),),
)  # fmt: skip


def run(made: Lab, one: Collector[Any], bounds: Bounds, last: int = 2) -> None:
    told, targets = HERE[one.name]
    assert one.bound is not None
    settings = one.bound(msgspec.convert(told, one.settings), bounds)
    for target in targets[-last:]:

        def look(target: str = target) -> None:
            with suppress(Unreachable):
                assert one.capture is not None
                one.capture(settings, target, Look(io.BytesIO(), login=lambda _: Login("x", "y")))

        made.inside(made.scanner, look)


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dicom, "PAUSE", 0.0)
    monkeypatch.setattr(asking, "PAUSE", 0.0)
    monkeypatch.setattr(looking, "UDP_WAIT", 0.2)
    monkeypatch.setattr(speaking, "SECONDS", 0.5)
    monkeypatch.setattr(speaking, "GREETING", 0.1)


ACTIVE = [one for one in COLLECTORS if one.capture and one.bound]


def test_every_collector_that_sends_packets_is_listed_here() -> None:
    assert {one.name for one in ACTIVE} == HERE.keys()


@pytest.mark.parametrize("name", HERE)
def test_without_consent_a_modality_receives_not_one_packet(untouched: tuple[Lab, Recorder], name: str) -> None:
    made, recorder = untouched
    recorder.heard()
    run(made, next(one for one in ACTIVE if one.name == name), SPARED)
    assert recorder.heard() == []


PORTS = frozenset({22, 104, 443, 9100})
ALLOWED: dict[str, dict[str, frozenset[int]]] = {
    "nmap": {"tcp": frozenset({22, 104})},
    "snmp": {"udp": frozenset({69, 161})},
    "ipp": {"tcp": frozenset({631})},
    "upnp": {"udp": frozenset({1900, 5351})},
    "ssh": {"tcp": frozenset({22})},
    "dicom": {"tcp": frozenset({104})},
    "tls": {"tcp": frozenset({22, 443, 631})},
    "vantage": {"tcp": PORTS, "udp": frozenset({161, 623})},
    "defaults": {},
    "directory": {"tcp": frozenset({636})},
}
"""Ports on which a collector asks a modality, with consent; ``defaults`` knows none of this one's makers."""
TALKS = {
    "dicom": {104},
    "ssh": {22},
    "snmp": {69, 161},
    "upnp": {1900, 5351},
    "tls": {22, 443},
    "vantage": {161, 443, 623},
}
"""Ports on which it says something, beyond asking whether they are open: in clear DICOM, its own collector alone."""


@pytest.mark.parametrize("name", HERE)
def test_with_consent_a_modality_receives_what_its_look_may_send(consented: tuple[Lab, Recorder], name: str) -> None:
    made, recorder = consented
    recorder.heard()
    run(made, next(one for one in ACTIVE if one.name == name), CONSENTED, last=1)
    heard = [one for one in recorder.heard() if one.protocol != "arp"]
    asked = {protocol: frozenset(h.port for h in heard if h.protocol == protocol) for protocol, *_ in heard}
    assert asked == ALLOWED[name]
    assert {one.port for one in heard if one.said} == TALKS.get(name, set())
