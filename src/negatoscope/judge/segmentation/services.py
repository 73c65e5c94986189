"""What is asked for: protocols and ports, as sets that can be compared, and as atoms of one rule base."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from negatoscope.judge.segmentation.addresses import runs
from negatoscope.model.gateways import Match, Ports

PORTED = frozenset({"tcp", "udp", "sctp", "dccp", "udplite"})
LAST_PORT = 65535
EVERY_PORT: Ports = ((0, LAST_PORT),)
_NUMBERS = {
    "1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "33": "dccp", "41": "ipv6", "47": "gre", "50": "esp", "51": "ah",
    "58": "icmpv6", "112": "vrrp", "132": "sctp", "136": "udplite", "ipv6-icmp": "icmpv6",
}  # fmt: skip


@lru_cache(maxsize=1024)
def protocol(text: str) -> str:
    """The name of a protocol, given by name or IANA number; a number without a name stays one."""
    return _NUMBERS.get(text.strip().lower(), text.strip().lower())


def joined(ports: Iterable[tuple[int, int]]) -> Ports:
    """Ranges in order, those that touch made one."""
    told: list[tuple[int, int]] = []
    for low, high in sorted(ports):
        if told and low <= told[-1][1] + 1:
            told[-1] = (told[-1][0], max(told[-1][1], high))
        else:
            told.append((low, high))
    return tuple(told)


def without(ports: Ports, gone: Ports) -> Ports:
    """Ports of the first that are not in the second."""
    left = list(ports)
    for low, high in gone:
        left = [part for a, b in left for part in ((a, min(b, low - 1)), (max(a, high + 1), b)) if part[0] <= part[1]]
    return joined(left)


@dataclass(frozen=True)
class Services:
    """A set of services: for each protocol named, target ports (any, where it has none); ``rest``: all other protocols.

    ``Services.of("tcp/104,2762")``, ``of("udp/53")``, ``of("icmp")``, ``of("any")``; several may be given.
    """

    ports: tuple[tuple[str, Ports], ...] = ()
    rest: bool = False

    @classmethod
    def of(cls, *texts: str) -> "Services":
        """Read services as people write them. Raises ValueError."""
        told: dict[str, list[tuple[int, int]]] = {}
        for text in texts:
            name, slash, ports = text.strip().lower().partition("/")
            if name == "any":
                return cls(rest=True)
            ranges = [_range(part) for part in ports.split(",")] if slash else list(EVERY_PORT)
            told.setdefault(protocol(name), []).extend(ranges)
        return cls.made(told, rest=False)

    @classmethod
    def made(cls, ports: Mapping[str, Iterable[tuple[int, int]]], *, rest: bool) -> "Services":
        """Put in order; a protocol that is as the rest is not named."""
        ordered = {name: joined(ranges) for name, ranges in ports.items()}
        same = EVERY_PORT if rest else ()
        return cls(tuple(sorted((name, ranges) for name, ranges in ordered.items() if ranges != same)), rest)

    def __bool__(self) -> bool:
        """There is at least one."""
        return self.rest or bool(self.ports)

    def of_protocol(self, name: str) -> Ports:
        """Ports of one protocol."""
        return dict(self.ports).get(name, EVERY_PORT if self.rest else ())

    def minus(self, other: "Services") -> "Services":
        """Services of this set that are not in the other."""
        names = {name for name, _ in (*self.ports, *other.ports)}
        told = {name: without(self.of_protocol(name), other.of_protocol(name)) for name in names}
        return Services.made(told, rest=self.rest and not other.rest)

    def plus(self, other: "Services") -> "Services":
        """Services of either."""
        names = {name for name, _ in (*self.ports, *other.ports)}
        told = {name: (*self.of_protocol(name), *other.of_protocol(name)) for name in names}
        return Services.made(told, rest=self.rest or other.rest)

    def both(self, other: "Services") -> "Services":
        """Services of both."""
        return self.minus(self.minus(other))

    def texts(self) -> tuple[str, ...]:
        """``tcp/104,2762``, ``icmp``, ``any``; where all but some pass, ``any`` is followed by ``-tcp/25``."""
        told = ["any"] if self.rest else []
        for name, ranges in self.ports:
            left = without(EVERY_PORT, ranges) if self.rest else ranges
            sign = "-" if self.rest else ""
            told.append(f"{sign}{name}" + ("" if left == EVERY_PORT else f"/{','.join(map(_port, left))}"))
        return tuple(told)


def _range(text: str) -> tuple[int, int]:
    low, dash, high = text.strip().partition("-")
    told = (int(low), int(high) if dash else int(low))
    if not 0 <= told[0] <= told[1] <= LAST_PORT:
        message = f"no port: {text}"
        raise ValueError(message)
    return told


def _port(ports: tuple[int, int]) -> str:
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"


class ServiceAxis:
    """All services, cut where these matches cut them: by protocol, source ports and target ports.

    Each protocol is a grid, one row a stretch of source ports, one column a stretch of target ports; all protocols that
    nobody names are one atom, the last. A condition on ports is one about protocols that have any.
    """

    def __init__(self, matches: Iterable[Match], more: Iterable[tuple[int, int]] = ()) -> None:
        """Cut by the matches, and by ``more`` ranges of target ports."""
        names = {"tcp", "udp"}
        rows, columns = {0, LAST_PORT + 1}, {0, LAST_PORT + 1}
        columns |= {edge for low, high in more for edge in (low, high + 1)}
        for match in matches:
            names |= set(map(protocol, match.protocols or ()))
            rows |= {edge for low, high in match.source_ports or () for edge in (low, high + 1)}
            columns |= {edge for low, high in match.target_ports or () for edge in (low, high + 1)}
        self._rows, self._columns = sorted(rows), sorted(columns)
        self._offsets: dict[str, int] = {}
        at = 0
        for name in sorted(names):
            self._offsets[name] = at
            at += self._width * self._height if name in PORTED else 1
        self.whole = (1 << (at + 1)) - 1
        self._others = 1 << at
        self.mask = lru_cache(maxsize=None)(self._mask)
        self.services = lru_cache(maxsize=16384)(self._services)
        """Atoms in words, whatever their source port."""

    @property
    def _width(self) -> int:
        return len(self._columns) - 1

    @property
    def _height(self) -> int:
        return len(self._rows) - 1

    def of(self, match: Match) -> int:
        """Atoms that a match is about."""
        names = tuple(map(protocol, match.protocols)) if match.protocols is not None else None
        targets = match.target_ports
        if targets is not None and match.not_target_ports:
            targets = without(EVERY_PORT, targets)
        return self.mask(names, match.not_protocols, match.source_ports, targets)

    def _mask(self, names: tuple[str, ...] | None, negated: bool, rows: Ports | None, columns: Ports | None) -> int:  # noqa: FBT001 -- as the match says it
        bits = 0
        for name, at in self._offsets.items():
            if names is None or (name in names) is not negated:
                bits |= self._grid(rows, columns) << at if name in PORTED else (rows is None and columns is None) << at
        if (names is None or negated) and rows is None and columns is None:
            bits |= self._others
        return bits

    def _grid(self, rows: Ports | None, columns: Ports | None) -> int:
        row = _bits(self._columns, columns)
        chosen = _bits(self._rows, rows)
        return sum(row << (at * self._width) for at in range(self._height) if chosen >> at & 1)

    def sent_to(self, mask: int, ports: tuple[int, int]) -> int:
        """Atoms that these become when their target port is rewritten; protocols without ports stay."""
        bits, column = 0, _bits(self._columns, (ports,))
        for name, at, height, width in self._grids():
            for row in range(height):
                here = mask >> (at + row * width) & ((1 << width) - 1)
                if here:
                    bits |= (column if name in PORTED else 1) << (at + row * width)
        return bits | (mask & self._others)

    def _services(self, mask: int) -> Services:
        told: dict[str, list[tuple[int, int]]] = {}
        for name, at, height, width in self._grids():
            columns = 0
            for row in range(height):
                columns |= mask >> (at + row * width) & ((1 << width) - 1)
            told[name] = self._ranges(columns) if name in PORTED else list(EVERY_PORT) * columns
        return Services.made(told, rest=bool(mask & self._others))

    def atom(self, name: str, source_port: int = 0, target_port: int = 0) -> int:
        """The atom of one packet."""
        if name not in self._offsets:
            return self._others
        at = self._offsets[name]
        if name not in PORTED:
            return 1 << at
        return 1 << (at + _place(self._rows, source_port) * self._width + _place(self._columns, target_port))

    def _grids(self) -> Iterable[tuple[str, int, int, int]]:
        for name, at in self._offsets.items():
            yield (name, at, self._height, self._width) if name in PORTED else (name, at, 1, 1)

    def _ranges(self, columns: int) -> list[tuple[int, int]]:
        return [(self._columns[at], self._columns[end] - 1) for at, end in runs(columns)]


def _bits(borders: list[int], ranges: Ports | None) -> int:
    if ranges is None:
        return (1 << (len(borders) - 1)) - 1
    bits = 0
    for low, high in ranges:
        bits |= (1 << bisect_left(borders, high + 1)) - (1 << bisect_left(borders, low))
    return bits


def _place(borders: list[int], value: int) -> int:
    return bisect_right(borders, value) - 1
