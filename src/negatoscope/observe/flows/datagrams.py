"""NetFlow 5, NetFlow 9 (RFC 3954) and IPFIX (RFC 7011) datagrams into flows. Whoever sends them is not trusted.

A decoder remembers the templates of one exporter. What comes before its template waits for it, within limits; a
datagram that contradicts itself is counted and left.
"""

import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

MAX_TEMPLATES = 1000
MAX_FIELDS = 200
MAX_WAITING = 2000
"""Datagrams that wait for a template; beyond, the oldest are given up."""
V5_HEADER, V5_RECORD = struct.Struct("!HHIIIIBBH"), struct.Struct("!4s4s4sHHIIIIHHBBBBHHBBH")
V9_HEADER, IPFIX_HEADER, SET = struct.Struct("!HHIIII"), struct.Struct("!HHIII"), struct.Struct("!HH")
V5, V9, IPFIX = 5, 9, 10
FIRST_DATA_SET = 256
VARIABLE = 65_535
LONGEST_NUMBER = 8
"""Octets of a number: nothing that is told takes more, and no clock counts so far."""
MOST_SAMPLED = 2**24
ENDS = (frozenset({8, 12}), frozenset({27, 28}))
"""Fields without which a record is no flow."""
NTP_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
OPTIONS = frozenset({1, 3})
TEMPLATES = frozenset({0, 2})


class Flow(NamedTuple):
    """Packets of one direction. Times in seconds since 1970; ``rate``: one packet in so many was looked at."""

    first: float
    last: float
    source: str
    target: str
    protocol: int
    source_port: int
    target_port: int
    octets: int
    flags: int
    """TCP flags of all its packets together; 0 where unknown."""


class Malformed(ValueError):  # noqa: N818 -- what it is
    """The datagram contradicts itself."""


@dataclass(frozen=True, slots=True)
class Template:
    """Field numbers and lengths, in order. ``options``: what it describes is no flow."""

    fields: tuple[tuple[int, int], ...]
    options: bool = False

    @property
    def shortest(self) -> int:
        """Octets of a record at least."""
        return sum(1 if length == VARIABLE else length for _, length in self.fields)

    @property
    def tells(self) -> bool:
        """Whether its records may tell anything that is read."""
        named = {number for number, _ in self.fields}
        return self.options or any(ends <= named for ends in ENDS)


@dataclass(frozen=True, slots=True)
class _Origin:
    """The header of a datagram: when it was sent, and what its clocks count from."""

    version: int
    domain: int
    sent: float
    started: float
    """The instant from which the exporter counts milliseconds."""


