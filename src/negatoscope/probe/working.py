"""Looks under way, each in its own process; what becomes of an order is always a parcel, unless it was called off."""

import json
import os
import select
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import msgspec

from negatoscope.kit.clock import Clock
from negatoscope.model.evidence import Gap
from negatoscope.probe import looking
from negatoscope.probe.begun import Begun
from negatoscope.probe.home import Home
from negatoscope.probe.looking import COLLECTORS, Said, Told
from negatoscope.probe.messages import Order
from negatoscope.probe.spool import Spool

AT_ONCE = 2
GRACE_SECONDS = 120.0
"""After its own limit, a look that does not end is ended."""
PATIENCE_SECONDS = 10.0
"""For a look that has said all to leave."""
MOST_QUEUED = 4
MOST_TRIES = 3
MAX_TARGET = 500
MAX_SETTINGS = 2 * 1024 * 1024


@dataclass
class Running:
    """A look under way."""

    order: Order
    child: "subprocess.Popen[bytes]"
    body: Path
    stack: ExitStack
    ends: float
    done: int = 0
    total: int = 0
    said: Said = field(default_factory=Said)
    rest: bytes = b""
    told_at: float = 0.0
    """When the console last heard of it."""

    def hear(self) -> bool:
        """Read what the look says; returns whether it still goes on."""
        out: IO[bytes] | None = self.child.stdout
        while out and select.select([out], [], [], 0)[0]:
            chunk = os.read(out.fileno(), 65536)
            if not chunk:
                return False
            *lines, self.rest = (self.rest + chunk).split(b"\n")
            for line in lines:
                self._heard(line)
        return True

    def _heard(self, line: bytes) -> None:
        said = msgspec.json.decode(line, type=Said)
        if said.sealed or said.crash:
            self.said = said
        else:
            self.done, self.total = said.done, said.total

    def end(self, patience: float = 0.0) -> int:
        """End it, whatever it does, after so many seconds; returns its exit status."""
        try:
            self.child.wait(patience)
        except subprocess.TimeoutExpired:
            self.child.kill()
        if self.child.stdout:
            self.child.stdout.close()
        return self.child.wait()


