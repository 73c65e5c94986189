"""A probe at work in the tests' own process."""

from __future__ import annotations

import os
from pathlib import Path

from negatoscope.kit.clock import Clock, utc_now
from negatoscope.probe import link, parcel
from negatoscope.probe.delivering import Delivered, deliver
from negatoscope.probe.home import Home
from negatoscope.probe.link import Link
from negatoscope.probe.parcel import Manifest
from negatoscope.probe.running import Probe
from negatoscope.probe.spool import Spool
from negatoscope.probe.working import Work
from tests.probe.door import Console, now

LOOPBACK = {"declared": ["127.0.0.0/8"], "ports": "9"}
"""Settings of a look with ``vantage`` that takes no time."""


def probe(home: Home, clock: Clock = utc_now) -> Probe:
    spool = spool_of(home)
    return Probe(home, spool, Work(home, spool, clock), clock, lambda *_said, **_values: None, every=0.05)


def spool_of(home: Home) -> Spool:
    return Spool(home.spool, home.identity().id, home.key())


def link_of(home: Home, port: int = 0) -> Link:
    console = f"https://127.0.0.1:{port}" if port else home.identity().console
    return Link(console, link.own(home), utc_now)


def delivered(home: Home, spool: Spool, port: int = 0) -> Delivered:
    """One round over a connection of its own."""
    link = link_of(home, port)
    try:
        return deliver(spool, link, spool.waiting())
    finally:
        link.close()


def seal(home: Home, spool: Spool, capture: bytes, order: int = 99) -> int:
    """A parcel that waits."""
    with spool.place() as path:
        with path.open("wb") as file:
            manifest = Manifest(order, "nmap", "10.9.8.0/24", now(), now(), {}, complete=True)
            sealed = parcel.pack(manifest, home.identity().recipients, file, lambda sealer: sealer.write(capture))
        return spool.keep(path, sealed, utc_now)


def seal_many(home: Home, spool: Spool, sizes: list[int]) -> list[bytes]:
    captures = [os.urandom(size) for size in sizes]
    for number, capture in enumerate(captures, start=1):
        seal(home, spool, capture, number)
    return captures


def received(console: Console) -> list[bytes]:
    return [one.capture for one in console.registered]


def words(folder: Path) -> bytes:
    """Every byte of a folder's files, and their names."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return b"\n".join([str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes() for path in files])
