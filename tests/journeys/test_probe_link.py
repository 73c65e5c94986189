"""The real door, the real delivery, a link that is cut and a door that is killed: nothing lost, nothing twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from negatoscope.kit.clock import utc_now
from negatoscope.probe import enrolling, messages, parcel
from negatoscope.probe.home import Home
from negatoscope.probe.link import Ask, Link, NoLink
from negatoscope.probe.messages import Order
from negatoscope.probe.parcel import Manifest
from negatoscope.probe.spool import Spool
from tests.probe.door import Proxy
from tests.probe.working import delivered, link_of, spool_of

LOOKS = 4
CUTS = 30
KILLS = 1

INVITE = """
import django; django.setup()
from negatoscope.cli import desk
from negatoscope.flows import enrolling, scheduling
console = desk.console()
probe, code = enrolling.invite(console, "terminal:essai", enrolling.Newcomer("Sonde"))
for number in range({looks}):
    scheduling.ask(console, scheduling.Asked("tls", f"10.9.8.{{number + 1}}", "terminal:essai", {{}}, probe.pk))
print(code)
"""
TOLD = """
import django, json; django.setup()
from negatoscope.store.models import JobRow, ObservationRow, ParcelRow
print(json.dumps({
    "parcels": sorted(ParcelRow.objects.values_list("number", flat=True)),
    "digests": list(ObservationRow.objects.exclude(parcel="").order_by("sequence").values_list("digest", flat=True)),
    "jobs": sorted(set(JobRow.objects.exclude(probe=None).values_list("state", flat=True))),
}))
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def ask(environment: dict[str, str], script: str) -> str:
    settings = {**environment, "DJANGO_SETTINGS_MODULE": "negatoscope.settings"}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, env=settings, check=True, capture_output=True, text=True, timeout=120).stdout


class Held:
    """The door in a process of its own; killed, it is opened again."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self._environment, self._port = environment, port
        self.process = self._opened()

    def _opened(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "negatoscope", "door", "--console", str(os.getpid())]
        made = subprocess.Popen(command, env=self._environment, stderr=subprocess.DEVNULL, start_new_session=True)
        end = time.monotonic() + 60
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return made
            assert made.poll() is None
            assert time.monotonic() < end
            time.sleep(0.1)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()

    def again(self) -> None:
        self.process = self._opened()


@contextmanager
def held(environment: dict[str, str], port: int) -> Iterator[Held]:
    made = Held(environment, port)
    try:
        yield made
    finally:
        made.kill()


def orders(link: Link) -> list[Order]:
    """Every look that waits for this probe, handed out."""
    found = list[Order]()
    while True:
        headers = {messages.HOLDS: ",".join(str(one.number) for one in found)}
        answer = link.ask(Ask("GET", messages.ORDER_PATH, headers=headers))
        if not answer.body:
            return found
        found.append(answer.read(Order))


def seal(home: Home, spool: Spool, order: Order, capture: bytes) -> None:
    with spool.place() as path:
        with path.open("wb") as file:
            at = utc_now()
            manifest = Manifest(order.number, order.collector, order.target, at, at, order.settings, complete=True)
            sealed = parcel.pack(manifest, home.identity().recipients, file, lambda sealer: sealer.write(capture))
        spool.keep(path, sealed, utc_now)


@pytest.mark.parametrize("seed", [20261122])
def test_a_link_cut_and_a_door_killed_lose_nothing_and_register_nothing_twice(
    data: Path, environment: dict[str, str], tmp_path: Path, seed: int
) -> None:
    chance, port = random.Random(seed), free_port()
    with (data / "negatoscope.toml").open("a") as settings:
        settings.write(f'probes = "127.0.0.1:{port}"\nnames = ["127.0.0.1"]\n')
    code = ask(environment, INVITE.format(looks=LOOKS)).strip()
    home = Home.make(tmp_path / "probe")
    with held(environment, port) as door:
        enrolling.enrol(home, f"https://127.0.0.1:{port}", code, utc_now)
        link = link_of(home)
        given = orders(link)
        link.close()
        assert len(given) == LOOKS
        spool = spool_of(home)
        captures = [os.urandom(chance.choice([10, 300_000, 2_000_000])) for _one in given]
        for order, capture in zip(given, captures, strict=True):
            seal(home, spool, order, capture)
        proxy = Proxy(port)
        proxy.cuts = lambda: chance.choice([chance.randrange(1, 5000), chance.randrange(1, 400_000)])
        kills = [CUTS // (KILLS + 1) * (one + 1) for one in range(KILLS)]
        try:
            while spool.waiting():
                with suppress(NoLink):
                    delivered(home, spool, proxy.port)
                if kills and proxy.many >= kills[0]:
                    kills.pop(0)
                    door.kill()
                    door.again()
                if proxy.many >= CUTS:
                    proxy.cuts = lambda: None
        finally:
            proxy.close()
    told = json.loads(ask(environment, TOLD))
    assert told["parcels"] == list(range(1, LOOKS + 1))
    assert told["digests"] == [hashlib.sha256(one).hexdigest() for one in captures]
    assert told["jobs"] in (["done"], ["failed"])  # random bytes are no capture of TLS: kept, and not read
