"""Namespaces, bridges and the router: the practice's network, in a process tree that takes all with it."""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection
from typing import TypeVar

from negatoscope.model.zones import ZoneKind
from tests.lab import daemons, domain, flows, leasing
from tests.lab.cards import mac
from tests.lab.certificates import Authority
from tests.lab.description import Description, Segment
from tests.lab.plan import Plan, Server
from tests.observe.lab import enter_network, in_thread, sh

R = TypeVar("R")
PATIENCE = 30.0
"""Seconds that a server may take to listen."""
NETNS = Path("/run/netns")
SWITCH = "switch"
OVER_UDP = frozenset({"snmp", "switch"})
OUTSIDE = "outside"
"""The operator's router: where the practice's packets go, and from where it is looked at."""


@dataclass
class Lab:
    """A practice that stands. The process that builds it is the console, in the administration segment."""

    plan: Plan
    folder: Path
    authority: Authority
    addresses: dict[str, str] = field(default_factory=dict)
    """Of every host, by namespace."""

    def inside(self, host: str, work: Callable[[], R]) -> R:
        """Work in the network of a host, in a thread of its own."""

        def enter() -> R:
            enter_network(host)
            return work()

        return in_thread(enter)

    def etc(self, host: str) -> Path:
        """The ``/etc`` of a Linux server, as its sshd shows it."""
        port = self.plan.listening(host, "ssh").port if host != self.plan.lab.router.name else 22
        return self.folder / f"{host}-{port}" / "etc"

    def certified(self, server: Server) -> tuple[Path, Path]:
        """The certificate of a server, and its key."""
        return self.authority.certified(server.host, self.addresses[server.host], expired=server.expired)

    def start(self, host: str, script: str) -> None:
        """A daemon of this host, with a name and a view of the file system of its own."""
        log = (self.folder / f"{host}.log").open("ab")
        subprocess.Popen(
            (
                "ip",
                "netns",
                "exec",
                host,
                "unshare",
                "--uts",
                "sh",
                "-c",
                f"hostname {self.plan.lab.called(host)}; {script}",
            ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def build(plan: Plan, folder: Path) -> Lab:
    """Build a practice and start all that it runs; returns once everything listens."""
    lab = Lab(plan, folder, Authority(folder))
    folder.chmod(0o755)
    _private(folder)
    _wire(lab)
    flows.start(lab)
    daemons.start_all(lab)
    leasing.start(lab)
    _wait(lab)
    leasing.wait(lab)
    for server in plan.servers:
        if server.program == "domain":
            domain.filled(lab, server, plan.directory)
    return lab


def _private(folder: Path) -> None:
    """Names are looked up nowhere, and namespaces are named for this lab alone."""
    NETNS.mkdir(exist_ok=True)
    sh("mount", "-t", "tmpfs", "none", str(NETNS))
    for name, text in {"resolv.conf": "", "hosts": "127.0.0.1 localhost\n"}.items():
        (folder / name).write_text(text)
        sh("mount", "--bind", str(folder / name), f"/etc/{name}")


def _wire(lab: Lab) -> None:
    described, hosts = lab.plan.lab, _places(lab.plan)
    router = described.router.name
    for name in (SWITCH, router, *hosts):
        sh("ip", "netns", "add", name)
    bridges = [f"link add {_bridge(one)} type bridge\nlink set {_bridge(one)} up" for one in described.segments]
    _batch(SWITCH, ["link set lo up", *bridges])
    legs = {router: [(one, one.router, _leg(one)) for one in described.segments]}
    legs |= {name: [(segment, address, "lan")] for name, (segment, address) in hosts.items()}
    for name, (segment, address) in lab.plan.cards.items():
        legs[name].append((segment, address, "lan2"))
    number = 0
    for name, ends in legs.items():
        lines = ["link set lo up"]
        for segment, address, leg in ends:
            number += 1
            _plug(f"p{number}", segment, name, leg)
            lines += [
                f"link set {leg} address {mac(address)}",
                f"addr add {address}/{segment.network.prefixlen} dev {leg}",
                f"link set {leg} up",
            ]
        if name != router:
            lines.append(f"route add default via {ends[0][0].router}")
        _batch(name, lines)
        lab.addresses[name] = ends[0][1]
    _batch(router, [f"route add default via {described.outside.network[-2]}"])
    for number, name in enumerate(lab.plan.modems):
        there = f"100.64.{number}"
        _batch(name, ["link add wwan0 type veth peer name cell", f"addr add {there}.2/30 dev wwan0",
                      "link set wwan0 up", "link set cell up",
                      f"route add default via {there}.1 dev wwan0 metric 700"])  # fmt: skip
    lab.addresses[router] = described.administration.router
    _console(described)
    sh("ip", "netns", "exec", router, "sysctl", "-qw", "net.ipv4.ip_forward=1")


def _places(plan: Plan) -> dict[str, tuple[Segment, str]]:
    """Where each host stands, strangers too, by the name of its namespace."""
    lab = plan.lab
    hosts = {one.name: (lab.segment(one.segment), one.address) for one in lab.hosts}
    strangers = {f"stranger-{at}": (lab.segment(name), at) for at, name in plan.strangers.items()}
    beyond = {OUTSIDE: (lab.outside, str(lab.outside.network[-2]))}
    return hosts | strangers | beyond


def _console(described: Description) -> None:
    """This process's own network becomes the console's."""
    segment = described.of_kind(ZoneKind.ADMINISTRATION)
    sh("ip", "link", "add", "lan", "type", "veth", "peer", "name", "p0", "netns", SWITCH)
    sh("ip", "-n", SWITCH, "link", "set", "p0", "master", _bridge(segment), "up")
    for words in (
        "link set lo up", f"link set lan address {mac(segment.console)}",
        f"addr add {segment.console}/{segment.network.prefixlen} dev lan", "link set lan up",
        f"route add default via {segment.router}",
    ):  # fmt: skip
        sh("ip", *words.split())


def _bridge(segment: Segment) -> str:
    return f"b-{segment.name}"


def _leg(segment: Segment) -> str:
    return f"if-{segment.name}"


def _plug(near: str, segment: Segment, namespace: str, leg: str) -> None:
    sh("ip", "-n", SWITCH, "link", "add", near, "type", "veth", "peer", "name", leg, "netns", namespace)
    sh("ip", "-n", SWITCH, "link", "set", near, "master", _bridge(segment), "up")


def _batch(namespace: str, lines: list[str]) -> None:
    words = ("ip", "-n", namespace, "-batch", "-")
    subprocess.run(words, input="\n".join(lines) + "\n", text=True, check=True, timeout=30)


def _wait(lab: Lab) -> None:
    """Every server listens, as its own host sees it."""
    until = time.monotonic() + PATIENCE
    for server in (one for one in lab.plan.servers if one.program not in OVER_UDP):
        address = lab.addresses[server.host]

        def answers(port: int = server.port, address: str = address) -> bool:
            while time.monotonic() < until:
                with suppress(OSError), create_connection((address, port), 1):
                    return True
                time.sleep(0.05)
            return False

        if not lab.inside(server.host, answers):
            told = (lab.folder / f"{server.host}.log").read_text(errors="replace")[-500:]
            raise AssertionError(f"{server} does not listen: {told}")
