"""A real gateway between three networks: a namespace that routes, with sshd and nftables; nothing goes out."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Self

from tests.needs import needs_program, needs_root
from tests.observe.lab import enter_network, in_thread, sh

from negatoscope.observe.collector import Login, Unreachable
from negatoscope.observe.ssh.session import Door, host_key_of

CONFIG = """
ListenAddress 0.0.0.0
Port 22
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/known
PidFile none
UsePAM no
StrictModes no
"""
LEGS = {"suspect": 1, "server": 2, "console": 3}
"""What is beyond each leg of the gateway, and the third number of its addresses: ``10.91.<number>.2``."""
_MADE = count()


@dataclass
class Gateway:
    """``names``: the namespace of each side and of the ``gateway``. ``port``: on loopback, from the console's side."""

    folder: Path
    names: dict[str, str]
    port: int = 0
    door: Door | None = None

    def address(self, side: str) -> str:
        return f"10.91.{LEGS[side]}.2"

    def passes(self, source: str, target: str) -> bool:
        """Whether a connection from one side gets an answer from another: there, nothing listens, so it is refused."""

        def knock() -> bool:
            enter_network(self.names[source])
            with socket.socket() as one:
                one.settimeout(1)
                with suppress(TimeoutError):
                    return one.connect_ex((self.address(target), 9)) == CONNECTION_REFUSED
            return False

        return in_thread(knock)

    def table(self) -> str:
        """Our table, as the gateway tells it; empty where there is none."""
        return sh("ip", "netns", "exec", self.names["gateway"], "nft", "list", "tables")

    def ready(self) -> Self:
        end = time.monotonic() + 30
        while True:
            with suppress(Unreachable):
                key = host_key_of("127.0.0.1", self.port)
                break
            assert time.monotonic() < end
            time.sleep(0.1)
        self.door = Door("127.0.0.1", self.port, Login("root", None, (self.folder / "mine").read_text()), key)
        return self


CONNECTION_REFUSED = 111


@contextmanager
def gateway(folder: Path) -> Iterator[Gateway]:
    """Four namespaces, and a door on loopback that leads into the network of the console; gone at the end."""
    needs_root()
    needs_program("sshd", "openssh-server")
    needs_program("nft", "nftables")
    head = f"ngc{os.getpid()}-{next(_MADE)}"
    names = {side: f"{head}-{side[:3]}" for side in ("gateway", *LEGS)}
    Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("host_key", "mine"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "known").write_bytes((folder / "mine.pub").read_bytes())
    (folder / "config").write_text(CONFIG.format(folder=folder))
    with ExitStack() as stack:
        for name in names.values():
            sh("ip", "netns", "add", name)
            stack.callback(sh, "ip", "netns", "del", name, check=False)
            sh("ip", "-n", name, "link", "set", "lo", "up")
        sh("ip", "netns", "exec", names["gateway"], "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        for side, number in LEGS.items():
            _wire(names["gateway"], names[side], number)
        words = ("ip", "netns", "exec", names["gateway"], "/usr/sbin/sshd", "-D", "-f", str(folder / "config"))
        server = subprocess.Popen(words, start_new_session=True)
        stack.callback(server.wait)
        stack.callback(server.kill)
        yield Gateway(folder, names, _door(stack, names["console"])).ready()


def _wire(router: str, side: str, number: int) -> None:
    sh("ip", "-n", router, "link", "add", f"leg{number}", "type", "veth", "peer", "name", "lan", "netns", side)
    for namespace, link, last in ((router, f"leg{number}", 1), (side, "lan", 2)):
        sh("ip", "-n", namespace, "addr", "add", f"10.91.{number}.{last}/24", "dev", link)
        sh("ip", "-n", namespace, "link", "set", link, "up")
    sh("ip", "-n", side, "route", "add", "default", "via", f"10.91.{number}.1")


def _door(stack: ExitStack, namespace: str) -> int:
    """A port on loopback from which everything goes on to the gateway, out of the network of the console."""
    listening = socket.create_server(("127.0.0.1", 0))
    stack.callback(listening.close)

    def serve() -> None:
        while True:
            try:
                near, _peer = listening.accept()
            except OSError:
                return
            threading.Thread(target=_carry, args=(near, namespace), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return int(listening.getsockname()[1])


def _carry(near: socket.socket, namespace: str) -> None:
    enter_network(namespace)
    far = socket.socket()
    far.settimeout(5)
    with near, far, suppress(OSError):
        far.connect(("10.91.3.1", 22))
        far.settimeout(None)
        back = threading.Thread(target=_pump, args=(far, near), daemon=True)
        back.start()
        _pump(near, far)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for one in (source, sink):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
