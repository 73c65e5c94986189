"""A talk with one agent: questions one at a time, each bounded, whatever comes back."""

import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

from negatoscope.observe.snmp.ber import Garbled
from negatoscope.observe.snmp.message import (
    EXCEPTIONS,
    GET,
    GETBULK,
    GETNEXT,
    NO_SUCH_NAME,
    REPORT,
    V1,
    V2C,
    V3,
    Arcs,
    Bind,
    Pdu,
    answered,
    asked,
    opened,
    plain,
)
from negatoscope.observe.snmp.usm import Security, User

POLL_SECONDS = 0.5
SECONDS = 2.0
"""How long an answer is waited for."""
TRIES = 2
MAX_DATAGRAM = 65_535
MAX_ROWS = 20_000
"""Of one column; the largest switch of a practice learns some thousands of addresses."""
MAX_VALUE = 4096
NOT_IN_TIME, UNKNOWN_USER, UNKNOWN_ENGINE, WRONG_DIGEST = 2, 3, 4, 5
"""Reports of ``usmStats`` (RFC 3414 section 5)."""
STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)


class Ended(Exception):  # noqa: N818 -- what it is
    """The agent is not asked any further. ``why``: ``silent``, ``looping``, ``endless``, ``huge``, ``refused``."""

    def __init__(self, why: str) -> None:
        """Keep the code."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Door:
    """Where an agent is asked, under which version, with what. Never printed."""

    address: str
    version: int
    community: bytes = b""
    user: User | None = None
    port: int = 161
    pause: float = 0.0
    """Seconds before each question: small devices answer slowly."""

    def __repr__(self) -> str:
        """Tell nothing but where."""
        return f"Door({self.address!r})"


class Session:
    """Questions to one agent. ``tick`` is called at least twice a second, and may raise."""

    def __init__(self, door: Door, tick: Callable[[], None]) -> None:
        """Open a socket; nothing is sent yet. Raises OSError where no way leads there."""
        self.door, self.tick = door, tick
        family = socket.AF_INET6 if ip_address(door.address).version == 6 else socket.AF_INET  # noqa: PLR2004 -- IPv6
        self._line = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._line.connect((door.address, door.port))
        except OSError:
            self._line.close()
            raise
        self._security = Security(door.user or User(""))
        self._number = secrets.randbits(30)

    def close(self) -> None:
        """Let go of the socket."""
        self._line.close()

    def get(self, place: str) -> Bind | None:
        """One variable; ``None``: the agent has none there. Raises Ended."""
        said = self._ask(GET, place)
        return said.binds[0] if said.binds and not said.error and said.binds[0].tag not in EXCEPTIONS else None

    def walk(self, column: str) -> Iterator[Bind]:
        """Each variable below a place, in order. Raises Ended."""
        root = _arcs(column)
        place, rows = root, 0
        tag = GETNEXT if self.door.version == V1 else GETBULK
        while True:
            said = self._ask(tag, ".".join(map(str, place)))
            if said.error == NO_SUCH_NAME or not said.binds:
                return
            if said.error:
                raise Ended("refused")
            for bind in said.binds:
                if bind.tag in EXCEPTIONS or bind.oid[: len(root)] != root:
                    return
                rows += 1
                _check(bind, place, rows)
                place = bind.oid
                yield bind

    def _ask(self, tag: int, place: str) -> Pdu:
        """Ask until an answer comes. Raises Ended."""
        if self.door.version == V3 and not self._security.engine:
            self._introduced()
        for _ in range(TRIES + 2):
            self._number += 1
            time.sleep(self.door.pause)
            said = self._heard(self._sent(tag, place))
            if said is None or said.tag != REPORT:
                break
        if said is None:
            raise Ended("silent")
        if said.tag == REPORT:
            raise Ended("refused")
        return said

    def _introduced(self) -> None:
        self._number += 1
        if self._heard(self._sent(GET, "1.3.6.1.2.1.1.1.0")) is None:
            raise Ended("silent")

    def _sent(self, tag: int, place: str) -> Callable[[], bytes]:
        pdu = asked(tag, self._number, place)
        if self.door.version == V3:
            return lambda: self._security.wrap(self._number, pdu)
        message = plain(self.door.version, self.door.community, pdu)
        return lambda: message

    def _heard(self, message: Callable[[], bytes]) -> Pdu | None:
        """Send until something is heard; anything that is no answer to this question is passed over."""
        for _ in range(TRIES):
            with suppress(OSError):
                self._line.send(message())
            end = time.monotonic() + SECONDS
            while (left := end - time.monotonic()) > 0:
                self.tick()
                if said := self._received(min(left, POLL_SECONDS)):
                    return said
        return None

    def _received(self, seconds: float) -> Pdu | None:
        self._line.settimeout(max(seconds, 0.001))
        try:
            data = self._line.recv(MAX_DATAGRAM)
        except TimeoutError:
            return None
        except OSError as error:
            raise Ended("closed") from error
        with suppress(Garbled):
            return self._secured(data) if self.door.version == V3 else self._in_clear(data)
        return None

    def _in_clear(self, data: bytes) -> Pdu | None:
        version, inner = opened(data)
        said = answered(inner)
        return said if (version, said.request) == (self.door.version, self._number) else None

    def _secured(self, data: bytes) -> Pdu | None:
        """An answer that is signed as it must be; a report presents the engine, or says what it refuses."""
        heard = self._security.open(data)
        if heard.number != self._number:
            return None
        said = answered(heard.pdu)
        if said.tag == REPORT:
            return self._report(said, heard.signed, lambda: self._security.met(heard))
        known = heard.engine == self._security.engine and said.request == self._number
        return said if known and (heard.signed or not self._security.user.digest) else None

    def _report(self, said: Pdu, signed: bool, meet: Callable[[], None]) -> Pdu:  # noqa: FBT001 -- RFC 3414 3.2
        what = said.binds[0].oid[len(STATS)] if said.binds and said.binds[0].oid[: len(STATS)] == STATS else 0
        new = not self._security.engine
        if (new and what == UNKNOWN_ENGINE) or (what == NOT_IN_TIME and (signed or not self._security.user.digest)):
            meet()
            return said
        raise Ended("refused")


def _arcs(place: str) -> Arcs:
    return tuple(map(int, place.split(".")))


def _check(bind: Bind, before: Arcs, rows: int) -> None:
    if bind.oid <= before:
        raise Ended("looping")
    if rows > MAX_ROWS:
        raise Ended("endless")
    if len(bind.value) > MAX_VALUE:
        raise Ended("huge")


__all__ = ["V1", "V2C", "V3", "Door", "Ended", "Session"]
