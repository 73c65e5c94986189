"""What one agent said, by column and row; a value of the wrong type was not said."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Address
from typing import Any, TypeVar

from negatoscope.observe.snmp.ber import INTEGER, OCTETS, OID, Garbled, to_integer, to_oid
from negatoscope.observe.snmp.columns import COLUMNS
from negatoscope.observe.snmp.frames import Agent, Part, Row
from negatoscope.observe.snmp.message import Arcs

V = TypeVar("V")
UNSIGNED = frozenset({0x41, 0x42, 0x43, 0x46})
"""``Counter32``, ``Gauge32``, ``TimeTicks``, ``Counter64`` (RFC 2578 section 7.1)."""
MAX_TEXT = 200
MAC_BYTES = 6
GROUP = 0x01
"""Set in the first byte of addresses that are nobody's own (IEEE 802)."""
_PREFIXES = {tuple(map(int, place.split("."))): name for name, place in COLUMNS.items()}
_DEPTHS = sorted({len(prefix) for prefix in _PREFIXES}, reverse=True)


@dataclass
class Told:
    """All that one agent told, and which of its columns were read to their end."""

    agent: Agent
    columns: dict[str, dict[Arcs, Row]] = field(default_factory=lambda: defaultdict(dict))
    outcomes: dict[str, str] = field(default_factory=dict)
    _known: dict[Any, Any] = field(default_factory=dict)

    def take(self, line: Row | Part) -> None:
        """One more line of its capture; a row of a column that nobody asked for is passed over."""
        if isinstance(line, Part):
            self.outcomes[line.of] = line.outcome
            return
        arcs = _arcs(line.oid)
        for depth in _DEPTHS:
            if name := _PREFIXES.get(arcs[:depth]):
                self.columns[name][arcs[depth:]] = line
                return

    def numbers(self, column: str) -> Mapping[Arcs, int]:
        """Rows that hold a whole number."""
        return self._read(column, number)

    def texts(self, column: str) -> Mapping[Arcs, str]:
        """Rows that hold text."""
        return self._read(column, text)

    def bytes(self, column: str) -> Mapping[Arcs, bytes]:
        """Rows that hold bytes."""
        return self._read(column, octets)

    def macs(self, column: str) -> Mapping[Arcs, str]:
        """Rows that hold the address of one network card."""
        return self._read(column, card)

    def _read(self, column: str, reader: Callable[[Row], V | None]) -> Mapping[Arcs, V]:
        """Each column once, however often it is asked for: there may be thousands of rows."""
        key = (column, reader)
        if key not in self._known:
            found = ((row, reader(one)) for row, one in self.columns[column].items())
            self._known[key] = {row: value for row, value in found if value is not None}
        known: Mapping[Arcs, V] = self._known[key]
        return known

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Interfaces by ``ifIndex``: their short name, else their description; no two alike."""
        descr, short = self.texts("if_descr"), self.texts("if_name")
        names: dict[int, str] = {}
        taken: set[str] = set()
        for row in sorted({*descr, *short, *self.numbers("if_type")}):
            if len(row) == 1:
                name = short.get(row) or descr.get(row) or str(row[0])
                names[row[0]] = f"{name} #{row[0]}" if name in taken else name
                taken.add(name)
        return names

    def one(self, column: str) -> str | None:
        """The text of a column of which there is one row, or its first."""
        return next((value for _, value in sorted(self.texts(column).items())), None)

    def trouble(self, columns: Iterable[str]) -> str | None:
        """Why one of these columns was not read to its end."""
        outcomes = (self.outcomes.get(name, "not_asked") for name in columns)
        return next((outcome for outcome in outcomes if outcome != "whole"), None)


def _arcs(dotted: str) -> Arcs:
    return tuple(int(arc) for arc in dotted.split(".") if arc.isdecimal() and len(arc) < 11)  # noqa: PLR2004 -- 32 bits


def number(row: Row) -> int | None:
    """A whole number."""
    if row.tag == INTEGER:
        try:
            return to_integer(row.value)
        except Garbled:
            return None
    return int.from_bytes(row.value, "big") if row.tag in UNSIGNED and len(row.value) <= 9 else None  # noqa: PLR2004


def text(row: Row) -> str | None:
    """Text in one line, as people may read it."""
    if row.tag != OCTETS:
        return None
    said = row.value.decode("utf-8", "replace")
    plain = " ".join("".join(one if one.isprintable() else " " for one in said).split())
    return plain[:MAX_TEXT] or None


def octets(row: Row) -> bytes | None:
    """Bytes."""
    return row.value if row.tag == OCTETS else None


def card(row: Row) -> str | None:
    """The address of one network card."""
    return mac(row.value) if row.tag == OCTETS else None


def mac(value: bytes) -> str | None:
    """The address of a card: six bytes, neither nothing nor everybody."""
    if len(value) != MAC_BYTES or not any(value) or value[0] & GROUP:
        return None
    return ":".join(f"{byte:02x}" for byte in value)


def arcs(row: Row | None) -> Arcs:
    """An object identifier; empty: none."""
    try:
        return to_oid(row.value) if row and row.tag == OID else ()
    except Garbled:
        return ()


def address(row: Arcs) -> str | None:
    """Four numbers of a row as an address."""
    return str(IPv4Address(bytes(row))) if len(row) == 4 and max(row) < 256 else None  # noqa: PLR2004 -- IPv4


def members(ports: bytes) -> frozenset[int]:
    """The ports of a list of bits, the first one at the top of the first byte (``PortList``, RFC 4363)."""
    return frozenset(8 * place + bit + 1 for place, byte in enumerate(ports) for bit in range(8) if byte & 0x80 >> bit)