@dataclass
class Decoder:
    """All that one exporter sends, in the order of arrival."""

    records: int = 0
    lost: int = 0
    malformed: int = 0
    sampled: int = 1
    _templates: dict[tuple[int, int, int], Template] = field(default_factory=dict)
    _expected: dict[tuple[int, int], int] = field(default_factory=dict)
    _waiting: deque[tuple[_Origin, int, bytes]] = field(default_factory=deque)
    _given_up: int = 0
    _learnt: bool = False
    """A template is new since what waits was last looked through."""

    @property
    def waiting(self) -> int:
        """Sets of records whose template never came."""
        return len(self._waiting) + self._given_up

    def decode(self, datagram: bytes, *, templates_only: bool = False) -> list[Flow]:
        """The flows of a datagram, and those that waited for a template in it. A malformed one gives what stood before.

        ``templates_only``: it is told again so that its templates are known; its flows were counted before.
        """
        found: list[Flow] = []
        try:
            for flow in self._datagram(datagram, templates_only=templates_only):
                found.append(flow)  # noqa: PERF402 -- what came before an error is kept
        except (Malformed, struct.error):
            self.malformed += 1
        self.records += len(found)
        return found

    def _datagram(self, datagram: bytes, *, templates_only: bool) -> Iterator[Flow]:
        if len(datagram) < 2:  # noqa: PLR2004 -- the version's own length
            raise Malformed
        version = int.from_bytes(datagram[:2], "big")
        if version == V5:
            yield from () if templates_only else self._v5(datagram)
        elif version == V9:
            _, _, uptime, seconds, sequence, domain = V9_HEADER.unpack_from(datagram)
            if not templates_only:
                self._follow(version, domain, sequence, 1)
            origin = _Origin(version, domain, seconds, seconds - uptime / 1000)
            yield from self._sets(origin, datagram[V9_HEADER.size :], templates_only=templates_only)
        elif version == IPFIX:
            _, length, seconds, sequence, domain = IPFIX_HEADER.unpack_from(datagram)
            if not IPFIX_HEADER.size <= length <= len(datagram):
                raise Malformed
            origin = _Origin(version, domain, seconds, 0)
            before = self.records
            told = list(self._sets(origin, datagram[IPFIX_HEADER.size : length], templates_only=templates_only))
            if not templates_only:
                self._follow(version, domain, sequence, len(told) + self.records - before)
            yield from told
        else:
            raise Malformed

    def _v5(self, datagram: bytes) -> Iterator[Flow]:
        _, count, uptime, seconds, _, sequence, _, engine, sampling = V5_HEADER.unpack_from(datagram)
        if len(datagram) < V5_HEADER.size + count * V5_RECORD.size:
            raise Malformed
        self._follow(V5, engine, sequence, count)
        self.sampled = max(sampling & 0x3FFF, 1)
        started = seconds - uptime / 1000
        for place in range(count):
            said = V5_RECORD.unpack_from(datagram, V5_HEADER.size + place * V5_RECORD.size)
            yield Flow(
                started + said[7] / 1000, started + said[8] / 1000, socket.inet_ntoa(said[0]),
                socket.inet_ntoa(said[1]), said[13], said[9], said[10], said[6], said[12],
            )  # fmt: skip

    def _follow(self, version: int, domain: int, sequence: int, told: int) -> None:
        """Count what the sequence numbers say never arrived; a jump back is a restart or a datagram overtaken."""
        expected = self._expected.get((version, domain))
        gap = (sequence - expected) % 2**32 if expected is not None else 0
        if gap < 2**31:
            self.lost += gap
            self._expected[version, domain] = (sequence + told) % 2**32

    def _sets(self, origin: _Origin, rest: bytes, *, templates_only: bool) -> Iterator[Flow]:
        while len(rest) >= SET.size:
            number, length = SET.unpack_from(rest)
            if not SET.size <= length <= len(rest):
                raise Malformed
            body, rest = rest[SET.size : length], rest[length:]
            if number in TEMPLATES or number in OPTIONS:
                self._learn(origin, body, options=number in OPTIONS)
            elif number >= FIRST_DATA_SET and not templates_only:
                yield from self._data(origin, number, body)
        if self._learnt:
            self._learnt = False
            yield from self._awaited(origin)

    def _data(self, origin: _Origin, number: int, body: bytes) -> Iterator[Flow]:
        template = self._templates.get((origin.version, origin.domain, number))
        if template is None:
            self._waiting.append((origin, number, body))
            if len(self._waiting) > MAX_WAITING:
                self._waiting.popleft()
                self._given_up += 1
            return
        for told in _records(template, body) if template.tells else ():
            if template.options:
                self._options(told)
            elif (flow := _flow(origin, told)) is not None:
                yield flow

    def _awaited(self, origin: _Origin) -> Iterator[Flow]:
        waiting, self._waiting = self._waiting, deque()
        for sent, number, body in waiting:
            if (origin.version, origin.domain) == (sent.version, sent.domain):
                yield from self._data(sent, number, body)
            else:
                self._waiting.append((sent, number, body))

    def _options(self, told: dict[int, bytes]) -> None:
        """What an exporter says of itself: how many packets it skips (samplingInterval, …PacketInterval)."""
        for number in (34, 50, 305):
            if number in told:
                said = _number(told[number])
                self.sampled = said if 0 < said <= MOST_SAMPLED else 1

    def _learn(self, origin: _Origin, body: bytes, *, options: bool) -> None:
        while len(body) >= 2 * SET.size - (0 if options else SET.size):
            number, count = SET.unpack_from(body)
            if number < FIRST_DATA_SET:
                return
            template, body = _template(origin.version, count, body, options=options)
            named = origin.version, origin.domain, number
            if self._templates.get(named) != template and (
                named in self._templates or len(self._templates) < MAX_TEMPLATES
            ):
                self._templates[named] = template
                self._learnt = True


