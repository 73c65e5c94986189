"""A real router between three networks: random packets go in, and what comes out the other side is counted."""

import json
import os
import re
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TypeVar

from negatoscope.judge.segmentation.evaluate import Packet
from negatoscope.model.gateways import GatewayInterface
from tests.needs import needs_program, needs_root
from tests.observe.lab import enter_network, in_thread, sh

NETWORKS = {
    "la": ("10.1.0.0/24", "fd00:1::/64"),
    "lb": ("10.2.0.0/24", "fd00:2::/64"),
    "lc": ("10.3.0.0/16", "fd00:3::/48"),
}
PROTOCOLS = {"tcp": 6, "udp": 17, "gre": 47, "esp": 50, "253": 253}
LEGS = tuple(GatewayInterface(leg, (f"10.255.{at}.1/30", f"fd00:ff:{at}::1/64")) for at, leg in enumerate(NETWORKS))
ROUTES = tuple((network, leg) for leg, networks in NETWORKS.items() for network in networks)
R = TypeVar("R")
_ETHERTYPES = {4: 0x0800, 6: 0x86DD}
_MARK = b"ngtv"
PATIENCE = 10
"""Seconds, at most, for packets on their way."""
_SEEN = """table inet onto {
set seen { typeof ip id; flags dynamic; size 65535; }
chain input { type filter hook input priority 30000; add @seen { ip id }; }
}
"""
"""Notes which packets were for the router itself and got through all of its chains."""


def within(namespace: str, work: Callable[[], R]) -> R:
    """Do this in a network."""

    def enter() -> R:
        enter_network(namespace)
        return work()

    return in_thread(enter)


@dataclass
class Router:
    """``world`` holds the far end of each leg."""

    world: str
    router: str
    ports: dict[str, socket.socket] = field(default_factory=dict)
    macs: dict[str, bytes] = field(default_factory=dict)

    def load(self, rules: str) -> str:
        """Replace the rule set; returns what the kernel then holds, as ``nft`` tells it."""

        def replace() -> str:
            _nft(f"flush ruleset\n{_SEEN}{rules}")
            _forget()
            return sh("nft", "-j", "list", "ruleset")

        return within(self.router, replace)

    def load_tables(self, rules: str) -> str:
        """Replace the rule set by one of iptables; returns what the kernel holds then, as ``iptables-save`` does."""

        def replace() -> str:
            _nft(f"flush ruleset\n{_SEEN}")
            done = subprocess.run(
                ["iptables-restore"], input=rules, capture_output=True, text=True, timeout=30, check=False
            )
            assert not done.returncode, f"{done.stderr}\n{rules}"
            _forget()
            return sh("iptables-save")

        return within(self.router, replace)

    def passed(self, packets: list[Packet], expected: set[int]) -> set[int]:
        """Send every packet from the leg of its sender; returns which came out, or reached the router itself.

        A busy machine is given time for those ``expected``; others are waited for as long as any still come.
        """
        for at, packet in enumerate(packets):
            leg = leg_of(packet.source)
            version = ip_address(packet.source).version
            frame = self.macs[leg] + b"\x02\0\0\0\0\x01" + struct.pack("!H", _ETHERTYPES[version]) + wire(packet, at)
            self.ports[leg].send(frame)
        until = time.monotonic() + PATIENCE
        arrived = set(self._arrivals()) | self._onto()
        while not expected <= arrived and time.monotonic() < until:
            arrived |= set(self._arrivals()) | self._onto()
        return arrived

    def _onto(self) -> set[int]:
        told = json.loads(within(self.router, lambda: sh("nft", "-j", "list", "set", "inet", "onto", "seen")))
        return {one for part in told["nftables"] for one in part.get("set", {}).get("elem", ())}

    def _arrivals(self) -> Iterator[int]:
        quiet_until = time.monotonic() + 0.03
        while time.monotonic() < quiet_until:
            for port in self.ports.values():
                try:
                    data, origin = port.recvfrom(2048)
                except BlockingIOError:
                    continue
                quiet_until = time.monotonic() + 0.03
                if origin[2] == socket.PACKET_HOST and data[-8:-4] == _MARK:
                    yield struct.unpack("!I", data[-4:])[0]


def leg_of(address: str) -> str:
    """The leg beyond which an address is."""
    return next(leg for leg, networks in NETWORKS.items() for one in networks if ip_address(address) in ip_network(one))


