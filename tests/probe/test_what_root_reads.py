"""Who takes the probe reads no network, address, name, log-in or finding: on its disk, or in the list of processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec
import pytest

from negatoscope.kit.clock import utc_now
from negatoscope.observe.collector import Login
from negatoscope.probe import enrolling
from negatoscope.probe.home import Home
from tests.needs import needs_program
from tests.observe.lab import Lab, lab
from tests.probe.door import door
from tests.probe.working import words

NETWORK = "10.77.0.0/28"
SERVER, MODALITY, SPARED = "10.77.0.5", "10.77.0.6", "10.77.0.7"
MACS = ("8c:04:ba:4d:10:05", "8c:04:ba:4d:10:06")
BANNER = "ZEBULON-PACS-ROOM-3"
LOGIN = Login("lecteur-zebulon", "mot-de-passe-zebulon", community="communaute-zebulon")
SECRETS = [
    SERVER, MODALITY, SPARED, "10.77.0", NETWORK, *MACS, BANNER, "zebulon",
    LOGIN.username, str(LOGIN.password), str(LOGIN.community), "telnet", "DICOM",
]  # fmt: skip


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    needs_program("nmap")
    with lab() as made:
        server = made.host(SERVER, MACS[0])
        made.listen(server, 2323, f"{BANNER} login: ".encode())
        modality = made.host(MODALITY, MACS[1])
        made.listen(modality, 104, b"")
        yield made


class Watch:
    """Reads what the list of processes says of the probe and its children, and every file that they write to a disk."""

    def __init__(self, pid: int) -> None:
        self.lines: set[bytes] = set()
        self._states: set[tuple[str, int, int]] = set()
        self._pid, self._ended = pid, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.is_set():
            self._of(self._pid)
            time.sleep(0.01)

    def _of(self, pid: int) -> None:
        with suppress(OSError, ValueError):
            for name in ("cmdline", "environ"):
                self.lines.add(Path(f"/proc/{pid}/{name}").read_bytes())
            self._files(pid)
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                self._of(int(child))

    def _files(self, pid: int) -> None:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError, LookupError):
                flags = int(Path(f"/proc/{pid}/fdinfo/{link.name}").read_text().split("flags:")[1].split()[0], 8)
                to = str(link.readlink())
                if flags & os.O_ACCMODE and to.startswith("/") and not to.startswith(("/memfd:", "/dev/", "/proc/")):
                    self._file(to, link)

    def _file(self, name: str, link: Path) -> None:
        """Look at each state of a file once; keep those that tell a secret: all of them would fill the memory."""
        now = link.stat()
        if (state := (name, now.st_size, now.st_mtime_ns)) not in self._states:
            self._states.add(state)
            data = link.read_bytes()[:1_000_000]
            self.lines |= {name.encode(), *([data] if in_clear(data) else ())}

    def end(self) -> bytes:
        self._ended.set()
        self._thread.join()
        return b"\n".join(self.lines)


def in_clear(data: bytes) -> list[str]:
    return [word for word in SECRETS if word.lower().encode() in data.lower()]


def start(network: Lab, home: Home, folder: Path) -> subprocess.Popen[bytes]:
    """The real program, in the network to look at; its temporary files go to a folder of its own.

    Untraced, and its modules not compiled to the disk: both would write the words of our own code there.
    """
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "negatoscope", "--data", str(home.folder), "probe", "run", "--every", "0.2"]
    untraced = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    environment = {**untraced, "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return network.inside(
        network.scanner,
        lambda: subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment),
    )


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_root_reads_on_a_probe_at_work_killed_and_at_rest(network: Lab, tmp_path: Path) -> None:
    (tmp_path / "door").mkdir()
    settings = {"declared": ["10.77.0.0/24"], "classed": [SERVER, MODALITY], "spared": [SPARED]}
    scratch = tmp_path / "scratch"
    with ExitStack() as stack:
        console = network.inside(network.scanner, lambda: stack.enter_context(door(tmp_path / "door")))
        home = Home.make(tmp_path / "probe")
        network.inside(network.scanner, lambda: enrolling.enrol(home, console.address, console.new_code(), utc_now))
        slow = console.order("nmap", NETWORK, **settings, packets_per_second=300)
        console.orders[0] = msgspec.structs.replace(slow, logins={"ad": LOGIN})
        probe = start(network, home, scratch)
        watch = Watch(probe.pid)
        wait_until(lambda: console.registered or any(b"-iL" in line for line in watch.lines.copy()))
        assert not console.registered, [one.manifest for one in console.registered]
        time.sleep(0.5)
        probe.kill()
        killed = probe.communicate()[0] + watch.end() + words(home.folder) + words(scratch)
        assert in_clear(killed) == []

        console.orders[0] = msgspec.structs.replace(slow, settings={**settings, "ports": "104,2323"})
        console.order("local")
        console.order("dicom", MODALITY, **settings, ports="104")
        probe = start(network, home, scratch)
        watch = Watch(probe.pid)
        wait_until(lambda: len(console.registered) == 3)
        probe.terminate()
        rest = probe.communicate(timeout=30)[0] + watch.end() + words(home.folder) + words(scratch)
        assert in_clear(rest) == []
        assert probe.returncode == 0
    seen = {one.manifest.collector: one for one in console.registered}
    assert set(seen) == {"nmap", "local", "dicom"}
    assert all(one.manifest.complete for one in seen.values()), [one.manifest for one in console.registered]
    for word in (SERVER, MACS[1].upper(), BANNER):
        assert word.encode() in seen["nmap"].capture  # it did see them
