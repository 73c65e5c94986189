"""With whom a host exchanged: who began, how much, by which service, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from negatoscope.model.evidence import Ref
from negatoscope.respond.questions.answer import Answer, Read, Why

MOST = 5000
"""Exchanges told of at most."""


class Way(StrEnum):
    """Who began."""

    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Exchange:
    """All that was exchanged with one other end by one service, as one teller has it, or several."""

    way: Way
    peer: str
    """Address or name of the other end; ``internet``: all addresses outside together."""
    host: Ref | None
    """The other end in the register."""
    outside: bool
    protocol: str | None
    port: int | None
    sent: int | None
    """Bytes that the host asked about sent; ``None``: nobody counted."""
    received: int | None
    count: int | None
    failed: int
    """Attempts among them that were refused."""
    first: datetime
    last: datetime
    told_by: tuple[str, ...]
    """``events``, ``flows``."""


def talk(
    exchanges: Iterable[Exchange], read: Iterable[Read], blind: Iterable[Why], most: int = MOST
) -> Answer[Exchange]:
    """Make one of what several tell of the same exchange; outside first, then by bytes that left."""
    joined: dict[tuple[object, ...], Exchange] = {}
    for one in exchanges:
        key = (one.way, one.host or one.peer, one.protocol, one.port)
        joined[key] = _joined(joined[key], one) if key in joined else one
    ranked = sorted(joined.values(), key=_rank)
    return Answer(tuple(ranked[:most]), tuple(read), tuple(blind), max(0, len(ranked) - most))


def _rank(one: Exchange) -> tuple[object, ...]:
    return (not one.outside, -(one.sent or 0), -(one.received or 0), one.first, one.peer, one.port or 0, one.way)


def _joined(one: Exchange, other: Exchange) -> Exchange:
    """Two tellers counted the same bytes: the larger count stands, never the sum. One teller's parts are added."""
    count = _added if one.told_by == other.told_by else _larger
    return replace(
        one,
        sent=count(one.sent, other.sent),
        received=count(one.received, other.received),
        count=count(one.count, other.count),
        failed=count(one.failed, other.failed) or 0,
        outside=one.outside or other.outside,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        told_by=tuple(sorted({*one.told_by, *other.told_by})),
    )


def _added(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)


def _larger(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else max(one or 0, other or 0)
