"""Files of devices handed over: recognised by their content, their secrets taken out, then kept and registered."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.importing import MAX_TARGET, Refused, import_scan
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.standing import import_vantage
from negatoscope.kit.clock import PARIS
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Sort
from negatoscope.observe.handed import FORMAT, HANDLE, Header, wrapped
from negatoscope.observe.vantage.read import BEGINS
from negatoscope.store import observations

SCAN = b"<nmaprun"
BEGINNING = 8192


@dataclass(frozen=True)
class Handed:
    """A file of a device. ``device``: its name or address in the register, where the file does not tell.

    ``on``: the day on which it was written; ``None``: today.
    """

    filename: str
    data: bytes
    device: str = ""
    on: date | None = None


def hand_over(console: Console, handed: Handed, operator: str) -> Outcome:
    """Keep and register a file of a device. Raises Refused, DiskFull; an unreadable file is kept, and an outcome."""
    if SCAN in handed.data[:BEGINNING]:
        return import_scan(console, handed.data, operator)
    if handed.data.startswith(BEGINS):
        return import_vantage(console, handed.data, operator)
    collector, sort = _recognised(handed.data)
    device, target = _device(console, handed, sort)
    at = _at(console, handed.on)
    last = observations.last_looks(console.practice, collector).get(target)
    if last and at < last:
        raise Refused("file_older", on=f"{last.astimezone(PARIS):%Y-%m-%d %H:%M}")
    header = Header(FORMAT, sort.name, device, handed.filename[:200])
    capture = wrapped(header, sort.scrub(handed.data))
    return deliver(console, Delivery(collector, target, operator, "import", capture, at))


def _recognised(data: bytes) -> tuple[str, Sort]:
    for collector in COLLECTORS.values():
        for sort in collector.sorts:
            if sort.recognises(data):
                return collector.name, sort
    raise Refused("file_unknown")


def _device(console: Console, handed: Handed, sort: Sort) -> tuple[Ref, str]:
    """The device that wrote the file, and whose word it is: each file of a device replaces the last of its sort."""
    typed = handed.device.strip()
    if typed:
        ref = _known(console, typed)
        return ref, f"{ref.removeprefix('host/')}/{sort.name}"[:MAX_TARGET]
    name = sort.named(handed.data)
    if not name:
        raise Refused("device_wanted")
    return HANDLE, f"{name}/{sort.name}"[:MAX_TARGET]


def _known(console: Console, typed: str) -> Ref:
    """The one host of this name or address."""
    wanted = typed.casefold().removesuffix(".")
    hosts = StoredRegister(console.practice).seen(Host).facts
    found = {host.ref for host in hosts if host.ref.removeprefix("host/").casefold() == wanted}
    found = found or {host.ref for host in hosts if wanted in _names(host)}
    if len(found) != 1:
        raise Refused("device_several" if found else "device_unknown", device=typed)
    return found.pop()


def _names(host: Host) -> set[str]:
    name = (host.hostname or "").casefold().removesuffix(".")
    return {name, name.partition(".")[0], *(host.addresses or ()), *(host.macs or ())} - {""}


def _at(console: Console, on: date | None) -> datetime:
    now = console.clock()
    today = now.astimezone(PARIS).date()
    if on is None or on == today:
        return now
    if on > today:
        raise Refused("file_ahead", on=f"{on:%Y-%m-%d}")
    return datetime.combine(on, time(12), PARIS).astimezone(UTC)
