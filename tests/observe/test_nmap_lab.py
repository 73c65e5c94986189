"""The nmap collector against real hosts, in namespaces."""

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Bounds, Cancelled, Item, Look, Unreachable
from negatoscope.observe.nmap import NMAP, Settings, bound
from tests.needs import needs_program
from tests.observe.lab import Lab, lab

pytestmark = [pytest.mark.root, pytest.mark.server]
DESK, MODALITY, ALONE = "10.77.0.5", "10.77.0.9", "10.77.0.6"
MAC = "8c:04:ba:4d:10:05"
FAST = Settings(ports="22,23,104,2222", packets_per_second=5000)


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    with lab() as made:
        desk = made.host(DESK, MAC)
        made.listen(desk, 23, b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd'")
        made.listen(desk, 104, b"")
        made.host(MODALITY, "8c:04:ba:4d:10:09")
        yield made


def scan(made: Lab, target: str, settings: Settings = FAST, spared: tuple[str, ...] = ()) -> list[Item]:
    return read_back(made, target, bound(settings, Bounds(("10.77.0.0/24", "10.77.0.0/28"), spared, (DESK,))))


def read_back(made: Lab, target: str, settings: Settings, look: Callable[[io.BytesIO], Look] = Look) -> list[Item]:
    sink = io.BytesIO()
    capture = NMAP.capture
    assert capture is not None
    made.inside(made.scanner, lambda: capture(settings, target, look(sink)))
    return list(NMAP.read(io.BytesIO(sink.getvalue())))


def test_a_telnet_server_is_found_and_recognised(network: Lab) -> None:
    found = scan(network, DESK)
    assert Host(f"host/{DESK}", card_maker="Dell", macs=(MAC,), addresses=(DESK,)) in found
    telnet = next(item for item in found if isinstance(item, Service) and item.port == 23)
    assert (telnet.name, telnet.reachable, telnet.encrypted) == ("telnet", True, False)
    assert Gap("Service", "ports_not_all_scanned", f"host/{DESK}", {"scanned": 4}) in found


def test_a_port_of_imaging_is_seen_open_and_never_spoken_to(network: Lab) -> None:
    dicom = next(item for item in scan(network, DESK) if isinstance(item, Service) and item.port == 104)
    assert (dicom.name, dicom.product, dicom.encrypted) == (None, None, None)


def test_a_host_that_may_be_a_modality_is_found_and_not_spoken_to(network: Lab) -> None:
    found = read_back(network, DESK, bound(FAST, Bounds(("10.77.0.0/24",), ())))
    assert {item.port for item in found if isinstance(item, Service)} >= {23, 104}
    assert {item.encrypted for item in found if isinstance(item, Service)} == {None}
    assert Gap("Service", "maybe_modality", f"host/{DESK}") in found


def test_a_real_ssh_server_is_recognised(network: Lab, tmp_path: Path) -> None:
    sshd = needs_program("/usr/sbin/sshd", "sshd")
    os.system(f"ssh-keygen -q -t ed25519 -N '' -f {tmp_path}/key")
    network.run(
        network.hosts[DESK],
        f"mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec {sshd} -D -f /dev/null -h {tmp_path}/key -p 2222",
    )
    time.sleep(1)
    ssh = next(item for item in scan(network, DESK) if isinstance(item, Service) and item.port == 2222)
    assert (ssh.name, ssh.encrypted) == ("ssh", True)
    assert (ssh.product or "").startswith("OpenSSH")


def test_a_spared_modality_receives_no_packet_at_all(network: Lab) -> None:
    packets = network.counted(network.hosts[MODALITY], MODALITY)
    found = scan(network, "10.77.0.0/28", spared=(MODALITY,))
    assert packets() == 0
    assert Gap("Service", "modality_without_consent", f"host/{MODALITY}") in found
    assert f"host/{MODALITY}" not in {item.ref for item in found if isinstance(item, Host)}
    assert Sweep("Host", network="10.77.0.0/28") in found
    scan(network, MODALITY, spared=(MODALITY,))
    assert packets() == 0
    assert f"host/{MODALITY}" in {item.ref for item in scan(network, "10.77.0.0/28") if isinstance(item, Host)}
    assert packets() > 0


def test_all_ports_of_a_host_scanned_close_its_services(network: Lab) -> None:
    found = scan(network, DESK, Settings(packets_per_second=20_000))
    assert Sweep("Service", host=f"host/{DESK}") in found
    assert {item.port for item in found if isinstance(item, Service)} >= {23, 104}
    assert not [item for item in found if isinstance(item, Sweep) and item.kind == "Host"]


def nmaps() -> list[str]:
    mine = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if said.get("Name", "").startswith("nmap") and said.get("PPid", "").strip() == str(os.getpid()):
            mine.append(str(status))
    return mine


def test_a_cancelled_scan_leaves_no_process(network: Lab) -> None:
    stop = threading.Event()
    threading.Timer(1, stop.set).start()
    slow = bound(Settings(packets_per_second=20), Bounds(("10.77.0.0/24",), ()))
    with pytest.raises(Cancelled):
        read_back(network, "10.77.0.0/24", slow, lambda sink: Look(sink, cancelled=stop.is_set))
    assert nmaps() == []


LOOK = """
import sys
from negatoscope.observe.collector import Look
from negatoscope.observe.nmap import NMAP, Settings
NMAP.capture(Settings(packets_per_second=7, declared=("10.77.0.0/24",)), "10.77.0.0/24", Look(sys.stdout.buffer))
"""


def test_a_look_killed_outright_leaves_no_process(network: Lab) -> None:
    command = ("ip", "netns", "exec", network.scanner, sys.executable, "-c", LOOK)
    look = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    wait_until(lambda: alive("--max-rate", "7", "-iL"))
    look.kill()
    look.wait()
    wait_until(lambda: not alive("--max-rate", "7", "-iL"))


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def alive(*words: str) -> bool:
    """A process with all these words on its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if set(words) <= set(path.read_bytes().decode("utf-8", "replace").split("\0")):
                return True
    return False


def test_a_scan_out_of_time_leaves_no_process(network: Lab) -> None:
    end = time.monotonic() + 1
    slow = bound(Settings(packets_per_second=20), Bounds(("10.77.0.0/24",), ()))
    with pytest.raises(Unreachable, match="time_limit"):
        read_back(network, "10.77.0.0/24", slow, lambda sink: Look(sink, remaining=lambda: end - time.monotonic()))
    assert nmaps() == []


def test_version_detection_starts_no_script_of_its_own(network: Lab, tmp_path: Path) -> None:
    """``-sV`` alone loads nmap's *version* scripts: the same command without our empty catalogue proves it."""
    from negatoscope.observe.nmap import _without_scripts  # noqa: PLC0415
    from tests.observe.lab import sh  # noqa: PLC0415

    command = ("nmap", "-n", "-sV", "-d", "-Pn", "-p", "23", "10.77.0.250")
    asked = network.inside(network.scanner, lambda: sh(*command))
    assert "NSE: Loaded 0 scripts" not in asked
    kept = network.inside(network.scanner, lambda: sh(*command, "--datadir", str(_without_scripts(tmp_path))))
    assert "NSE: Loaded 0 scripts" in kept


def test_a_scan_without_root_says_that_it_only_connected(network: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    found = scan(network, DESK)
    assert Gap("Host", "connect_scan", None, {"network": f"{DESK}/32"}) in found
    assert not [item for item in found if isinstance(item, Sweep)]


def test_a_machine_without_nmap_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negatoscope.observe.child.PATH", "/nonexistent")
    capture = NMAP.capture
    assert capture is not None
    with pytest.raises(Unreachable) as missing:
        capture(bound(FAST, Bounds(("10.77.0.0/24",), ())), DESK, Look(io.BytesIO()))
    assert (missing.value.why, missing.value.values["install"]) == ("command_missing", "apt-get install nmap")
