"""The door of flow exporters: what comes is kept at once, and made an observation every quarter of an hour."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from negatoscope.flows.console import Console
from negatoscope.flows.disk import DiskFull
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.intake import netflow
from negatoscope.intake.netflow import Keeper
from negatoscope.intake.spool import Refusals, Spool
from negatoscope.judge.talks import badly
from negatoscope.kit.canonical import sha256
from negatoscope.model.networks import Network
from negatoscope.model.traffic import FlowWatch
from negatoscope.observe.flows.read import FLOWS, header
from negatoscope.store import observations

EVERY = timedelta(minutes=15)
OPERATOR = "exporter:"


def folder(console: Console) -> Path:
    """Where datagrams wait."""
    return console.config.data / "spool" / FLOWS.name


def refusals(console: Console) -> dict[str, Refusals]:
    """What was not taken, by reason.

    ``exporter_outside``, ``not_flows``, ``spool_full``, ``too_many_exporters``, ``disk_full``; ``address_taken``: the
    door could not open.
    """
    return Spool(folder(console)).refusals()


@dataclass
class Door:
    """The open door of one console, and when its files are taken away next."""

    console: Console
    keeper: Keeper
    next_at: datetime

    def round(self) -> int:
        """Take away what is due; returns how many observations it made."""
        now = self.console.clock()
        if now < self.next_at:
            return 0
        self.next_at = now + EVERY
        self.keeper.networks = _networks(self.console)
        self.keeper.close_all()
        return deliver_closed(self.console, self.keeper)


def deliver_closed(console: Console, keeper: Keeper) -> int:
    """Make an observation of each closed file, once; one for which the disk has no room waits."""
    made = 0
    for exporter, file in keeper.closed():
        data = file.read_bytes()
        try:
            if not observations.holds(console.practice, exporter, sha256(data)):
                told = deliver(console, Delivery(FLOWS.name, exporter, f"{OPERATOR}{exporter}", "observation", data))
                if _marred(console, exporter, told):
                    keeper.restart(exporter, console.clock())
                made += 1
        except DiskFull:
            return made
        file.unlink()
    return made


def _marred(console: Console, exporter: str, told: Outcome) -> bool:
    """Whether a part of what it sent was lost, or could not be read: its silence before proves nothing."""
    if any(gap.why != "flow_empty" or gap.values.get("count") for gap in told.gaps):
        return True
    watches = StoredRegister(console.practice).seen(FlowWatch).facts
    return any(watch.exporter == exporter and any(badly(watch)) for watch in watches)


@contextmanager
def open_door(console: Console, stopping: Callable[[], bool]) -> Iterator[Door | None]:
    """Listen in a thread of its own for as long as this lasts; ``None``: no door is named, or its address is taken."""
    place = console.config.flow_door
    if place is None:
        yield None
        return
    networks = _networks(console)
    keeper = Keeper(folder(console), lambda exporter: header(exporter, door.keeper.networks), networks)
    door = Door(console, keeper, console.clock() + EVERY)
    deliver_closed(console, keeper)
    try:
        bound = netflow.listen(*place)
    except OSError:
        Spool(folder(console)).refuse("address_taken", console.clock())
        yield None
        return
    with bound:
        ended = threading.Event()
        listening = threading.Thread(
            target=netflow.receive, args=(bound, keeper, console.clock, lambda: stopping() or ended.is_set())
        )
        listening.start()
        try:
            yield door
        finally:
            ended.set()
            listening.join(10)
            keeper.close_all()


def _networks(console: Console) -> tuple[str, ...]:
    return tuple(network.cidr for network in StoredRegister(console.practice).seen(Network).facts)
