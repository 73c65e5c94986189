"""Many TCP connections at a time, at a pace: which ports open. The standard library alone, to run anywhere."""

import errno
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

AT_ONCE = 256
WAIT = 2.5
"""Seconds in which a port opens or does not; the kernel asks a second time after one."""
POLL = 0.05
_OPENING = frozenset({errno.EINPROGRESS, errno.EAGAIN, errno.EWOULDBLOCK})

Place = tuple[str, int]


@dataclass
class Tally:
    """How many ports answered that they are shut, and how many kept silent."""

    tried: int = 0
    shut: int = 0
    silent: int = 0
    unsent: int = 0
    """How many this machine could not ask: no way there, or its own firewall. Their silence is nobody's."""


@dataclass(frozen=True)
class Pace:
    """Connections a second at most, and how long each may take."""

    per_second: int = 200
    wait: float = WAIT


def knock(places: Iterator[Place], pace: Pace, tally: Tally, tick: Callable[[], None]) -> Iterator[Place]:
    """Give the ports that open. ``tick`` is called while waiting, and may raise: nothing stays open after that."""
    waiting: dict[socket.socket, tuple[Place, float]] = {}
    began, left = time.monotonic(), True
    with selectors.DefaultSelector() as selector:
        try:
            while left or waiting:
                tick()
                due = int((time.monotonic() - began) * pace.per_second) + 1 - tally.tried
                while left and due > 0 and len(waiting) < AT_ONCE:
                    place = next(places, None)
                    left, due = place is not None, due - 1
                    if place is not None:
                        tally.tried += 1
                        _begin(place, selector, waiting, tally, pace.wait)
                yield from _ended(selector, waiting, tally)
        finally:
            for line in waiting:
                line.close()


def _begin(
    place: Place,
    selector: selectors.BaseSelector,
    waiting: dict[socket.socket, tuple[Place, float]],
    tally: Tally,
    wait: float,
) -> None:
    line = socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET)
    line.setblocking(False)  # noqa: FBT003 -- the library's own
    code = line.connect_ex(place)
    if code and code not in _OPENING:
        line.close()
        if code == errno.ECONNREFUSED:
            tally.shut += 1
        else:
            tally.unsent += 1
        return
    waiting[line] = (place, time.monotonic() + wait)
    selector.register(line, selectors.EVENT_WRITE)


def _ended(
    selector: selectors.BaseSelector, waiting: dict[socket.socket, tuple[Place, float]], tally: Tally
) -> Iterator[Place]:
    ready = {key.fileobj for key, _ in selector.select(POLL)}
    now = time.monotonic()
    for line, (place, until) in list(waiting.items()):
        if line not in ready and now < until:
            continue
        code = _outcome(line) if line in ready else errno.ETIMEDOUT
        selector.unregister(line)
        with suppress(OSError):
            line.close()
        del waiting[line]
        if code == 0:
            yield place
        else:
            _count(code, tally)


def _outcome(line: socket.socket) -> int:
    """What became of a connection; one that met itself, as happens on one's own addresses, found nobody."""
    code = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    with suppress(OSError):
        if not code and line.getsockname() == line.getpeername():
            return errno.ECONNREFUSED
    return code


def _count(code: int, tally: Tally) -> None:
    if code == errno.ECONNREFUSED:
        tally.shut += 1
    else:
        tally.silent += 1
