"""By which way it may have come, and where it may have gone: paths that respect time.

An exchange can carry something on only after it arrived. Of each exchange we know a span, from its first to its last
instant: what reached its source by the last instant may have passed, at the earliest at the later of its first instant
and the arrival. What is told is what is possible, never what is proven.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush

from negatoscope.model.evidence import Ref
from negatoscope.respond.questions.answer import Answer, Read, Why, Window

MOST = 500


@dataclass(frozen=True, slots=True)
class Span:
    """Exchanges between two hosts by a service that can command or copy; the source began."""

    source: Ref
    target: Ref
    first: datetime
    last: datetime
    protocol: str | None = None
    port: int | None = None
    habitual: bool | None = None
    """The two were already heard before the window; ``None``: nobody knows."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a path: when it may have passed at the earliest, or must have passed at the latest."""

    span: Span
    at: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """A host to which it may have gone, or from which it may have come."""

    host: Ref
    back: bool
    """It may have come from there."""
    at: datetime
    """The earliest arrival there; going back, the latest departure from there."""
    path: tuple[Leg, ...]
    """In the order of time."""

    @property
    def unusual(self) -> bool:
        """A step of it joins two hosts that were not heard together before."""
        return any(leg.span.habitual is False for leg in self.path)


def onwards(start: Ref, since: datetime, spans: Iterable[Span]) -> dict[Ref, Passage]:
    """Every host that something on ``start`` since an instant may have reached, by the path that arrives first."""
    leaving: defaultdict[Ref, list[Span]] = defaultdict(list)
    for span in spans:
        leaving[span.source].append(span)
    arrived: dict[Ref, tuple[datetime, Leg | None]] = {start: (since, None)}
    waiting = [(since, start)]
    done: set[Ref] = set()
    while waiting:
        at, here = heappop(waiting)
        if here in done:
            continue
        done.add(here)
        for span in leaving[here]:
            then = max(span.first, at)
            known = arrived.get(span.target)
            if span.last >= at and (known is None or then < known[0]):
                arrived[span.target] = (then, Leg(span, then))
                heappush(waiting, (then, span.target))
    return {
        ref: Passage(ref, back=False, at=at, path=_forth(ref, arrived)) for ref, (at, leg) in arrived.items() if leg
    }


def _forth(ref: Ref, arrived: Mapping[Ref, tuple[datetime, Leg | None]]) -> tuple[Leg, ...]:
    legs: list[Leg] = []
    while (leg := arrived[ref][1]) is not None:
        legs.append(leg)
        ref = leg.span.source
    return tuple(reversed(legs))


def backwards(end: Ref, until: datetime, spans: Iterable[Span]) -> dict[Ref, Passage]:
    """Every host from which something on ``end`` by an instant may have come, by the path that leaves last.

    The same as ``onwards`` with time turned round: the latest departure takes the place of the earliest arrival.
    """
    entering: defaultdict[Ref, list[Span]] = defaultdict(list)
    for span in spans:
        entering[span.target].append(span)
    left: dict[Ref, tuple[datetime, Leg | None]] = {end: (until, None)}
    waiting = [(-until.timestamp(), end)]
    done: set[Ref] = set()
    while waiting:
        _, here = heappop(waiting)
        if here in done:
            continue
        done.add(here)
        by = left[here][0]
        for span in entering[here]:
            then = min(span.last, by)
            known = left.get(span.source)
            if span.first <= by and (known is None or then > known[0]):
                left[span.source] = (then, Leg(span, then))
                heappush(waiting, (-then.timestamp(), span.source))
    return {ref: Passage(ref, back=True, at=at, path=_back(ref, left)) for ref, (at, leg) in left.items() if leg}


def _back(ref: Ref, left: Mapping[Ref, tuple[datetime, Leg | None]]) -> tuple[Leg, ...]:
    legs: list[Leg] = []
    while (leg := left[ref][1]) is not None:
        legs.append(leg)
        ref = leg.span.target
    return tuple(legs)


def spread(
    host: Ref, window: Window, spans: Iterable[Span], read: Iterable[Read], blind: Iterable[Why]
) -> Answer[Passage]:
    """Where it may have come from by the first sign, and gone since the window's start.

    When it arrived is not known: onwards counts from the window's start, so that nobody is forgotten. Unusual paths
    come first, then short ones.
    """
    every = tuple(spans)
    back = backwards(host, window.sign, every).values()
    forth = onwards(host, window.since, every).values()
    ranked = sorted((*back, *forth), key=lambda one: (not one.unusual, len(one.path), one.at, one.host, one.back))
    return Answer(tuple(ranked[:MOST]), tuple(read), tuple(blind), max(0, len(ranked) - MOST))
