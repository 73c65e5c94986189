"""The ``nmap`` collector: hosts that are up in a declared network, and what answers on their ports. No script, ever."""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
from msgspec import Meta, Struct

from negatoscope.observe.child import Bounded, find, in_memory, run
from negatoscope.observe.collector import Bounds, Collector, Look, Unreachable
from negatoscope.observe.scan.arguments import (
    ALL_PORTS,
    CLINICAL_PORTS,
    MAX_ADDRESSES,
    Pace,
    Refused,
    apart,
    declares,
    discovery,
    inside,
    network,
    refuse_scripts,
    versions,
)
from negatoscope.observe.scan.arguments import (
    ports as understood,
)
from negatoscope.observe.scan.frames import FORMAT, Header, end, header, write
from negatoscope.observe.scan.links import of_this_machine
from negatoscope.observe.scan.modalities import Shyness
from negatoscope.observe.scan.read import read
from negatoscope.observe.scan.xml import Run, parse

MAX_PASS_BYTES = 64 * 1024 * 1024
STEPS = 100
MAX_RATE = 2000
"""Packets a second that no setting exceeds: old imaging devices stop under a flood."""
FOUND = 70
"""Progress, in steps of a hundred, once the first pass is over."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where, how fast, how long. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    targets: tuple[str, ...] = ()
    ports: str = ALL_PORTS
    minutes: int = 720
    host_minutes: int = 360
    packets_per_second: Annotated[int, Meta(ge=1, le=MAX_RATE)] = 300
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    classed: tuple[str, ...] = ()
    spared_macs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a list of ports that nmap would not understand, before anything is sent."""
        understood(self.ports)


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks; never to a modality without consent."""
    return msgspec.structs.replace(
        settings,
        declared=bounds.networks,
        spared=bounds.spared,
        classed=bounds.classed,
        spared_macs=bounds.spared_macs,
    )


def capture(settings: Settings, target: str, look: Look) -> None:
    """Two passes on one address or network. Raises Unreachable (outside_declared_networks, command_missing …)."""
    spared = _allowed(settings, target)
    root = os.geteuid() == 0
    asked = Header(
        FORMAT, str(network(target)), settings.declared, spared, root, of_this_machine(),
        settings.classed, settings.spared_macs,
    )  # fmt: skip
    pace = Pace(settings.packets_per_second, settings.host_minutes, connect=not root)
    if network(target).num_addresses == sum(inside(one, target) for one in set(spared)):
        look.write(header(asked))
        end(look)
        return
    programme = find("nmap")
    if programme is None:
        raise Unreachable("command_missing", command="nmap", install="apt-get install nmap")
    look.write(header(asked))
    with tempfile.TemporaryDirectory() as directory:
        scan = _Scan(programme, _without_scripts(Path(directory)), look)
        found = scan.run("open_ports", discovery(str(network(target)), spared, settings.ports, pace), 0, FOUND)
        groups = sorted(_by_ports(found, Shyness.of(asked)).items())
        for number, (ports, hosts) in enumerate(groups):
            done = FOUND + (STEPS - FOUND) * number // len(groups)
            scan.run("versions", versions(hosts, ports, spared, pace), done, done)
    end(look)
    look.step(STEPS, STEPS)


def _allowed(settings: Settings, target: str) -> tuple[str, ...]:
    """The addresses to leave alone. Raises Unreachable where the target may not be looked at."""
    try:
        wanted = network(target)
        if not declares(settings.declared, target):
            raise Unreachable("outside_declared_networks", target=target)
        if wanted.num_addresses > MAX_ADDRESSES:
            raise Unreachable("network_too_large", target=target, limit=MAX_ADDRESSES)
        return tuple(one for one in settings.spared if network(one).version == wanted.version)
    except Refused as error:
        raise Unreachable("not_an_address", target=target) from error


def _without_scripts(directory: Path) -> Path:
    """A data directory whose script catalogue is empty: ``-sV`` alone would start some forty scripts of its own."""
    (directory / "scripts").mkdir()
    (directory / "scripts" / "script.db").touch()
    directory.chmod(0o755)
    return directory


def _by_ports(found: Run, shy: Shyness) -> dict[tuple[int, ...], list[str]]:
    """Hosts by the ports to speak to; a modality, known or likely, is dropped even if nmap had returned it."""
    groups: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for answer in found.answers:
        ports = tuple(sorted(answer.ports.keys() - CLINICAL_PORTS))
        if answer.up and ports and answer.addresses and shy.why(answer) is None:
            groups[ports].append(answer.addresses[0])
    return groups


class _Scan:
    """Runs the passes of one look."""

    def __init__(self, programme: str, data: Path, look: Look) -> None:
        self._start = [programme, "--datadir", str(data)]
        self._look = look

    def run(self, of: str, arguments: list[str], done: int, until: int) -> Run:
        """One pass, kept, then read. Raises Unreachable where nmap fails; its group is ended if the look is."""
        refuse_scripts(arguments)
        plain, targets, spared = apart(arguments)
        with in_memory() as out, _listed(targets) as asked, _listed(spared) as left:
            ran = run(
                [*self._start, *plain, "-iL", _path(asked), "--excludefile", _path(left)],
                out,
                lambda: self._look.step(done + (until - done) * _percent(out) // 100, STEPS),
                Bounded(float("inf"), MAX_PASS_BYTES, (asked.fileno(), left.fileno())),
            )
            if ran.ended != "itself":
                raise Unreachable("too_large", limit=MAX_PASS_BYTES)
            if ran.code != 0:
                raise Unreachable("nmap_failed", code=ran.code, error=ran.error.strip()[:200])
            write(self._look, of, out)
            out.seek(0)
            return parse(out)


def _listed(words: Iterable[str]) -> BinaryIO:
    """A list for nmap to read: the list of processes, which anyone may read, names no address of the practice."""
    file = in_memory()
    file.write("\n".join(words).encode())
    file.flush()
    return file


def _path(file: BinaryIO) -> str:
    return f"/proc/self/fd/{file.fileno()}"


def _percent(out: BinaryIO) -> int:
    """How far nmap says that its present task has come. Read beside the file's own position, which nmap shares."""
    size = os.fstat(out.fileno()).st_size
    tail = os.pread(out.fileno(), 2000, max(0, size - 2000))
    _, found, after = tail.rpartition(b'percent="')
    digits = after.partition(b".")[0]
    return min(int(digits), 100) if found and digits.isdigit() and len(digits) <= 3 else 0  # noqa: PLR2004 -- 100


NMAP = Collector("nmap", Settings, capture, read, gives=("Host", "Service"), bound=bound)
