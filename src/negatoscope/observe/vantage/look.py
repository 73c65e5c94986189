"""One look at what can be reached from a place, and the lines of its capture. The standard library alone."""

import json
import socket
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network

from negatoscope.model.administration import BY_PORT, PRINTING_PORTS, WEB_PORTS
from negatoscope.observe.scan.arguments import IMAGING_PORTS
from negatoscope.observe.snmp.ber import integer, octets, sequence
from negatoscope.observe.vantage.knock import Pace, Place, Tally, knock
from negatoscope.observe.vantage.speak import Spoken, speak

FORMAT = "negatoscope-vantage/1"
OTHERS = (
    21, 25, 53, 104, 110, 111, 139, 143, 389, 445, 465, 587, 636, 873, 990, 993, 995, 1433, 1521, 1883, 2049, 2575,
    2761, 2762, 3268, 3306, 4242, 5432, 6379, 6514, 9200, 11112, 11211, 27017,
)  # fmt: skip
USUAL = tuple(sorted({*OTHERS, *WEB_PORTS, *(port for protocol, port in BY_PORT if protocol == "tcp")}))
"""Ports tried where nobody says which: every one that administers, web pages, imaging, files, mail, data bases."""
ALL = "1-65535"
UNSPOKEN = IMAGING_PORTS | PRINTING_PORTS
"""Seen open, never spoken to."""
_NOBODY = sequence(octets(b""), integer(0), integer(0), octets(b""), octets(b""), octets(b""))
SNMP_WHO = sequence(
    integer(3), sequence(integer(4711), integer(65_507), octets(b"\x04"), integer(3)), octets(_NOBODY),
    sequence(octets(b""), octets(b""), sequence(integer(4711), integer(0), integer(0), sequence(), tag=0xA0)),
)  # fmt: skip
"""SNMP 3 asked who it is (RFC 3414 4): an agent that speaks version 3 answers anybody, and nobody is logged on."""
IPMI_WAYS = bytes.fromhex("0600ff07") + bytes(9) + bytes.fromhex("092018c88100388e04b5")
"""IPMI asked how it lets in (IPMI 2.0, 22.13)."""
UDP = {161: SNMP_WHO, 623: IPMI_WAYS}
UDP_WAIT = 1.5

Write = Callable[[bytes], object]


@dataclass(frozen=True)
class Wanted:
    """From where, whom, on what. ``free``: addresses that may be spoken to whatever they open."""

    origin: str
    target: str
    ports: str
    udp: bool = True
    spared: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    pace: Pace = field(default_factory=Pace)


def numbers(ports: str) -> list[int]:
    """The ports of a list as ``22,80,8000-8100``. Raises ValueError."""
    found: set[int] = set()
    for part in ports.replace(" ", "").split(","):
        low, _, high = part.partition("-")
        if not 0 < int(low) <= int(high or low) < 1 << 16:
            raise ValueError(part)
        found.update(range(int(low), int(high or low) + 1))
    return sorted(found)


def listed(ports: Iterable[int]) -> str:
    """Write ports as ranges, as ``Vantage`` holds them."""
    ranges: list[list[int]] = []
    for port in sorted(ports):
        if ranges and port == ranges[-1][1] + 1:
            ranges[-1][1] = port
        else:
            ranges.append([port, port])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in ranges)


def look(
    wanted: Wanted,
    write: Write,
    step: Callable[[int, int], None],
    clock: Callable[[], datetime | None] = lambda: None,
) -> None:
    """Try every port of every address; ``step`` may raise. What answered is written as it is found, then an end.

    ``clock``: only where nobody else dates the capture.
    """
    ports = numbers(wanted.ports)
    tried = [address for address in _addresses(wanted.target) if address not in wanted.spared]
    spared = [address for address in wanted.spared if ip_address(address) in ip_network(wanted.target)]
    write(_line(
        format=FORMAT, origin=wanted.origin, target=wanted.target, address=standing(wanted.target), spared=spared,
        ports=listed(ports), udp=sorted(UDP) if wanted.udp else [], at=_instant(clock),
    ))  # fmt: skip
    total, tally = len(tried) * len(ports) + 1, Tally()
    places: Iterator[Place] = ((address, port) for port in ports for address in tried)
    opened: dict[str, set[int]] = {}
    for address, port in knock(places, wanted.pace, tally, lambda: step(tally.tried, total)):
        opened.setdefault(address, set()).add(port)
    for address, port in [(one, port) for one in sorted(opened) for port in sorted(opened[one])]:
        shy = address not in wanted.free and not opened[address].isdisjoint(IMAGING_PORTS)
        said = Spoken() if shy or port in UNSPOKEN else speak(address, port, lambda: step(tally.tried, total))
        write(_line(
            address=address, protocol="tcp", port=port, greeting=_text(said.greeting), page=_text(said.page),
            tls=said.tls, shy=shy,
        ))  # fmt: skip
    for address, port in _heard(wanted, tried, lambda: step(tally.tried, total)):
        write(_line(address=address, protocol="udp", port=port))
    write(_line(
        end=True, at=_instant(clock), tried=tally.tried, shut=tally.shut, silent=tally.silent, unsent=tally.unsent,
    ))  # fmt: skip


def standing(target: str) -> str:
    """The address of ours from which packets leave for a target; empty where no way leads there."""
    first = next(_addresses(target))
    with suppress(OSError), closing(socket.socket(socket.AF_INET6 if ":" in first else socket.AF_INET, 2)) as line:
        line.connect((first, 9))  # of a datagram socket: sends nothing
        return str(line.getsockname()[0])
    return ""


def _addresses(target: str) -> Iterator[str]:
    network = ip_network(target)
    return map(str, network.hosts() if network.num_addresses > 1 else network)


def _heard(wanted: Wanted, tried: list[str], tick: Callable[[], None]) -> Iterator[Place]:
    """Addresses that answer over UDP, all asked together, a little apart."""
    for port, question in UDP.items() if wanted.udp else ():
        family = socket.AF_INET6 if ":" in wanted.target else socket.AF_INET
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as line:
            line.settimeout(1 / wanted.pace.per_second)
            answers: set[str] = set()
            for address in tried:
                tick()
                with suppress(OSError):
                    line.sendto(question, (address, port))
                _collect(line, port, answers)
            line.settimeout(UDP_WAIT)
            while _collect(line, port, answers):
                tick()
            yield from ((address, port) for address in sorted(answers & set(tried)))


def _collect(line: socket.socket, port: int, answers: set[str]) -> bool:
    """Whether something came in time; a refusal (ICMP) counts as something."""
    try:
        _, (address, source, *_rest) = line.recvfrom(2048)
    except TimeoutError:
        return False
    except OSError:
        return True
    if source == port:
        answers.add(str(address))
    return True


def _instant(clock: Callable[[], datetime | None]) -> str | None:
    at = clock()
    return at.isoformat() if at else None


def _text(said: bytes) -> str:
    return b64encode(said).decode("ascii")


def _line(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"
