"""Discovery of a /24 in namespaces: our look, at its usual pace, beside plain nmap with the same coverage.

Same coverage: up or not, every TCP port named, versions on the open ones, no script. Plain nmap runs at its own pace
(``-T4``), which an old imaging device may not bear; ours sends ``packets_per_second`` at most. Needs root and nmap, by
which both look: without one of them it says so.
"""

import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.observe.lab import Lab, lab

from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Bounds, Look
from negatoscope.observe.nmap import NMAP, Settings, bound

NETWORK, HOSTS, PORTS = "10.77.0.0/24", 12, "1-1024,2761,2762,3389,4242,5900,8042,8080,8443,9100,11112"


def ours(made: Lab, rate: int) -> tuple[float, int, int]:
    """Seconds, hosts and services found by our own look."""
    sink = io.BytesIO()
    settings = bound(Settings(ports=PORTS, packets_per_second=rate), Bounds((NETWORK,), ()))
    start = time.perf_counter()
    assert NMAP.capture is not None
    made.inside(made.scanner, lambda: NMAP.capture(settings, NETWORK, Look(sink)))  # type: ignore[misc]
    seconds = time.perf_counter() - start
    found = list(NMAP.read(io.BytesIO(sink.getvalue())))
    hosts = sum(isinstance(one, Host) for one in found)
    return seconds, hosts, sum(isinstance(one, Service) for one in found)


def plain(made: Lab) -> tuple[float, int, int]:
    """Seconds, hosts and open ports found by nmap as anybody would start it, with the same coverage."""
    words = ("nmap", "-n", "-T4", "-sS", "-sV", "--version-light", "-p", PORTS, "--open", "-oG", "-", NETWORK)
    start = time.perf_counter()
    said = made.inside(made.scanner, lambda: subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    seconds = time.perf_counter() - start
    lines = [line for line in said.splitlines() if "Ports:" in line]
    return seconds, len(lines), sum(line.count("/open/") for line in lines)


def main() -> None:
    """Build, look both ways, print."""
    if os.geteuid() != 0 or shutil.which("nmap") is None:
        print("nothing measured: root and nmap are needed (apt-get install nmap)")
        return
    with lab() as made:
        for number in range(HOSTS):
            host = made.host(f"10.77.0.{10 + number}", f"8c:04:ba:4d:20:{number:02x}")
            made.listen(host, 22, b"SSH-2.0-OpenSSH_9.2p1\r\n")
            made.listen(host, 23, b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd'")
            made.listen(host, 8080, b"")
        theirs = plain(made)
        print(f"plain nmap -T4: {theirs[0]:.1f} s, {theirs[1]} hosts, {theirs[2]} open ports")
        for rate in (300, 2000):
            mine = ours(made, rate)
            print(f"ours, {rate} packets/s: {mine[0]:.1f} s, {mine[1]} hosts, {mine[2]} services; "
                  f"{mine[0] / theirs[0]:.1f} times plain nmap's time")  # fmt: skip


if __name__ == "__main__":
    main()
