"""On whom ``defaults`` may try a log-in, and how few: a class that somebody allowed, once a day, never a modality."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.model.administration import log_in_by, of_page, product_in
from negatoscope.model.defaults import LEFT_ALONE, NO_LOG_IN, UNRECOGNISED
from negatoscope.model.hosts import HostClass
from negatoscope.observe.collector import Bounds, Collector, Earlier, Known, Look, Subject, Unreachable
from negatoscope.observe.defaults import terminals
from negatoscope.observe.defaults.forms import Forms
from negatoscope.observe.defaults.pairs import MOST, Pair, left, of
from negatoscope.observe.defaults.read import FORMAT, End, Header, Tried, read, write
from negatoscope.observe.defaults.web import ABSENT, OK, REDIRECT, Web, attempt, challenged, get, status_of
from negatoscope.observe.scan.arguments import Refused, declares
from negatoscope.observe.vantage.read import page_of
from negatoscope.observe.vantage.speak import TLS_FIRST

PAUSE = 1.0
"""Seconds between two attempts."""
WITH_SNMP = frozenset({HostClass.NETWORK, HostClass.PRINTER})
TALKS = {"ftp": terminals.ftp, "telnet": terminals.telnet}
ENDING = frozenset({"works", "open", "locked", "unclear", "silent"})
"""After one of these no other log-in is tried on a service."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How patiently. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    seconds: Annotated[int, Meta(ge=1, le=60)] = 8
    minutes: Annotated[int, Meta(ge=1, le=60)] = 10
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    tried: tuple[str, ...] = ()
    services: tuple[Known, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    shared: tuple[str, ...] = ()


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only hosts of a class that somebody allowed, not tried since yesterday; never a modality."""
    allowed = {one.address for one in bounds.subjects}
    return msgspec.structs.replace(
        settings,
        declared=bounds.networks,
        spared=bounds.spared,
        subjects=bounds.subjects,
        tried=bounds.tried,
        services=tuple(one for one in bounds.services if one.address in allowed),
        earlier=tuple(one for one in bounds.earlier if one.address in allowed),
        shared=bounds.shared,
    )


def subject(settings: Settings, target: str) -> Subject:
    """The host at this address, if it may be tried now. Raises Unreachable."""
    try:
        address = str(ip_address(target.strip()))
        inside = declares(settings.declared, address)
    except (ValueError, Refused) as error:
        raise Unreachable("not_an_address", target=target) from error
    if not inside:
        raise Unreachable("outside_declared_networks", target=address)
    if address in settings.spared:
        raise Unreachable("modality_without_consent", target=address)
    if address in settings.tried:
        raise Unreachable("tried_already", target=address)
    found = next((one for one in settings.subjects if one.address == address), None)
    if found is None or found.host_class is HostClass.MODALITY:
        raise Unreachable("trial_not_allowed", target=address)
    return found


def capture(settings: Settings, target: str, look: Look) -> None:
    """Try the published log-ins of what answers at this address. Raises Unreachable."""
    tried = subject(settings, target)
    look.write(write(Header(FORMAT, tried.address)))
    trials = _Trials(settings, tried, look)
    services = sorted(
        (one for one in settings.services if one.address == tried.address),
        key=lambda one: (any(port == one.port for _, port, _ in trials.earlier), one.port),
    )
    for number, told in enumerate(trials.all(services)):
        look.step(number, len(services) + 2)
        look.write(write(told))
        if told.outcome == "locked":
            break
    look.write(write(End(True)))  # noqa: FBT003 -- the line says so


class _Trials:
    """One host's trials, in order, a little apart; a service is left at the first log-in that works.

    Services not yet tried come first, so that what a day leaves out the next one takes up.
    """

    def __init__(self, settings: Settings, tried: Subject, look: Look) -> None:
        self.seconds, self.host, self.look = settings.seconds, tried, look
        self.shared = {name.casefold() for name in settings.shared}
        self.earlier = {
            (one.protocol, one.port, one.pair): one.refused for one in settings.earlier if one.address == tried.address
        }
        self._accounts: Counter[str] = Counter()
        self._services: Counter[int] = Counter()

    def all(self, services: list[Known]) -> Iterator[Tried]:
        if self.host.host_class in WITH_SNMP:
            for pair in of("SNMP", "snmp"):
                self._wait()
                yield Tried("snmp", 161, pair.id, terminals.snmp(self.host.address, 2, pair, self._tick))
        for service in services:
            protocol = log_in_by(service.port, service.name, self.host.host_class)
            if protocol == "http":
                yield from self._web(service)
            elif protocol:
                yield from self._terminal(service, protocol)

    def _web(self, service: Known) -> Iterator[Tried]:
        tls = bool(service.encrypted) or service.port in TLS_FIRST
        web = Web(self.host.address, service.port, tls, self.seconds, self._tick)
        said = get(web, "/")
        if not said:
            yield Tried("http", service.port, UNRECOGNISED, "silent")
            return
        shown = of_page(page_of(said), service.port)
        product = shown.product or product_in(self.host.words)
        none = NO_LOG_IN if shown.administers is False else UNRECOGNISED
        forms = Forms(web, self._wait, lambda account: self._take(account, service.port))
        yield from self._each(service.port, "http", (product, none), lambda pair: self._page(web, forms, pair))

    def _page(self, web: Web, forms: Forms, pair: Pair) -> str:
        """One log-in on one page, in the way that the page asks for it."""
        said = get(web, pair.path)
        status = status_of(said)
        if status == ABSENT:
            return "absent"
        if challenged(said):
            return attempt(web, pair, said) if self._take(pair.username, web.port) else "postponed"
        if pair.shows and status is not None and OK <= status < REDIRECT and pair.shows.encode() in said:
            return "open"
        return forms.attempt(pair)

    def _terminal(self, service: Known, protocol: str) -> Iterator[Tried]:
        port, address = service.port, self.host.address
        product = product_in(self.host.words)
        yield from self._each(
            port, protocol, (product, UNRECOGNISED), lambda pair: self._talked(address, port, protocol, pair)
        )

    def _talked(self, address: str, port: int, protocol: str, pair: Pair) -> str:
        if not self._take(pair.username, port):
            return "postponed"
        if protocol == "ssh":
            from negatoscope.observe.defaults import secure  # noqa: PLC0415 -- asyncssh is slow to wake

            return secure.ssh(address, port, self.seconds, pair)
        talk = TALKS[protocol]
        return terminals.spoken(address, port, self.seconds, self._tick, lambda line: talk(line, pair))

    def _each(
        self, port: int, protocol: str, known: tuple[str | None, str], attempt: Callable[[Pair], str]
    ) -> Iterator[Tried]:
        """Each log-in of a product that is not known to be refused here; or the name of why there is none."""
        product, none = known
        pairs = of(product, protocol)
        told = absent = 0
        for pair in sorted(pairs, key=lambda one: (protocol, port, one.id) in self.earlier):
            outcome = self._outcome(pair, (protocol, port, pair.id), attempt)
            absent += outcome == "absent"
            if outcome in {"known", "absent"} or (outcome == "postponed" and not told):
                continue
            told += 1
            yield Tried(protocol, port, pair.id, outcome)
            if outcome in ENDING:
                return
        if absent == len(pairs):
            name = LEFT_ALONE if product in left() else UNRECOGNISED if pairs else none
            yield Tried(protocol, port, name, name)

    def _outcome(self, pair: Pair, place: tuple[str, int, str], attempt: Callable[[Pair], str]) -> str:
        if self.earlier.get(place):
            return "known"
        if pair.username.casefold() in self.shared:
            return "shared"
        self._wait()
        return attempt(pair)

    def _take(self, account: str, port: int) -> bool:
        """Leave to send one more log-in for this account, on this service."""
        if max(self._accounts[account.casefold()], self._services[port]) >= MOST:
            return False
        self._accounts[account.casefold()] += 1
        self._services[port] += 1
        return True

    def _wait(self) -> None:
        self._tick()
        time.sleep(PAUSE)

    def _tick(self) -> None:
        self.look.step(0, 1)


DEFAULTS = Collector(
    "defaults", Settings, capture, read, gives=("Host", "FactoryLogin"), bound=bound,
    announces=lambda settings, target: subject(settings, target).address,
)  # fmt: skip
