"""Which printers ``ipp`` asks, and the two questions that it asks each."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from negatoscope.observe.collector import Bounds, Collector, Known, Look, Unreachable
from negatoscope.observe.ipp.read import FORMAT, End, Header, Reply, read, write
from negatoscope.observe.ipp.wire import (
    GET_ATTRIBUTES,
    LIST_QUEUES,
    Attributes,
    NotIpp,
    answered,
    body_of,
    question,
    request,
)
from negatoscope.observe.line import Closed, Line
from negatoscope.observe.scan.arguments import Refused, declares, inside, network

PORT = 631
MAX_BYTES = 512 * 1024
PATH = "/ipp/print"
"""Where every printer of IPP Everywhere listens (PWG 5100.14); print servers list their queues."""
UPGRADE, FOUND = 426, 200
ERRORS = 0x0400
"""Status codes of IPP from here on refuse."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How patiently. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    seconds: Annotated[int, Meta(ge=1, le=60)] = 8
    minutes: int = 30
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    classed: tuple[str, ...] = ()
    services: tuple[Known, ...] = ()
    port: int = PORT


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, only what somebody classed, never a modality without consent."""
    return msgspec.structs.replace(
        settings,
        declared=bounds.networks,
        spared=bounds.spared,
        classed=bounds.classed,
        services=tuple(one for one in bounds.services if one.port == PORT),
    )


def capture(settings: Settings, target: str, look: Look) -> None:
    """Ask one address, or each host of a network known to open this port. Raises Unreachable."""
    wanted = _wanted(settings, target)
    look.write(write(Header(FORMAT, target)))
    for number, address in enumerate(wanted):
        look.step(number, len(wanted))
        told = _Asking(settings, address, lambda: look.step(number, len(wanted)))  # noqa: B023 -- called at once
        for reply in (told.ask(GET_ATTRIBUTES, PATH), told.ask(LIST_QUEUES, "/")):
            look.write(write(reply))
    look.write(write(End(True)))  # noqa: FBT003 -- the line says so
    look.step(len(wanted), len(wanted))


def _wanted(settings: Settings, target: str) -> list[str]:
    try:
        whole = network(target)
        if not declares(settings.declared, target):
            raise Unreachable("outside_declared_networks", target=target)
    except Refused as error:
        raise Unreachable("not_an_address", target=target) from error
    if whole.num_addresses > 1:
        known = sorted({one.address for one in settings.services if inside(one.address, target)})
        return [one for one in known if one in settings.classed and one not in settings.spared]
    address = str(whole.network_address)
    if address in settings.spared:
        raise Unreachable("modality_without_consent", target=address)
    if address not in settings.classed:
        raise Unreachable("maybe_modality", target=address)
    return [address]


class _Asking:
    """One host."""

    def __init__(self, settings: Settings, address: str, tick: Callable[[], None]) -> None:
        self._settings, self._address, self._tick = settings, address, tick

    def ask(self, operation: int, path: str) -> Reply:
        """In clear, then in TLS where that is demanded."""
        reply = self._once(operation, path, tls=False)
        return self._once(operation, path, tls=True) if reply.outcome in {"upgrade", "hung_up"} else reply

    def _once(self, operation: int, path: str, *, tls: bool) -> Reply:
        body = question(operation, f"ipp://{self._address}{path}")
        try:
            with Line(self._address, self._settings.port, self._settings.seconds, self._tick, MAX_BYTES) as line:
                if tls:
                    line.secure(_trusting())
                line.send(request(self._address, path, body))
                status, said = body_of(line.hear(lambda _: False))
            if status != FOUND:
                return Reply(self._address, path, "upgrade" if status == UPGRADE else "refused", tls)
            code, queues = answered(said)
        except Closed as error:
            return Reply(self._address, path, error.why, tls)
        except OSError:
            return Reply(self._address, path, "hung_up", tls)
        except NotIpp:
            return Reply(self._address, path, "not_ipp", tls)
        outcome = "answered" if code < ERRORS else "refused"
        return Reply(self._address, path, outcome, tls, [_scrubbed(queue) for queue in queues])


def _trusting() -> ssl.SSLContext:
    """Nothing secret is sent: a printer's own certificate will do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _scrubbed(queue: Attributes) -> Attributes:
    """Of the way to the device only who and where it is: an address may carry a password."""
    for place, uri in enumerate(queue.get("device-uri", [])):
        host = None
        with suppress(ValueError):
            host = urlsplit(str(uri)).hostname
        queue["device-uri"][place] = host or ""
    return queue


IPP = Collector("ipp", Settings, capture, read, gives=("Host", "PrintQueue"), bound=bound)
