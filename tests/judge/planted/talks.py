"""Exchanges: what a real exporter told of real traffic, with a flaw said over another port."""

import struct
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from negatoscope.kit.framing import frame, frames
from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.software import Software
from negatoscope.model.traffic import Conversation
from negatoscope.observe.collector import Item
from negatoscope.observe.flows.read import header, read
from tests.judge.memory import AT, World, of
from tests.judge.planted.plant import Plant

CAPTURES = Path(__file__).parents[2] / "captures" / "flows"
CLIENT = Host("host/poste", "poste", HostClass.WORKSTATION, addresses=("10.77.0.20",))
SERVER = Host("host/serveur", "serveur", HostClass.SERVER, addresses=("10.77.0.30",))
SINCE = frame(b"S", 0, struct.pack("!d", (AT - timedelta(days=8)).timestamp()))
"""It has been listened to for longer than the rule asks."""
LOOKED = ("Service", "Software")


def heard(instead: dict[bytes, bytes]) -> list[Item]:
    """The recorded datagrams as the reader tells them, with some of their bytes replaced."""
    spoken = b""
    for _, message in frames(BytesIO((CAPTURES / "v5.bin").read_bytes()), frozenset({b"D"})):
        for was, becomes in instead.items():
            message = message.replace(was, becomes)  # noqa: PLW2901 -- one after the other
        spoken += frame(b"D", 0, message)
    return list(read(BytesIO(header("10.77.0.1", ()) + SINCE + spoken)))


def told(port: int, *hosts: Host, outside: bool = False) -> World:
    """The recorded exchanges with port 104 and 443; the first was with this port instead."""
    items = [
        replace(item, target="93.184.216.34") if outside and isinstance(item, Conversation) else item
        for item in heard({(104).to_bytes(2, "big"): port.to_bytes(2, "big")})
    ]
    software = (Software(host.ref, "vim", "9.1") for host in hosts)
    sweeps = (Sweep(kind, host.ref) for kind in LOOKED for host in hosts)
    return of([*hosts, *software, *items, Sweep("Host"), *sweeps])


PLANTS: dict[str, Plant] = {
    "R18.3": Plant(lambda: told(443, CLIENT, outside=True), lambda: told(5938, CLIENT, outside=True)),
    "R23.3": Plant(lambda: told(443, CLIENT, SERVER), lambda: told(23, CLIENT, SERVER)),
}
