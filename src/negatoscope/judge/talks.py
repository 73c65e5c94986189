"""What flows prove: who was seen to talk, and whether anybody watched well enough for silence to mean something."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from negatoscope.judge.shapes import AHEAD, not_ahead, unread
from negatoscope.model.evidence import Fact, Ref, Seen
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt
from negatoscope.model.traffic import Conversation, FlowWatch

LOST_AT_MOST = 0.01
"""Share of the records that may be lost before silence proves nothing."""


def borne(hosts: Iterable[Host]) -> Mapping[str, frozenset[Ref]]:
    """Each address and the hosts that bear it."""
    found: defaultdict[str, set[Ref]] = defaultdict(set)
    for host in hosts:
        for address in host.addresses or ():
            found[address].add(host.ref)
    return {address: frozenset(refs) for address, refs in found.items()}


def ends(hosts: Iterable[Host]) -> Mapping[str, Ref]:
    """Each address and the one host that bears it; an address of two hosts is nobody's."""
    return {address: min(refs) for address, refs in borne(hosts).items() if len(refs) == 1}


def outside(address: str, blocks: Container[str]) -> bool:
    """Whether an address is of the Internet: public, and in no block (``blocks_of``) where a host of ours stands."""
    try:
        public = ip_address(address).is_global
    except ValueError:
        return True
    return public and _block(address) not in blocks


def blocks_of(hosts: Iterable[Host]) -> frozenset[str]:
    """The blocks of addresses in which hosts stand."""
    return frozenset(_block(address) for host in hosts for address in host.addresses or ())


def recent(talks: Seen[Conversation], now: datetime, fresh: timedelta) -> Iterator[Conversation]:
    """Those that went on lately; one that bears no date, or one to come, is as old as the look that told of it."""
    yield from (talk for talk in talks.facts if now - (_dated(talk, now) or _told(talks, talk, now)) <= fresh)


def unwatched(
    hosts: Iterable[Host], watches: Seen[FlowWatch], talks: Seen[Conversation], now: datetime, fresh: timedelta
) -> Iterator[Doubt]:
    """Doubt where nobody listened without a break, whole and to this day, and each host never heard to talk."""
    for watch in _delivered(watches, now, fresh):
        if watch.last is not None:
            yield from not_ahead(watch.ref, "last", watch.last, now)
    lately = _lately(watches, now, fresh)
    if not lately:
        yield Doubt("practice", "nobody_watches")
        return
    for watch in lately:
        yield from badly(watch)
        yield from _briefly(watch, now, fresh)
    yield from _blind(talks, now, fresh)
    heard = set(_heard(talks, now, fresh))
    for host in hosts:
        if heard.isdisjoint(host.addresses or ()):
            yield Doubt(host.ref, "never_heard")


def unheard_within(
    hosts: Iterable[Host], watches: Seen[FlowWatch], talks: Seen[Conversation], now: datetime, fresh: timedelta
) -> Iterator[Doubt]:
    """Doubt blocks of addresses in which no two hosts were heard: an exporter on a router hears only what leaves them.

    Talks with the exporter's own host are heard everywhere and show nothing.
    """
    lately, bearers = _lately(watches, now, fresh), ends(hosts)
    exporters = {bearers.get(watch.exporter) for watch in lately}
    standing: defaultdict[str, set[Ref]] = defaultdict(set)
    for address, ref in bearers.items():
        if ref not in exporters:
            standing[_block(address)].add(ref)
    heard = {
        _block(talk.source)
        for talk in recent(talks, now, fresh)
        if _block(talk.source) == _block(talk.target)
        and {bearers.get(talk.source), bearers.get(talk.target)}.isdisjoint({None, *exporters})
    }
    for block, refs in sorted(standing.items()) if lately else ():
        if len(refs) > 1 and block not in heard:
            yield Doubt("practice", "unheard_within", {"network": block})


def _block(address: str) -> str:
    """The 256 addresses (IPv6: /64) around one, as exporters' networks are told; what is no address stands alone."""
    try:
        return str(ip_network(f"{address}/{64 if ':' in address else 24}", strict=False))
    except ValueError:
        return address


def _delivered(watches: Seen[FlowWatch], now: datetime, fresh: timedelta) -> list[FlowWatch]:
    return [watch for watch in watches.facts if now - _told(watches, watch, now) <= fresh]


def _lately(watches: Seen[FlowWatch], now: datetime, fresh: timedelta) -> list[FlowWatch]:
    """Those that told something lately, by a clock that may be believed."""
    told = _delivered(watches, now, fresh)
    return [watch for watch in told if watch.last is not None and -AHEAD <= now - watch.last <= fresh]


def _dated(talk: Conversation, now: datetime) -> datetime | None:
    """When it was last heard, by a clock that may be believed."""
    return talk.last if talk.last is not None and talk.last <= now + AHEAD else None


def _told(seen: Seen[Any], fact: Fact, now: datetime) -> datetime:
    return max((source.at for source in seen.sources.get(fact.ref, ())), default=now)


def _heard(talks: Seen[Conversation], now: datetime, fresh: timedelta) -> Iterator[str]:
    """Addresses that said something lately: who only was knocked at may stand where nobody listens."""
    for talk in talks.facts:
        at = _dated(talk, now)
        if at is not None and now - at <= fresh:
            yield talk.source
            if talk.answered:
                yield talk.target


def _briefly(watch: FlowWatch, now: datetime, fresh: timedelta) -> Iterator[Doubt]:
    """Silence counts from when somebody listened without a break to when something was last heard."""
    if watch.first is None:
        yield unread(watch.ref, "listened_since")
    elif min(watch.last or now, now) - watch.first < fresh:
        yield Doubt(watch.ref, "watched_since", {"on": f"{watch.first:%Y-%m-%d}", "days": fresh.days})


def _blind(talks: Seen[Conversation], now: datetime, fresh: timedelta) -> Iterator[Doubt]:
    """What exporters sent and nobody could read."""
    for blind in talks.gaps:
        if now - blind.source.at <= fresh:
            yield Doubt("practice", "gap", {**blind.gap.values, "kind": "Conversation", "why": blind.gap.why})


def badly(watch: FlowWatch) -> Iterator[Doubt]:
    """What keeps the silence of an exporter from proving anything, whenever it was heard."""
    if watch.lost is None or watch.records is None:
        yield unread(watch.ref, "lost")
    elif watch.lost > LOST_AT_MOST * watch.records:
        yield Doubt(watch.ref, "records_lost", {"lost": watch.lost, "records": watch.records})
    if watch.sampled is None:
        yield unread(watch.ref, "sampled")
    elif watch.sampled > 1:
        yield Doubt(watch.ref, "packets_skipped", {"rate": watch.sampled})
