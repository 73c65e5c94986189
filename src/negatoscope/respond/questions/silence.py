"""What nobody told: hours without a word, networks without an exporter, records lost. Silence is not absence."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from negatoscope.model.traffic import FlowWatch
from negatoscope.respond.questions.answer import Why, Window, why

HOUR = timedelta(hours=1)
QUIET = timedelta(hours=12)
"""A shorter silence is a night's."""
MOST = 20


def silences(code: str, hours: Iterable[datetime], window: Window, most: int = MOST) -> Iterator[Why]:
    """Each time of the window, longer than ``QUIET``, in which nothing was told. ``hours``: those with something."""
    told = sorted(hour for hour in set(hours) if window.since - HOUR < hour < window.until)
    if not told:
        yield why(f"{code}_never", since=stamp(window.since), until=stamp(window.until))
        return
    starts = (window.since, *(hour + HOUR for hour in told))
    ends = (*told, window.until)
    found = [(start, end) for start, end in zip(starts, ends, strict=True) if end - start > QUIET]
    for start, end in sorted(found, key=lambda one: one[0] - one[1])[:most]:
        yield why(f"{code}_silent", since=stamp(start), until=stamp(end))


def unwatched(addresses: Iterable[str], watches: Iterable[FlowWatch], window: Window, *, logged: bool) -> Iterator[Why]:
    """What flow exporters did not see of a host. ``logged``: connections of it were told in logs."""
    every = tuple(watches)
    known = [address for address in addresses if _is_address(address)]
    if not known:
        yield why("no_address")
    for address in known:
        near = [one for one in every if any(_within(address, network) for network in one.networks or ())]
        if not near:
            yield why("no_exporter_but_logs" if logged else "no_exporter", address=address)
        elif not any(_covers(one, window) for one in near):
            yield from (_partly(one) for one in near[:MOST])
    for one in every:
        if one.lost:
            yield why("records_lost", exporter=one.exporter, lost=one.lost, records=one.records)
        if one.sampled is not None and one.sampled > 1:
            yield why("packets_skipped", exporter=one.exporter, rate=one.sampled)


def _covers(one: FlowWatch, window: Window) -> bool:
    return (
        one.first is not None and one.last is not None and one.first <= window.since and one.last >= window.until - HOUR
    )


def _partly(one: FlowWatch) -> Why:
    if one.first is None or one.last is None:
        return why("exporter_undated", exporter=one.exporter)
    return why("exporter_partly", exporter=one.exporter, since=stamp(one.first), until=stamp(one.last))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False


def stamp(at: datetime) -> str:
    """An instant as a value: ISO 8601 with its offset."""
    return at.isoformat(timespec="seconds")
