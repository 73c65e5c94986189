"""Real exporters in a small network: what they send of real traffic."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from negatoscope.observe.flows.datagrams import Decoder
from tests.needs import needs_program
from tests.observe.lab import Lab, lab

CLIENT, SERVER = "10.77.0.20", "10.77.0.30"
PORTS = {104: b"A" * 4000, 443: b"B" * 20}


@contextmanager
def talking() -> Iterator[Lab]:
    """Two hosts, one of which answers on two ports."""
    with lab() as made:
        made.host(CLIENT, "02:00:00:00:00:20")
        made.host(SERVER, "02:00:00:00:00:30")
        for port, banner in PORTS.items():
            made.listen(made.hosts[SERVER], port, banner)
        yield made


def talk(made: Lab) -> None:
    """The client asks each port once, and says five octets more than it must."""

    def ask() -> None:
        for port in PORTS:
            with socket.create_connection((SERVER, port), 5) as one:
                one.sendall(b"hello")
                while one.recv(65536):
                    pass

    made.inside(made.hosts[CLIENT], ask)


def heard(made: Lab, tmp_path: Path, exporter: str, seconds: float = 40) -> list[bytes]:
    """Start the exporter, talk, and gather its datagrams until both answers were told."""
    needs_program(*(("fprobe",) if exporter == "v5" else ("pmacctd", "pmacct")))

    def bind() -> socket.socket:
        bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        bound.bind((made.gateway, 2055))
        bound.settimeout(seconds)
        return bound

    with made.inside(made.scanner, bind) as bound:
        made.run(made.scanner, start(tmp_path, exporter, made.gateway))
        time.sleep(1.5)
        talk(made)
        told: list[bytes] = []
        decoder, seen = Decoder(), set[int]()
        while not seen >= PORTS.keys():
            told.append(bound.recv(65_535))
            seen |= {flow.source_port for flow in decoder.decode(told[-1])}
    return told


def start(folder: Path, exporter: str, receiver: str) -> str:
    """The line that starts this exporter in the network's bridge."""
    if exporter == "v5":
        return f"exec fprobe -i br0 -f 'ip and not udp port 2055' -s 1 -d 1 -e 2 -l 2 {receiver}:2055"
    file = folder / "pmacctd.conf"
    file.write_text(
        "daemonize: false\npcap_interface: br0\npcap_filter: not udp port 2055\n"
        "aggregate: src_host, dst_host, src_port, dst_port, proto, tcpflags\nplugins: nfprobe\n"
        f"nfprobe_receiver: {receiver}:2055\nnfprobe_version: {exporter.removeprefix('v')}\n"
        "nfprobe_timeouts: tcp=2:tcp.rst=2:tcp.fin=2:udp=2:icmp=2:general=2:maxlife=4:expint=1\n"
    )
    return f"exec pmacctd -f {file}"
