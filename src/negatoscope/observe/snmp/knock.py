"""Who answers over UDP: one socket, a few small packets an address, at a pace; closed ports say so by ICMP.

Linux keeps the errors of an unconnected socket apart, with the address that each is about (``IP_RECVERR``, ip(7)).
"""

import secrets
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address

from negatoscope.observe.snmp.ber import Garbled, elements, first, to_integer
from negatoscope.observe.snmp.frames import Knock
from negatoscope.observe.snmp.message import GET, V1, V2C, V3, answered, asked, opened, plain
from negatoscope.observe.snmp.usm import Security, User

SNMP, TFTP = 161, 69
PUBLISHED = b"public"
DESCRIPTION = "1.3.6.1.2.1.1.1.0"
WAIT = 1.5
"""Seconds for the last answers of a round."""
ROUNDS = 2
VERSIONS = {V1: "snmp1", V2C: "snmp2c", V3: "snmp3"}
ERRORS = {4: (socket.IPPROTO_IP, 11), 6: (socket.IPPROTO_IPV6, 25)}
"""``IP_RECVERR`` and ``IPV6_RECVERR``, by version of the address (linux/in.h, linux/in6.h)."""
MSG_ERRQUEUE = 0x2000
EXTENDED = struct.Struct("=IBBBBII")
FROM_ICMP = frozenset({2, 3})
PORT_CLOSED = {2: (3, 3), 3: (1, 4)}
"""Type and code of *port unreachable* in ICMP (RFC 792) and ICMPv6 (RFC 4443)."""
ERROR_OPCODE, DATA_OPCODE = 5, 3
MAX_DATAGRAM = 65_535
Tick = Callable[[], None]


@dataclass
class Round:
    """Where answers are gathered. ``communities``: of versions 1 and 2c, the published one first. Never printed."""

    packets_per_second: int
    tick: Tick
    extra: Sequence[bytes] = field(default=(), repr=False)
    """Names of communities that a person lent, tried beside the published one."""
    ports: tuple[int, int] = (SNMP, TFTP)
    heard: dict[tuple[str, int, str], str] = field(default_factory=dict)
    lent: set[tuple[str, int]] = field(default_factory=set)
    """Address and version that answered to a name that was lent."""


def knock(addresses: Sequence[str], told: Round) -> Iterator[Knock]:
    """Ask every address, twice at most; what answered, or said that it is closed."""
    for version in sorted({ip_address(one).version for one in addresses}):
        same = [one for one in addresses if ip_address(one).version == version]
        _Sweep(version, told).go(same)
    for (address, port, asks), outcome in sorted(told.heard.items()):
        yield Knock(address, port, asks, outcome)


class _Sweep:
    """One family of addresses."""

    def __init__(self, version: int, told: Round) -> None:
        self._told = told
        family = socket.AF_INET if version == 4 else socket.AF_INET6  # noqa: PLR2004 -- IPv4
        self._lines = {port: socket.socket(family, socket.SOCK_DGRAM) for port in told.ports}
        for line in self._lines.values():
            line.settimeout(0)
            line.setsockopt(*ERRORS[version], 1)
        self._base = secrets.randbits(29)
        self._name = f"negatoscope-{secrets.token_hex(4)}"

    def go(self, addresses: Sequence[str]) -> None:
        try:
            for _ in range(ROUNDS):
                heard = {key[:2] for key in self._told.heard}
                waiting = [one for one in addresses if any((one, port) not in heard for port in self._told.ports)]
                for address in waiting:
                    self._ask(address)
                if waiting:
                    self._rest(WAIT)
        finally:
            for line in self._lines.values():
                line.close()

    def _ask(self, address: str) -> None:
        snmp, tftp = self._told.ports
        names = (PUBLISHED, *self._told.extra)
        for place, name in enumerate(names):
            for version in (V2C, V1):
                pdu = asked(GET, self._base + 2 * place + version, DESCRIPTION)
                self._send(address, snmp, plain(version, name, pdu))
        self._send(address, snmp, Security(User("")).wrap(self._base, asked(GET, self._base, DESCRIPTION)))
        self._send(address, tftp, b"\0\1" + self._name.encode() + b"\0octet\0")

    def _send(self, address: str, port: int, packet: bytes) -> None:
        for _ in range(2):  # an error of an earlier packet is told once, in place of this one's sending
            try:
                self._lines[port].sendto(packet, (address, port))
                break
            except OSError:
                self._gather()
        self._rest(1 / self._told.packets_per_second)

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while True:
            self._told.tick()
            self._gather()
            left = end - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.05))

    def _gather(self) -> None:
        for port, line in self._lines.items():
            with suppress(OSError):
                while True:
                    data, place = line.recvfrom(MAX_DATAGRAM)
                    self._answer(port, data, place[0])
            with suppress(OSError):
                while True:
                    _, about, _, place = line.recvmsg(1, 512, MSG_ERRQUEUE)
                    self._error(port, about, place[0])

    def _answer(self, port: int, data: bytes, address: str) -> None:
        """``address`` may be anybody's: only an answer to a question of ours counts."""
        snmp, tftp = self._told.ports
        if port == tftp:
            if len(data) >= 4 and int.from_bytes(data[:2], "big") in {ERROR_OPCODE, DATA_OPCODE}:  # noqa: PLR2004 -- RFC 1350
                self._told.heard[address, tftp, "tftp"] = "answered"
            return
        with suppress(Garbled):
            version = to_integer(next(iter(elements(first(data, 0x30))))[1])
            if version == V3:
                heard = Security(User("")).open(data)
                if heard.number == self._base:
                    self._told.heard[address, snmp, VERSIONS[V3]] = "answered"
            elif version in VERSIONS:
                self._in_clear(address, data)

    def _in_clear(self, address: str, data: bytes) -> None:
        version, inner = opened(data)
        place, odd = divmod(answered(inner).request - self._base, 2)
        if odd != version or not 0 <= place <= len(self._told.extra):
            return
        if place:
            self._told.lent.add((address, version))
        asks = VERSIONS[version] if not place else f"{VERSIONS[version]}_lent"
        self._told.heard[address, self._told.ports[0], asks] = "answered"

    def _error(self, port: int, about: Sequence[tuple[int, int, bytes]], address: str) -> None:
        for _, _, data in about:
            if len(data) < EXTENDED.size:
                continue
            _, origin, kind, code, *_ = EXTENDED.unpack(data[: EXTENDED.size])
            if origin in FROM_ICMP and (kind, code) == PORT_CLOSED[origin]:
                itself = _offender(data[EXTENDED.size :]) == address
                asks = "snmp" if port == self._told.ports[0] else "tftp"
                self._told.heard.setdefault((address, port, asks), "closed" if itself else "filtered")


def _offender(data: bytes) -> str | None:
    """Who sent the error: a ``sockaddr`` behind it."""
    family = int.from_bytes(data[:2], "little")
    if family == socket.AF_INET and len(data) >= 8:  # noqa: PLR2004 -- family, port, address
        return socket.inet_ntop(socket.AF_INET, data[4:8])
    if family == socket.AF_INET6 and len(data) >= 24:  # noqa: PLR2004 -- family, port, flow, address
        return socket.inet_ntop(socket.AF_INET6, data[8:24])
    return None