def wire(packet: Packet, number: int) -> bytes:
    """An IP packet; its last bytes say which one it is."""
    source, target = ip_address(packet.source).packed, ip_address(packet.target).packed
    protocol, data = PROTOCOLS[packet.protocol], _MARK + struct.pack("!I", number)
    ports = struct.pack("!HH", packet.source_port, packet.target_port)
    if packet.protocol == "tcp":
        payload = _summed(
            ports + struct.pack("!IIBBHHH", number, 0, 0x50, 2, 8192, 0, 0) + data, 16, source + target, 6
        )
    elif packet.protocol == "udp":
        payload = _summed(ports + struct.pack("!HH", 8 + len(data), 0) + data, 6, source + target, 17)
    else:
        payload = b"\0\0\0\0" + data if packet.protocol == "gre" else data
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + source + target + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0, 64, protocol, 0) + source + target
    return head[:10] + struct.pack("!H", _sum(head)) + head[12:] + payload


def _summed(data: bytes, at: int, addresses: bytes, protocol: int) -> bytes:
    total = _sum(addresses + struct.pack("!II", len(data), protocol) + data)
    return data[:at] + struct.pack("!H", total or 0xFFFF) + data[at + 2 :]


def _sum(data: bytes) -> int:
    data += b"\0" * (len(data) % 2)
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _nft(rules: str) -> None:
    """Load a rule set; lines that nft takes for nonsense (IPv6 in a table of IPv4, say) are left out."""
    lines = rules.splitlines()
    for _ in range(5):
        done = subprocess.run(
            ["nft", "-f", "-"], input="\n".join(lines), capture_output=True, text=True, timeout=30, check=False
        )
        if not done.returncode:
            return
        wrong = {int(at) for at in re.findall(r"^/dev/stdin:(\d+):", done.stderr, re.MULTILINE)}
        lines = [line for at, line in enumerate(lines, 1) if at not in wrong]
    raise AssertionError(f"{done.stderr}\n{rules}")


def _forget() -> None:
    """Empty connection tracking (ctnetlink, IPCTNL_MSG_CT_DELETE): each rule set meets new connections."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as link:
        link.bind((0, 0))
        link.send(struct.pack("=IHHII", 20, 1 << 8 | 2, 1 | 4, 1, 0) + b"\0\0\0\0")
        link.recv(1024)


@contextmanager
def router() -> Iterator[Router]:
    """Two namespaces and three cables; gone at the end."""
    needs_root()
    needs_program("nft", "nftables")
    name = f"ngk{os.getpid()}"
    world, inner = f"{name}w", f"{name}r"
    try:
        for one in (world, inner):
            sh("ip", "netns", "add", one)
        lab = Router(world, inner)
        for at, leg in enumerate(NETWORKS):
            _cable(lab, at, leg)
        within(inner, _forwarding)
        within(world, lambda: _listen(lab))
        yield lab
    finally:
        for port in lab.ports.values():
            port.close()
        for one in (world, inner):
            sh("ip", "netns", "del", one, check=False)


def _cable(lab: Router, at: int, leg: str) -> None:
    sh("ip", "-n", lab.router, "link", "add", leg, "type", "veth", "peer", "name", leg, "netns", lab.world)
    sh("ip", "-n", lab.world, "link", "set", leg, "up", "addrgenmode", "none")
    sh("ip", "-n", lab.router, "link", "set", leg, "up")
    mac = sh("ip", "netns", "exec", lab.world, "cat", f"/sys/class/net/{leg}/address").strip()
    near = sh("ip", "netns", "exec", lab.router, "cat", f"/sys/class/net/{leg}/address").strip()
    lab.macs[leg] = bytes.fromhex(near.replace(":", ""))
    for address in LEGS[at].addresses:
        sh("ip", "-n", lab.router, "address", "add", address, "dev", leg, *(["nodad"] if ":" in address else []))
    for hop, network in zip((f"10.255.{at}.2", f"fd00:ff:{at}::2"), NETWORKS[leg], strict=True):
        sh("ip", "-n", lab.router, "neigh", "replace", hop, "lladdr", mac, "dev", leg, "nud", "permanent")
        sh("ip", "-n", lab.router, "route", "add", network, "via", hop, "dev", leg)


def _forwarding() -> None:
    values = {"ipv4/ip_forward": 1, "ipv4/conf/all/rp_filter": 0, "ipv6/conf/all/forwarding": 1}
    values |= {f"ipv4/conf/{leg}/{key}": 0 for leg in NETWORKS for key in ("rp_filter", "send_redirects")}
    for path, value in values.items():
        with open(f"/proc/sys/net/{path}", "w", encoding="ascii") as file:  # noqa: PTH123 -- of this thread's network
            file.write(str(value))


def _listen(lab: Router) -> None:
    for leg in NETWORKS:
        port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        port.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
        port.bind((leg, 3))
        port.settimeout(0)
        lab.ports[leg] = port


def all_networks() -> Iterable[str]:
    """Every network beyond a leg."""
    return (network for networks in NETWORKS.values() for network in networks)
