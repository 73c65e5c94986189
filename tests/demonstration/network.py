"""The practice's networks as namespaces of this machine, and the real collector's look at each.

Every host is a namespace with its own card; what listens there says the first words of the real thing (``BANNERS``) and
no more. Root, nmap and iproute2 are needed; nothing leaves the machine.
"""

import ssl
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from socket import create_server, socket

from negatoscope.observe.collector import Bounds, Look
from negatoscope.observe.nmap import NMAP, Settings, bound
from tests.demonstration.bible import SEEN, Host, hosts, networks
from tests.observe.lab import Lab, sh

CONSENTED = frozenset({"echo-1", "echo-2", "mammo-1", "radio-1", "radio-2", "pano-1"})
"""Modalities that somebody allows to be probed; the others are left alone."""
FAST = Settings(packets_per_second=20_000, minutes=60)
WINDOWS_PORTS = {"rdp": 3389, "teamviewer": 5938, "anydesk": 7070}
BY_KIND = {"controller": (53, 88, 135, 139, 389, 445, 464, 636, 3268, 3269), "fileserver": (135, 139, 445)}
WEB = b"HTTP/1.1 200 OK\r\nServer: %s\r\nContent-Type: text/html\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BANNERS = {
    21: b"220 FTP print service: V-1.13/Use the network password for the ID if updating.\r\n",
    22: b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n",
    23: b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23\xff\xfd'",
    5900: b"RFB 003.008\n",
}
SPOKEN_TO = {80: WEB % b"debut/1.30", 631: WEB % b"debut/1.30", 443: WEB % b"nginx"}
"""Ports whose server answers only what is asked."""
TLS = frozenset({443, 636, 3269})


def ports(host: Host) -> list[int]:
    """What listens on a host."""
    flawed = [port for flaw, port in WINDOWS_PORTS.items() if flaw in host.flaws]
    return sorted({*host.ports, *BY_KIND.get(host.kind, ()), *flawed})


@contextmanager
def practice(folder: Path) -> Iterator[Lab]:
    """All networks, and every host that instruments may meet."""
    with ExitStack() as stack:
        made = Lab("tilleuls", stack)
        made._namespace(made.scanner)  # noqa: SLF001 -- its own maker
        sh("ip", "-n", made.scanner, "link", "set", "lo", "up")
        for name, cidr in networks().items():
            sh("ip", "-n", made.scanner, "link", "add", name, "type", "bridge")
            sh("ip", "-n", made.scanner, "addr", "add", f"{cidr.removesuffix('0/24')}250/24", "dev", name)
            sh("ip", "-n", made.scanner, "link", "set", name, "up")
        context = _certified(folder)
        for host in hosts():
            if host.kind not in {"ghost", "console"}:
                _plug(made, host, context)
        yield made


def _plug(made: Lab, host: Host, context: ssl.SSLContext) -> None:
    number, net = len(made.hosts), next(n for n, c in networks().items() if host.address.startswith(c[:-4]))
    name, near = f"tilleuls-{number}", f"ngd{number}"
    made._namespace(name)  # noqa: SLF001 -- its own maker
    made.hosts[host.name] = name
    sh("ip", "-n", made.scanner, "link", "add", near, "type", "veth", "peer", "name", "lan", "netns", name)
    sh("ip", "-n", name, "link", "set", "lan", "address", host.mac)
    sh("ip", "-n", name, "addr", "add", f"{host.address}/24", "dev", "lan")
    for link in ("lo", "lan"):
        sh("ip", "-n", name, "link", "set", link, "up")
    sh("ip", "-n", made.scanner, "link", "set", near, "master", net, "up")
    for port in ports(host):
        server = made.inside(name, lambda port=port: create_server(("", port), backlog=50))  # type: ignore[misc]
        made.stack.callback(server.close)
        threading.Thread(target=_serve, args=(server, port, context), daemon=True).start()


def _certified(folder: Path) -> ssl.SSLContext:
    words = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=equipement.tilleuls.lan")
    sh("openssl", *words, "-keyout", str(folder / "key"), "-out", str(folder / "crt"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "crt", folder / "key")
    return context


def _serve(server: socket, port: int, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            threading.Thread(target=_say, args=(client, port, context), daemon=True).start()


def _say(client: socket, port: int, context: ssl.SSLContext) -> None:
    with suppress(OSError), client:
        client.settimeout(8)
        spoken = context.wrap_socket(client, server_side=True) if port in TLS else client
        with spoken:
            if port in BANNERS:
                spoken.sendall(BANNERS[port])
            spoken.recv(1000)
            if port in SPOKEN_TO:
                spoken.sendall(SPOKEN_TO[port])


def look(made: Lab, network: str) -> bytes:
    """The real collector's look at one network of the practice."""
    modalities = hosts("modality")
    spared = [host for host in modalities if host.name not in CONSENTED]
    known = [host for host in hosts() if host.kind not in {"stranger", "console", *SEEN} and host not in spared]
    bounds = Bounds(
        networks=tuple(networks().values()),
        spared=_addresses(spared),
        classed=_addresses(known),
        spared_macs=tuple(sorted(host.mac for host in spared)),
    )
    sink = BytesIO()
    settings = bound(FAST, bounds)

    def work() -> None:
        if NMAP.capture is not None:
            NMAP.capture(settings, networks()[network], Look(sink))

    made.inside(made.scanner, work)
    return sink.getvalue()


def _addresses(some: Iterable[Host]) -> tuple[str, ...]:
    return tuple(sorted(host.address for host in some))


def set_present(made: Lab, names: Iterable[str], state: str) -> None:
    """Plug hosts in (``up``) or pull them out (``down``)."""
    for name in names:
        subprocess.run(("ip", "-n", made.hosts[name], "link", "set", "lan", state), check=True, timeout=10)
