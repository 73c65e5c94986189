"""Which gateway ``upnp`` asks what it opens by itself. It asks; it never opens, changes or closes anything."""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.observe.collector import Bounds, Collector, Look, Unreachable
from negatoscope.observe.line import Closed
from negatoscope.observe.scan.arguments import Refused, declares, inside, network
from negatoscope.observe.upnp.read import FORMAT, End, Header, Reply, read, write
from negatoscope.observe.upnp.wire import (
    EXTERNAL_ADDRESS,
    NAT_PMP,
    SSDP,
    Door,
    described,
    doors,
    entry,
    heard,
    place,
    searching,
)

MAX_OPENINGS = 512
FOUND = 200
ROUTES = Path("/proc/thread-self/net/route")
DEFAULT = "00000000"
STEPS = 10


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How patiently. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    seconds: Annotated[int, Meta(ge=1, le=60)] = 3
    minutes: int = 10
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    classed: tuple[str, ...] = ()


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, only routers and what somebody classed, never a modality without consent."""
    return msgspec.structs.replace(settings, declared=bounds.networks, spared=bounds.spared, classed=bounds.classed)


def capture(settings: Settings, target: str, look: Look) -> None:
    """Ask one address, or the routers by which this machine leaves a network. Raises Unreachable."""
    wanted = _wanted(settings, target)
    look.write(write(Header(FORMAT, target)))
    for address in wanted:
        for reply in _asking(settings, address, lambda: look.step(0, STEPS)):
            look.write(write(reply))
    look.write(write(End(whole=True)))
    look.step(STEPS, STEPS)


def _wanted(settings: Settings, target: str) -> list[str]:
    try:
        whole = network(target)
        if not declares(settings.declared, target):
            raise Unreachable("outside_declared_networks", target=target)
        routers = [one for one in _routers() if inside(one, target)]
    except Refused as error:
        raise Unreachable("not_an_address", target=target) from error
    if whole.num_addresses == 1:
        routers = [str(whole.network_address)]
        if routers[0] in settings.spared:
            raise Unreachable("modality_without_consent", target=target)
        if routers[0] not in settings.classed and routers[0] not in _routers():
            raise Unreachable("maybe_modality", target=target)
    elif not routers:
        raise Unreachable("no_router_there", target=target)
    return [one for one in routers if one not in settings.spared]


def _routers() -> list[str]:
    """The next routers of this machine's default routes, in IPv4."""
    try:
        rows = [line.split() for line in ROUTES.read_text().splitlines()[1:]]
    except OSError:
        return []
    told = (bytes.fromhex(row[2])[::-1] for row in rows if len(row) > 2 and row[1] == DEFAULT != row[2])  # noqa: PLR2004 -- columns
    return [str(IPv4Address(one)) for one in told]


def _asking(settings: Settings, address: str, tick: Callable[[], None]) -> Iterator[Reply]:
    address = str(ip_address(address))
    outcome, said = heard(address, NAT_PMP, iter((EXTERNAL_ADDRESS,)), settings.seconds, tick)
    yield Reply(address, "nat_pmp", outcome, said)
    outcome, said = heard(address, SSDP, searching(SSDP), settings.seconds, tick)
    yield Reply(address, "search", outcome, said)
    at = place(said, address) if outcome == "answered" else None
    if at is None:
        return
    told = _told(address, "describe", lambda: described(address, at, settings.seconds, tick))
    yield told
    for door in doors(told.body, address, at) if told.outcome == "answered" else ():
        yield from _openings(settings, address, door, tick)


def _openings(settings: Settings, address: str, door: Door, tick: Callable[[], None]) -> Iterator[Reply]:
    for index in range(MAX_OPENINGS):
        told = _told(address, "opening", lambda: entry(address, door, index, settings.seconds, tick))  # noqa: B023 -- called at once
        yield told
        if told.outcome != "answered":
            return
    yield Reply(address, "opening", "too_many")


def _told(address: str, asks: str, ask: Callable[[], tuple[int, bytes]]) -> Reply:
    try:
        status, body = ask()
    except Closed as error:
        return Reply(address, asks, error.why)
    return Reply(address, asks, "answered" if status == FOUND else "refused", body)


UPNP = Collector("upnp", Settings, capture, read, gives=("Host", "AutoOpening", "PortMapping"), bound=bound)
