"""Whom ``vantage`` may try, from where this machine stands."""

from ipaddress import ip_address, ip_network
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.model.traffic import INTERNET
from negatoscope.observe.collector import Bounds, Collector, Look, Unreachable
from negatoscope.observe.scan.arguments import MAX_ADDRESSES, Refused, declares, network
from negatoscope.observe.scan.links import of_this_machine
from negatoscope.observe.vantage.knock import Pace
from negatoscope.observe.vantage.look import USUAL, Wanted, listed, look, numbers, standing
from negatoscope.observe.vantage.read import read

MAX_RATE = 2000


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """From where, on what, how fast. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    ports: str = listed(USUAL)
    origin: Annotated[str, Meta(max_length=50)] = ""
    """Empty: the network where this machine stands; ``internet``: it stands outside."""
    packets_per_second: Annotated[int, Meta(ge=1, le=MAX_RATE)] = 200
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 240
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    classed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse ports and an origin that mean nothing, before anything is sent."""
        numbers(self.ports)
        if self.origin not in {"", INTERNET}:
            ip_network(self.origin)


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks; never a modality without consent."""
    return msgspec.structs.replace(settings, declared=bounds.networks, spared=bounds.spared, classed=bounds.classed)


def capture(settings: Settings, target: str, held: Look) -> None:
    """Try one address or network from here. Raises Unreachable."""
    try:
        wanted = network(target)
        if not declares(settings.declared, target):
            raise Unreachable("outside_declared_networks", target=target)
    except Refused as error:
        raise Unreachable("not_an_address", target=target) from error
    if wanted.num_addresses > MAX_ADDRESSES:
        raise Unreachable("network_too_large", target=target, limit=MAX_ADDRESSES)
    spared = tuple(one for one in settings.spared if ip_address(one) in wanted)
    if wanted.num_addresses == len(set(spared)):
        raise Unreachable("modality_without_consent", target=target)
    origin = settings.origin or _origin(str(wanted), settings.declared)
    pace = Pace(settings.packets_per_second)
    asked = Wanted(origin, str(wanted), settings.ports, spared=spared, free=settings.classed, pace=pace)
    look(asked, held.write, held.step)


def _origin(target: str, declared: tuple[str, ...]) -> str:
    """The network from which packets leave for a target: a declared one, else as the interface has it."""
    address = standing(target)
    if not address:
        raise Unreachable("no_way_there", target=target)
    for known in (*declared, *of_this_machine()):
        if ip_address(address) in network(known):
            return known
    return f"{address}/{ip_network(address).prefixlen}"


VANTAGE = Collector("vantage", Settings, capture, read, gives=("Vantage", "Reach"), bound=bound)