class Work:
    """The orders of one probe. Every path out of it leaves either a parcel or a note that there was no room."""

    def __init__(self, home: Home, spool: Spool, now: Clock) -> None:
        """Nothing runs yet."""
        self._home = home
        self._spool = spool
        self._now = now
        self.begun = Begun(home.folder / "orders.json")
        self._recipients = home.identity().recipients
        self.running: list[Running] = []
        self.queue: list[Order] = []
        """Orders that wait for a look of the same collector to end: in memory only."""

    def holds(self) -> list[int]:
        """Orders under way, queued, or in a parcel that waits."""
        waiting = {one.number for one in self._spool.waiting()}
        here = {one.order.number for one in self.running} | {one.number for one in self.queue}
        return sorted(here | set(self.begun.held(waiting)))

    def sealed(self, order: int) -> bool:
        """Whether it has become a parcel, delivered or not."""
        return self.begun.sealed(order)

    def full(self) -> bool:
        """Whether there is no room for what another look would bring; noted, to be told in the next parcel."""
        full = self._spool.full()
        if full and self._home.state().full_since is None:
            self._note_full()
        return full

    def _note_full(self) -> None:
        with suppress(OSError):  # no room even for that: the next try will say it
            self._home.note(msgspec.structs.replace(self._home.state(), full_since=self._now()))

    def begin(self, offset: float = 0.0) -> list[int]:
        """Begin what may begin, a look of each collector at a time, or seal why not; returns the orders' numbers.

        ``offset``: the console's clock less ours, seconds.
        """
        begun = list[int]()
        for order in list(self.queue):
            busy = {one.order.collector for one in self.running}
            if self.full() or len(self.running) >= AT_ONCE:
                break
            if order.collector not in busy:
                self.queue.remove(order)
                begun.append(order.number)
                self._take(order, offset)
        return begun

    def _take(self, order: Order, offset: float) -> None:
        if why := self._refusal(order, offset):
            self._refuse(order, why)
            return
        self.begun.begin(order.number)
        stack = ExitStack()
        body = stack.enter_context(self._spool.place())
        child = subprocess.Popen(  # noqa: S603 -- our own module; what is looked at goes by standard input
            [sys.executable, "-m", "negatoscope", "probe", "look", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        told = Told(order, self._recipients, str(body), self._own_gaps())
        ends = time.monotonic() + order.minutes * 60 + GRACE_SECONDS
        self.running.append(Running(order, child, body, stack, ends))
        _hand(child, msgspec.json.encode(told))

    def _own_gaps(self) -> tuple[Gap, ...]:
        since = self._home.state().full_since
        if since is None:
            return ()
        return (Gap("Host", "probe_full", None, {"since": since.isoformat(), "until": self._now().isoformat()}),)

    def _refusal(self, order: Order, offset: float) -> str:
        """Why an order is not begun: empty if it is. Late by either clock is late: a consent may have ended."""
        now = self._now().timestamp()
        if order.until.timestamp() < max(now, now + offset):
            return "order_late"
        if order.collector not in COLLECTORS:
            return "collector_unknown"
        tries = self.begun.tries(order.number)
        if tries >= MOST_TRIES or (tries and COLLECTORS[order.collector].announces):
            return "probe_interrupted"
        return ""

    def _refuse(self, order: Order, why: str, **values: str) -> None:
        """Seal an empty capture that says why. Where there is no room even for that, the order waits at the console."""
        told = msgspec.structs.replace(order, settings={}, target=order.target[:MAX_TARGET])
        try:
            with self._spool.place() as body:
                sealed = looking.look(
                    Told(told, self._recipients, str(body), self._own_gaps(), why, values), self._now, _silent
                )
                self.begun.end(order.number, self._spool.keep(body, sealed, self._now))
        except OSError:
            self._note_full()
            return
        self._told()

    def _told(self) -> None:
        """What was to be told of a full spool stands in a parcel now."""
        if self._home.state().full_since and not self._spool.full():
            self._home.note(msgspec.structs.replace(self._home.state(), full_since=None))

    def follow(self) -> list[int]:
        """Hear every look, keep what is whole; returns the numbers of new parcels."""
        before = self._spool.last
        self.running = [one for one in self.running if self._goes_on(one)]
        return list(range(before + 1, self._spool.last + 1))

    def _goes_on(self, one: Running) -> bool:
        goes_on = one.hear()
        late = time.monotonic() > one.ends
        if goes_on and not late:
            return True
        status = one.end(0 if late else PATIENCE_SECONDS)
        with one.stack:
            if one.said.sealed:
                self._keep(one)
            elif status == looking.FULL:
                self._refuse(one.order, "probe_full")
            else:
                self._refuse(one.order, "time_limit" if late else "probe_failed", error=one.said.crash)
        return False

    def _keep(self, one: Running) -> None:
        assert one.said.sealed is not None  # noqa: S101 -- the caller looked
        try:
            number = self._spool.keep(one.body, one.said.sealed, self._now)
        except OSError:
            self._note_full()
            return
        self.begun.end(one.order.number, number)
        self._told()

    def call_off(self, one: Running) -> None:
        """Somebody asked it to stop: nothing of it is kept."""
        one.end()
        one.stack.close()
        self.begun.drop(one.order.number)
        self.running.remove(one)

    def stop(self) -> None:
        """The probe stops: its looks end with it, and what they had sealed so far opens nowhere."""
        for one in self.running:
            one.end()
            one.stack.close()
        self.running, self.queue = [], []


def _silent(_done: int, _total: int) -> None:
    """Nobody waits for it."""


def _hand(child: "subprocess.Popen[bytes]", told: bytes) -> None:
    try:
        if child.stdin:
            child.stdin.write(told)
            child.stdin.close()
    except BrokenPipeError:
        return  # it is gone, and ``follow`` says so


def sound(order: Order) -> bool:
    """Whether an order has the size and shape of one; else it is nonsense, and not begun."""
    settings = len(json.dumps(order.settings, default=str))
    plain = 0 < order.number < 1 << 53 and 0 < order.minutes <= 24 * 60 and order.until.tzinfo is not None
    return plain and len(order.target) <= MAX_TARGET and settings <= MAX_SETTINGS and len(order.collector) <= 40  # noqa: PLR2004 -- letters
