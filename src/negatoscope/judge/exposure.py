"""What looks from a place saw answer: which of it still stands, and whether the look was whole."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from ipaddress import ip_network

from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.traffic import INTERNET, Reach, Vantage
from negatoscope.model.zones import InternetAccess

LOOK_STANDS = timedelta(days=31)
ALL_PORTS = 65_535


def from_outside(accesses: Seen[InternetAccess], looks: Seen[Vantage], answers: Seen[Reach], now: datetime) -> Said:
    """Look at each public address of the practice as the Internet sees it."""
    for access in accesses.facts:
        if not access.addresses:
            yield Doubt(access.ref, "address_unknown")
        for address in access.addresses or ():
            yield from _looked_at(access, address, looks, now)
    for reach in standing(answers, looks):
        if reach.origin != INTERNET:
            continue
        where = {"address": reach.address, "port": f"{reach.protocol}/{reach.port}"}
        if reach.administers:
            yield Finding(reach.ref, "exposed", {**where, "name": reach.name or "?"})
        elif reach.administers is None:
            yield Doubt(reach.ref, "exposed_unknown", where)


def _looked_at(access: InternetAccess, address: str, looks: Seen[Vantage], now: datetime) -> Iterator[Doubt]:
    """Doubt an address that nobody tried from the Internet, whole and not long ago."""
    whole = [look for look in looks.facts if look.origin == INTERNET and covers(look, address)]
    recent = [look for look in whole if _last(looks, look) >= now - LOOK_STANDS]
    if not whole:
        yield Doubt(access.ref, "never_looked_at", {"address": address})
    elif not recent:
        last = max(_last(looks, look) for look in whole)
        yield Doubt(access.ref, "looked_at_long_ago", {"address": address, "on": f"{last:%Y-%m-%d}"})
    elif not any(look.complete and len(tcp_ports(look.ports or "")) == ALL_PORTS for look in recent):
        yield Doubt(access.ref, "not_all_tried", {"address": address})


def standing(answers: Seen[Reach], looks: Seen[Vantage]) -> Iterator[Reach]:
    """Answers that no later look from the same place, at the same port, failed to hear again."""
    for reach in answers.facts:
        heard = max((source.at for source in answers.sources.get(reach.ref, ())), default=None)
        later = (look for look in looks.facts if look.origin == reach.origin and look.complete)
        if heard is None or not any(_last(looks, look) > heard and _tried(look, reach) for look in later):
            yield reach


def covers(look: Vantage, address: str) -> bool:
    """Whether a look tried all of an address or network."""
    wanted, target = _network(address), _network(look.target)
    return wanted.version == target.version and wanted[0] in target and wanted[-1] in target


def _tried(look: Vantage, reach: Reach) -> bool:
    return reach.protocol == "tcp" and covers(look, reach.address) and reach.port in tcp_ports(look.ports or "")


def _last(looks: Seen[Vantage], look: Vantage) -> datetime:
    return max(source.at for source in looks.sources[look.ref])


@cache
def tcp_ports(ports: str) -> frozenset[int]:
    """The TCP ports of a look's list, which its reader wrote: ``1-1024,8080,U:161``."""
    return frozenset(_numbers(ports.partition("U:")[0].split(",")))


def _numbers(words: Iterable[str]) -> Iterator[int]:
    for word in filter(None, words):
        low, _, high = word.partition("-")
        yield from range(int(low), int(high or low) + 1)


_network = cache(ip_network)
