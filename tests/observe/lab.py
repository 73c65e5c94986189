"""A small network of namespaces, and private views of this machine's files: real programs, nothing goes out."""

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from socket import create_server, socket
from typing import TypeVar

from tests.needs import needs_program, needs_root

R = TypeVar("R")
CLONE_NEWNS = 0x00020000
CLONE_NEWNET = 0x40000000
CONSOLE = "02:00:00:77:00:01"
"""The bridge's card. Left to itself it takes the lowest of its members' and so changes with each host that joins."""
_MADE = count()
"""Numbers of the networks of this process: several may stand at a time."""
_LIBC = ctypes.CDLL(None, use_errno=True)


def sh(*words: str, check: bool = True) -> str:
    done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=30)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(words)}: {done.stderr}")
    return done.stdout


def in_thread(work: Callable[[], R]) -> R:
    """Run in a thread of its own: what it does to its namespaces ends with it."""
    answers: list[R] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(work())
        except BaseException as error:  # noqa: BLE001 -- handed to the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return answers[0]


def _succeeded(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter_network(namespace: str) -> None:
    """This thread is in that network from now on."""
    with Path(f"/run/netns/{namespace}").open() as file:
        _succeeded(_LIBC.setns(file.fileno(), CLONE_NEWNET))


@dataclass
class Lab:
    """``scanner`` holds the bridge, at ``gateway``; every other namespace is a host beside it."""

    scanner: str
    stack: ExitStack
    hosts: dict[str, str] = field(default_factory=dict)
    gateway: str = "10.77.0.1"

    def inside(self, namespace: str, work: Callable[[], R]) -> R:
        def enter() -> R:
            enter_network(namespace)
            return work()

        return in_thread(enter)

    def host(self, address: str, mac: str) -> str:
        """A new host on the bridge; returns its namespace."""
        number = len(self.hosts)
        name, near, far = f"{self.scanner}-{number}", f"ngv{number}", "lan"
        self._namespace(name)
        sh("ip", "-n", self.scanner, "link", "add", near, "type", "veth", "peer", "name", far, "netns", name)
        sh("ip", "-n", name, "link", "set", far, "address", mac)
        sh("ip", "-n", name, "addr", "add", f"{address}/24", "dev", far)
        for link in ("lo", far):
            sh("ip", "-n", name, "link", "set", link, "up")
        sh("ip", "-n", self.scanner, "link", "set", near, "master", "br0", "up")
        self.hosts[address] = name
        return name

    def listen(self, namespace: str, port: int, banner: bytes) -> None:
        """A server that says its banner to whoever comes."""

        def bind() -> socket:
            return create_server(("", port))

        server = self.inside(namespace, bind)
        self.stack.callback(server.close)
        threading.Thread(target=_greet, args=(server, banner), daemon=True).start()

    def run(self, namespace: str, script: str) -> None:
        """A daemon of this host, with a name and a view of the file system of its own; ended with the lab."""
        process = subprocess.Popen(
            ("ip", "netns", "exec", namespace, "unshare", "--uts", "sh", "-c", script),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.stack.callback(process.wait, 10)
        self.stack.callback(process.terminate)

    def counted(self, namespace: str, address: str) -> Callable[[], int]:
        """Count every packet, ARP questions included, that reaches a host for its address."""
        rules = f"""table netdev seen {{
          counter taken {{ }}
          chain entering {{ type filter hook ingress device "lan" priority 0;
            ip daddr {address} counter name "taken"
            arp daddr ip {address} counter name "taken"
          }}
        }}"""
        subprocess.run(
            ("ip", "netns", "exec", namespace, "nft", "-f", "-"), input=rules, text=True, check=True, timeout=30
        )

        def read() -> int:
            said = sh("ip", "netns", "exec", namespace, "nft", "list", "counters")
            return int(said.partition("packets ")[2].split()[0])

        return read

    def _namespace(self, name: str) -> None:
        self.stack.callback(sh, "ip", "netns", "del", name, check=False)
        sh("ip", "netns", "add", name)


def _greet(server: socket, banner: bytes) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            threading.Thread(target=_say, args=(client, banner), daemon=True).start()


def _say(client: socket, banner: bytes) -> None:
    with client, suppress(OSError):
        client.settimeout(5)
        client.sendall(banner)
        client.recv(1000)


@contextmanager
def lab(gateway: str = "10.77.0.1", name: str = "ng") -> Iterator[Lab]:
    """An empty network of 254 addresses, taken down whatever happens. ``name``: how its namespaces begin."""
    needs_root()
    needs_program("nmap")
    needs_program("ip", "iproute2")
    needs_program("nft", "nftables")
    with ExitStack() as stack:
        made = Lab(f"{name}{os.getpid()}x{next(_MADE)}", stack, gateway=gateway)
        made._namespace(made.scanner)  # noqa: SLF001 -- its own maker
        sh("ip", "-n", made.scanner, "link", "add", "br0", "address", CONSOLE, "type", "bridge")
        sh("ip", "-n", made.scanner, "addr", "add", f"{gateway}/24", "dev", "br0")
        for link in ("lo", "br0"):
            sh("ip", "-n", made.scanner, "link", "set", link, "up")
        yield made


def with_etc(etc: Path, work: Callable[[], R]) -> R:
    """Run with another ``/etc`` in its place, seen by this thread and its children only."""
    needs_root()

    def enter() -> R:
        _succeeded(_LIBC.unshare(CLONE_NEWNS))
        sh("mount", "--make-rprivate", "/")
        sh("mount", "--bind", str(etc), "/etc")
        return work()

    return in_thread(enter)
