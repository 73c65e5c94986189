"""Who is plugged in where: switch ports, radio networks, devices that present themselves to one another."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from negatoscope.judge.graph.known import Known
from negatoscope.model.drawing import Layer, Link, Way
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.switching import Neighbour, Place, Sighting


@dataclass(frozen=True, slots=True)
class Plug:
    """Where one host hangs, and who saw it."""

    device: Ref
    where: str
    way: Way
    sources: tuple[Source, ...]


def plugs(found: Known) -> dict[Ref, Plug]:
    """The one place of each host: on a port without a neighbour behind, the one with the fewest cards."""
    seen = found.register.seen(Sighting)
    uplinks = {(one.host, one.port) for one in found.register.seen(Neighbour).facts}
    crowd = Counter((one.host, one.where) for one in seen.facts if one.by is Place.PORT)
    best: dict[Ref, tuple[tuple[bool, bool, int, str, str], Plug]] = {}
    for one in seen.facts:
        host = found.by_mac.get(one.mac)
        if host is None or host == one.host or one.by not in {Place.PORT, Place.WIFI}:
            continue
        port = (one.host, one.where)
        rank = (port in uplinks, one.by is Place.WIFI, crowd[port], one.host, one.where)
        way = Way.PORT if one.by is Place.PORT else Way.WIFI
        plug = Plug(one.host, one.where, way, seen.sources.get(one.ref, ()))
        if host not in best or rank < best[host][0]:
            best[host] = (rank, plug)
    return {host: plug for host, (_, plug) in best.items()}


def plugged(where: dict[Ref, Plug]) -> Iterator[Link]:
    """A line for each host that hangs somewhere."""
    for host, plug in where.items():
        yield Link(host, plug.device, Layer.NETWORK, plug.way, measured=True, said=plug.where, sources=plug.sources)


def neighbours(found: Known) -> Iterator[Link]:
    """A line for each pair of devices of which one presents itself to the other."""
    seen = found.register.seen(Neighbour)
    told: set[frozenset[Ref]] = set()
    for one in sorted(seen.facts, key=lambda one: one.ref):
        other = found.by_mac.get(one.chassis) or found.named(one.system) or found.named(one.chassis)
        pair = frozenset((one.host, other or ""))
        if other is None or other == one.host or pair in told:
            continue
        told.add(pair)
        said = f"{one.port} – {one.remote_port}" if one.remote_port else one.port
        sources = seen.sources.get(one.ref, ())
        yield Link(one.host, other, Layer.NETWORK, Way.NEIGHBOUR, measured=True, said=said, sources=sources)


def serves(found: Known, where: dict[Ref, Plug], homes: dict[Ref, Ref]) -> Iterator[Link]:
    """A line from a switch to each network whose hosts are plugged into it."""
    behind: dict[tuple[Ref, Ref], Plug] = {}
    for host, plug in sorted(where.items()):
        if plug.device in found.hosts:
            behind.setdefault((plug.device, homes[host]), plug)
    for (device, home), plug in behind.items():
        yield Link(device, home, Layer.NETWORK, Way.SERVES, measured=True, sources=plug.sources)
