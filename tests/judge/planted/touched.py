"""Services looked at from afar: TLS answers recorded from real servers, through their readers."""

from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Service
from negatoscope.model.zones import InternetAccess
from negatoscope.observe.collector import Item
from negatoscope.observe.defaults.read import read as read_defaults
from negatoscope.observe.tls.read import read as read_tls
from negatoscope.observe.vantage.read import read as read_vantage
from tests.judge.memory import World, of
from tests.judge.planted.plant import Plant

CAPTURES = Path(__file__).parents[2] / "captures"


def encrypting(file: str) -> World:
    """A recorded web server, of a host whose ports were all tried."""
    items = list(read_tls(BytesIO((CAPTURES / "tls" / file).read_bytes())))
    (host,) = [item.ref for item in items if isinstance(item, Host)]
    web = Service(host, "tcp", 443, "https", encrypted=True, reachable=True)
    return of([*items, web, Sweep("Host"), Sweep("Service", host=host)])


def outside(file: str) -> World:
    """The recorded look at the practice's address from another network."""
    told = (CAPTURES / "vantage" / file).read_bytes()
    fibre = InternetAccess("Fibre", addresses=("203.0.113.10/32",))
    return of([*read_vantage(BytesIO(told)), fibre, Sweep("InternetAccess")])


def tried(file: str, host_class: HostClass) -> World:
    """The recorded trials on a host of one class, whose ports were all tried."""
    items: list[Item] = [
        replace(item, host_class=host_class) if isinstance(item, Host) else item
        for item in read_defaults(BytesIO((CAPTURES / "defaults" / file).read_bytes()))
    ]
    (host,) = [item.ref for item in items if isinstance(item, Host)]
    web = Service(host, "tcp", 80, "http", encrypted=False, reachable=True)
    return of([*items, web, Sweep("Host"), Sweep("Service", host=host)])


PLANTS: dict[str, Plant] = {
    "R23.4": Plant(lambda: encrypting("web-sound.jsonl"), lambda: encrypting("web-old.jsonl")),
    **{
        control: Plant(partial(tried, "changed.jsonl", one), partial(tried, "kept.jsonl", one))
        for control, one in (("R12.1", HostClass.NETWORK), ("R12.2", HostClass.SERVER), ("R12.3", HostClass.PRINTER))
    },
    "R25.1": Plant(lambda: outside("outside.jsonl"), lambda: outside("exposed.jsonl")),
}