def _template(version: int, count: int, body: bytes, *, options: bool) -> tuple[Template, bytes]:
    """One template, and what follows it. ``count``: of fields, or in options of version 9 octets of scope fields."""
    place = SET.size
    if options:
        (second,) = struct.unpack_from("!H", body, place)
        place += 2
        count = (count + second) // 4 if version == V9 else count
    if count > MAX_FIELDS:
        raise Malformed
    fields = []
    for _ in range(count):
        number, length = SET.unpack_from(body, place)
        place += SET.size
        if version == IPFIX and number & 0x8000:
            number, place = -1, place + 4
        if length:  # a field without an octet tells nothing
            fields.append((number, length))
    template = Template(tuple(fields), options)
    if template.shortest == 0:
        raise Malformed
    return template, body[place:]


def _records(template: Template, body: bytes) -> Iterator[dict[int, bytes]]:
    place, shortest = 0, template.shortest
    while len(body) - place >= shortest:
        told: dict[int, bytes] = {}
        for number, fixed in template.fields:
            length, place = _length(body, place) if fixed == VARIABLE else (fixed, place)
            if place + length > len(body):
                raise Malformed
            told[number] = body[place : place + length]
            place += length
        yield told


def _length(body: bytes, place: int) -> tuple[int, int]:
    """How long a field of variable length is, and where it begins (RFC 7011, 7)."""
    if place >= len(body):
        raise Malformed
    if body[place] < 255:  # noqa: PLR2004 -- says that two more octets follow
        return body[place], place + 1
    return int.from_bytes(body[place + 1 : place + 3], "big"), place + 3


def _number(value: bytes) -> int:
    return int.from_bytes(value[:LONGEST_NUMBER], "big")


def _flow(origin: _Origin, told: dict[int, bytes]) -> Flow | None:
    """A record with two addresses is a flow; others tell of something else."""
    source, target = (_address(told, *numbers) for numbers in ((8, 27), (12, 28)))
    if source is None or target is None:
        return None
    first, last = (_instant(origin, told, ways) for ways in (_FIRST, _LAST))
    numbers = [_said(told, *ways) for ways in ((4,), (7,), (11,), (1, 85, 23), (6,))]
    protocol, source_port, target_port, octets, flags = (value or 0 for value in numbers)
    return Flow(
        first, max(first, last), source, target, protocol & 0xFF, source_port & 0xFFFF, target_port & 0xFFFF,
        min(octets, 2**62), flags & 0xFF,
    )  # fmt: skip


def _said(told: dict[int, bytes], *numbers: int) -> int | None:
    return next((_number(told[number]) for number in numbers if number in told), None)


def _address(told: dict[int, bytes], four: int, six: int) -> str | None:
    if len(told.get(four, b"")) == 4:  # noqa: PLR2004 -- octets of IPv4
        return socket.inet_ntoa(told[four])
    if len(told.get(six, b"")) == 16:  # noqa: PLR2004 -- octets of IPv6
        return socket.inet_ntop(socket.AF_INET6, told[six])
    return None


def _ntp(origin: _Origin, value: int) -> float:  # noqa: ARG001 -- one shape for all
    return (value >> 32) - NTP_EPOCH + (value & 0xFFFFFFFF) / 2**32


def _since_start(origin: _Origin, value: int) -> float:
    return origin.started + value / 1000 if origin.version == V9 else origin.sent


_Ways = tuple[tuple[int, Callable[[_Origin, int], float]], ...]
_FIRST: _Ways = (
    (150, lambda _, value: value), (152, lambda _, value: value / 1000), (154, _ntp), (156, _ntp),
    (158, lambda origin, value: origin.sent - value / 1e6), (22, _since_start),
)  # fmt: skip
_LAST: _Ways = (
    (151, lambda _, value: value), (153, lambda _, value: value / 1000), (155, _ntp), (157, _ntp),
    (159, lambda origin, value: origin.sent - value / 1e6), (21, _since_start),
)  # fmt: skip


def _instant(origin: _Origin, told: dict[int, bytes], ways: _Ways) -> float:
    """When a flow began or ended; an exporter that does not say means: as it was sent. No clock is believed far off."""
    for number, reading in ways:
        if number in told:
            at = float(reading(origin, _number(told[number])))
            return at if abs(at - origin.sent) < 7 * 86_400 else origin.sent
    return origin.sent
