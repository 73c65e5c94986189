"""Many who send, one who writes: what came while the disk was busy is settled at once, then acknowledged."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.spool import Full, Spool

MOST_WAITING = 16 * 1024 * 1024
"""Octets from which on senders are asked to wait."""
MOST_AT_ONCE = 8 * 1024 * 1024
"""Octets that one fsync settles, more only where one sender gave more."""
OVERHEAD = 400
"""Octets that a record costs besides its own."""


class Outcome(StrEnum):
    """What became of records."""

    KEPT = "kept"
    FULL = "spool_full"
    FAILED = "disk_failed"


Told = Callable[[Outcome, frozenset[int]], None]
"""Is told the outcome, and the places of records that were kept already; by the thread that writes."""


@dataclass(frozen=True, slots=True)
class _Offer:
    raws: Sequence[Raw]
    octets: int
    told: Told


class Committer:
    """The thread that writes a spool, and those who wait for it."""

    def __init__(self, spool: Spool, counters: Counters) -> None:
        """Begin."""
        self.counters = counters
        self._spool = spool
        self._offers: list[_Offer] = []
        self._waiting = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="spool")
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether so much waits that nobody should send more."""
        return self._waiting >= MOST_WAITING

    def offer(self, raws: Sequence[Raw], told: Told) -> None:
        """Have records kept, all or none; the caller is told once they are on the disk."""
        offer = _Offer(raws, sum(len(raw.data) + OVERHEAD for raw in raws), told)
        with self._changed:
            self._offers.append(offer)
            self._waiting += offer.octets
            self._changed.notify()

    def close(self) -> None:
        """Write what waits, then end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        self._spool.close()

    def _work(self) -> None:
        while offers := self._wanted():
            self._commit(offers)

    def _wanted(self) -> list[_Offer]:
        """What to write next; nothing: it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._offers or self._closing)
            taken, octets = 0, 0
            while taken < len(self._offers) and octets < MOST_AT_ONCE:
                octets += self._offers[taken].octets
                taken += 1
            offers, self._offers = self._offers[:taken], self._offers[taken:]
        return offers

    def _commit(self, offers: list[_Offer]) -> None:
        outcome, already = Outcome.KEPT, frozenset[int]()
        try:
            already = self._spool.append([raw for offer in offers for raw in offer.raws])
        except Full:
            outcome = Outcome.FULL
        except OSError:
            outcome = Outcome.FAILED
        with self._changed:
            self._waiting -= sum(offer.octets for offer in offers)
        begin = 0
        for offer in offers:
            mine = (
                frozenset(one - begin for one in already if begin <= one < begin + len(offer.raws))
                if already
                else already
            )
            begin += len(offer.raws)
            if outcome is Outcome.KEPT:
                self._count(offer.raws, mine)
            offer.told(outcome, mine)

    def _count(self, raws: Sequence[Raw], already: frozenset[int]) -> None:
        sizes: dict[str, list[int]] = {}
        for place, raw in enumerate(raws):
            if not raw.lasting:
                continue
            if place in already:
                self.counters.lost(raw.sender, raw.came, "duplicate")
                continue
            sizes.setdefault(raw.sender, []).append(len(raw.data))
            if raw.size is not None:
                self.counters.lost(raw.sender, raw.came, "cut")
        for sender, told in sizes.items():
            self.counters.kept(sender, raws[0].came, told)
