"""The probe at work: it asks what to look at, looks, and delivers; two threads, so that neither waits for the other."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import msgspec

from negatoscope.kit.clock import Clock
from negatoscope.probe import link as links
from negatoscope.probe import messages
from negatoscope.probe.delivering import deliver
from negatoscope.probe.home import Home, State, Trouble
from negatoscope.probe.link import Answered, Ask, Link, NoLink
from negatoscope.probe.messages import Heard, Order, Progress
from negatoscope.probe.spool import Spool
from negatoscope.probe.working import MOST_QUEUED, Running, Work, sound

TICK_SECONDS = 0.1
PROGRESS_SECONDS = 5.0
ONCE_SECONDS = 0.5
LONGEST_WAIT = 300.0
STOP_SECONDS = 15.0
"""For a piece of a parcel under way when the probe is told to stop."""
REFUSED_SECONDS = 3600.0
"""After which a parcel that was refused is offered again."""
NOTED_SECONDS = 30.0
"""How often the last contact is written down."""

Tell = Callable[..., object]
"""Called with a code of ``words.toml`` and its values."""


@dataclass
class Rhythm:
    """When to try next: at once, then later and later while nothing answers; never all probes at the same instant."""

    every: float
    failures: int = 0
    due: float = 0.0

    def done(self) -> None:
        """It went well."""
        self.failures = 0
        self.due = time.monotonic() + self.every * random.uniform(0.8, 1.2)  # noqa: S311 -- spreads the load

    def failed(self) -> None:
        """It did not."""
        self.failures += 1
        wait = min(self.every * 2 ** min(self.failures, 10), max(LONGEST_WAIT, self.every))
        self.due = time.monotonic() + wait * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads the load

    def soon(self) -> None:
        """Something new is there to be done."""
        if not self.failures:
            self.due = 0.0

    @property
    def now(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self.due


@dataclass
class Probe:
    """What both threads share. ``turn``: held while the spool or the looks are touched."""

    home: Home
    spool: Spool
    work: Work
    now: Clock
    tell: Tell
    every: float = 15.0
    turn: threading.RLock = field(default_factory=threading.RLock)
    stopping: threading.Event = field(default_factory=threading.Event)
    refused: dict[int, float] = field(default_factory=dict)
    """Parcels that the console would not have, and when."""
    ended: Trouble | None = None
    """Why there is nothing more to do: the console does not know this probe any more, or its folder is damaged."""
    fresh: threading.Event = field(default_factory=threading.Event)
    """A parcel was sealed since the last delivery."""

    def link(self) -> Link:
        """A connection as this probe."""
        return Link(self.home.identity().console, links.own(self.home), self.now)

    def note(self, **changes: object) -> None:
        """Write down how things stand. A full disk is no reason to stop."""
        with self.turn:
            state = self.home.state()
            new: State = msgspec.structs.replace(state, **changes)
            if new != state:
                try:
                    self.home.note(new)
                except OSError:
                    self.tell("disk_full")


def run(probe: Probe) -> None:
    """Work until asked to stop. Raises Trouble (``probe_revoked``)."""
    carrier = threading.Thread(target=_carry, args=(probe,), daemon=True)
    carrier.start()
    try:
        _look(probe)
    finally:
        probe.stopping.set()
        probe.work.stop()
        carrier.join(STOP_SECONDS)
    if probe.ended:
        raise probe.ended


def once(probe: Probe) -> int:
    """Take every order that waits, carry them out, deliver; returns how many parcels still wait. Raises NoLink."""
    link = probe.link()
    try:
        _deliver(probe, link)
        while _ask(probe, link) or probe.work.running or probe.work.queue:
            _follow(probe, link, ONCE_SECONDS)
            if probe.work.full() and not probe.work.running:
                break
            time.sleep(ONCE_SECONDS / 5)
        _deliver(probe, link)
    finally:
        probe.work.stop()
        link.close()
    return len(probe.spool.waiting())


def by_task(probe: Probe, orders: tuple[Order, ...]) -> int:
    """Carry out the orders of a task, each once; returns how many became parcels now."""
    before, work = probe.spool.last, probe.work
    work.queue = [one for one in orders if sound(one) and not work.sealed(one.number)]
    try:
        while work.queue or work.running:
            _begin(probe, 0.0)
            work.follow()
            if not work.running and work.full():
                probe.tell("spool_full")
                break
            time.sleep(TICK_SECONDS)
    finally:
        work.stop()
    return probe.spool.last - before


def _look(probe: Probe) -> None:
    """The thread of orders."""
    rhythm = Rhythm(probe.every)
    with closing(probe.link()) as link:
        while not probe.stopping.is_set():
            try:
                _round(probe, link, rhythm)
            except NoLink as error:
                _lost(probe, rhythm, error)
            except Answered as error:
                if error.problem == messages.REVOKED:
                    _stop(probe, Trouble(messages.REVOKED))
                _lost(probe, rhythm, NoLink(error.problem))
            except OSError:  # the link's own are NoLink
                probe.tell("disk_full")
                rhythm.failed()
            probe.stopping.wait(TICK_SECONDS)


def _round(probe: Probe, link: Link, rhythm: Rhythm) -> None:
    """Hear the looks, and ask for orders when it is time. Raises NoLink, Answered, OSError."""
    _follow(probe, link)
    if not rhythm.now:
        return
    taken = _ask(probe, link)
    if rhythm.failures:
        probe.tell("link_back")
    if rhythm.failures or not taken:
        rhythm.done()


def _stop(probe: Probe, why: Trouble) -> None:
    probe.note(trouble=why.why)
    probe.ended = why
    probe.stopping.set()


def _lost(probe: Probe, rhythm: Rhythm, error: NoLink) -> None:
    if not rhythm.failures:
        probe.tell("no_link", why=error.why)
    rhythm.failed()
    probe.note(trouble=error.why)


def _ask(probe: Probe, link: Link) -> bool:
    """Ask for one order, and queue it; returns whether there was one. Raises NoLink, Answered."""
    with probe.turn:
        full, holds, many = probe.work.full(), probe.work.holds(), len(probe.work.queue)
    if many >= MOST_QUEUED:
        return False
    headers = {messages.HOLDS: ",".join(map(str, holds))}
    if full:
        headers[messages.FULL] = messages.WHOLE
    answer = link.ask(Ask("GET", messages.ORDER_PATH, headers=headers))
    _contact(probe, link)
    if not answer.body or full:
        return False
    order = answer.read(Order)
    if not sound(order):
        raise NoLink("not_understood")
    with probe.turn:
        if order.number in holds:
            return False
        probe.work.queue.append(order)
        _begin(probe, link.offset or 0.0)
    return True


def _begin(probe: Probe, offset: float) -> None:
    """Begin what waits for its turn."""
    for number in probe.work.begin(offset):
        probe.tell("order_begun", number=number)


def _contact(probe: Probe, link: Link) -> None:
    last = probe.home.state()
    now = probe.now()
    if last.trouble or last.contact is None or abs((now - last.contact).total_seconds()) > NOTED_SECONDS:
        probe.note(contact=now, offset=link.offset, trouble="")


def _follow(probe: Probe, link: Link, every: float = PROGRESS_SECONDS) -> None:
    """Hear the looks, tell the console how far they are, end those that it calls off. Raises NoLink, Answered."""
    with probe.turn:
        for number in probe.work.follow():
            probe.tell("sealed", number=number)
            probe.fresh.set()
        _begin(probe, link.offset or 0.0)
        running = list(probe.work.running)
    for one in running:
        if time.monotonic() - one.told_at >= every:
            one.told_at = time.monotonic()
            _progress(probe, link, one)


def _progress(probe: Probe, link: Link, one: Running) -> None:
    body = msgspec.json.encode(Progress(one.done, one.total))
    headers = {"Content-Type": "application/json"}
    answer = link.ask(Ask("POST", f"{messages.ORDER_PATH}/{one.order.number}", body, headers))
    _contact(probe, link)
    if answer.read(Heard).cancelled:
        with probe.turn:
            if one in probe.work.running:
                probe.tell("called_off", number=one.order.number)
                probe.work.call_off(one)


def _carry(probe: Probe) -> None:
    """The thread of deliveries."""
    rhythm = Rhythm(probe.every * 4)
    with closing(probe.link()) as link:
        while not probe.stopping.is_set():
            if probe.fresh.is_set():
                probe.fresh.clear()
                rhythm.soon()
            if rhythm.now:
                try:
                    _deliver(probe, link)
                    rhythm.done()
                except NoLink as error:
                    _lost(probe, rhythm, error)
                except Trouble as error:
                    _stop(probe, error)
                except OSError:
                    probe.tell("disk_full")
                    rhythm.failed()
            probe.stopping.wait(TICK_SECONDS)


def _deliver(probe: Probe, link: Link) -> None:
    """Deliver what waits. Raises NoLink, Trouble."""
    with probe.turn:
        again = {number for number, at in probe.refused.items() if time.monotonic() < at + REFUSED_SECONDS}
        waiting = [one for one in probe.spool.waiting() if one.number not in again]

    def told(number: int) -> None:
        probe.tell("delivered", number=number)
        probe.note(delivered=probe.now(), offset=link.offset)

    done = deliver(probe.spool, link, waiting, told)
    for number, why in done.refused:
        probe.refused[number] = time.monotonic()
        probe.tell("parcel_not_taken", number=number, why=why)
        probe.note(trouble=why)
