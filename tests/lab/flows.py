"""Who talks with whom: the router tells the console (pmacct, fprobe), and clients talk."""

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.lab.plan import Talk
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

PORT = 2055
OUTSIDE = "outside"
VERSIONS = {"netflow5": 5, "netflow9": 9, "ipfix": 10}
SETTINGS = """daemonize: false
pcap_interfaces_map: {folder}/interfaces
pcap_filter: not udp port {port}
aggregate: src_host, dst_host, src_port, dst_port, proto, tcpflags
plugins: nfprobe
nfprobe_receiver: {console}:{port}
nfprobe_version: {version}
nfprobe_timeouts: tcp=2:tcp.rst=2:tcp.fin=2:udp=2:icmp=2:general=2:maxlife=4:expint=1
"""
PATIENCE = 3.0


def start(lab: "Lab") -> None:
    """The router tells of what passes its inner legs: beyond, addresses are translated, and answers are nobody's."""
    described = lab.plan.lab
    if described.router.exports is None:
        return
    needs_program("pmacctd", "pmacct")
    for port in {one.port for one in lab.plan.talks if one.address == lab.addresses[OUTSIDE]}:
        relay = lab.inside(OUTSIDE, lambda port=port: socket.create_server(("", port)))  # type: ignore[misc]
        threading.Thread(target=_relays, args=(relay,), daemon=True).start()
    folder = lab.folder / "exporter"
    folder.mkdir()
    legs = enumerate((one.name for one in described.inside), 100)
    (folder / "interfaces").write_text("".join(f"ifindex={number} ifname=if-{name}\n" for number, name in legs))
    said = {"folder": folder, "port": PORT, "console": described.administration.console}
    (folder / "conf").write_text(SETTINGS.format(**said, version=VERSIONS[described.router.exports]))
    lab.start(described.router.name, f"exec pmacctd -f {folder}/conf")


def _relays(relay: socket.socket) -> None:
    """A socket of ours: makers' relays are theirs alone."""
    while True:
        client, _ = relay.accept()
        with client, suppress(OSError):
            client.settimeout(PATIENCE)
            client.sendall(client.recv(100))


def talk(lab: "Lab") -> None:
    """Each client says something to its server and hears what it answers."""
    for one in lab.plan.talks:
        lab.inside(one.source, lambda one=one: _say(one))  # type: ignore[misc]


def _say(one: Talk) -> None:
    with suppress(OSError), socket.create_connection((one.address, one.port), PATIENCE) as client:
        client.settimeout(PATIENCE)
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        client.recv(4096)
