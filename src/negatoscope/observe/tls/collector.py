"""Which ports ``tls`` asks: those known or likely to encrypt, never a printer's raw port, never a likely modality."""

import ssl
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.model.administration import PRINTING_PORTS
from negatoscope.observe.collector import Bounds, Collector, Known, Look, Unreachable
from negatoscope.observe.scan.arguments import IMAGING_PORTS, Refused, declares, inside, network
from negatoscope.observe.tls.asking import Port, ask
from negatoscope.observe.tls.read import FORMAT, End, Header, read, write
from negatoscope.observe.tls.upgrade import BY_NAME, BY_PORT

NEVER = IMAGING_PORTS | PRINTING_PORTS
SPEAKS_OTHERWISE = frozenset({"ssh", "telnet", "rfb", "vnc", "dicom", "acr-nema", "hl7", "jetdirect", "printer"})
LIKELY = (443, 465, 636, 853, 990, 993, 995, 3269, 5061, 5986, 6514, 8443, 8883, 9443)
"""Ports that are TLS from the first byte, where they are open."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How patiently. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    authority: Annotated[str, Meta(max_length=100_000)] = ""
    """Certificates that the practice trusts beside this machine's, in PEM."""
    seconds: Annotated[int, Meta(ge=1, le=60)] = 8
    minutes: Annotated[int, Meta(ge=1, le=720)] = 120
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    classed: tuple[str, ...] = ()
    services: tuple[Known, ...] = ()


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, only what is known to be open; never a modality without consent."""
    return msgspec.structs.replace(
        settings,
        declared=bounds.networks,
        spared=bounds.spared,
        classed=bounds.classed,
        services=tuple(one for one in bounds.services if _worth(one) or one.port in NEVER),
    )


def capture(settings: Settings, target: str, look: Look) -> None:
    """Ask one address, or every known service of one network. Raises Unreachable."""
    wanted, skipped = _ports(settings, _allowed(settings, target))
    _readable(settings.authority)
    look.write(write(Header(FORMAT, target, skipped)))
    for number, port in enumerate(wanted):
        look.step(number, len(wanted))
        ask(port, lambda: look.step(number, len(wanted)), lambda told: look.write(write(told)))  # noqa: B023 -- called at once
    look.write(write(End(True)))  # noqa: FBT003 -- the line says so
    look.step(len(wanted), len(wanted))


def _worth(one: Known) -> bool:
    if one.port in NEVER or one.name in SPEAKS_OTHERWISE:
        return False
    return one.encrypted is not False or _upgraded(one) is not None


def _upgraded(one: Known) -> str | None:
    """The protocol that may be asked to go on in TLS; ``None``: TLS from the first byte, or nothing."""
    if one.encrypted or one.port in LIKELY:
        return None
    return BY_NAME.get(one.name or "") or (BY_PORT.get(one.port) if not one.name else None)


def _ports(settings: Settings, target: str) -> tuple[list[Port], tuple[tuple[str, str], ...]]:
    """Whom to ask, and who is left alone and why."""
    known: defaultdict[str, list[Known]] = defaultdict(list)
    for one in settings.services:
        if inside(one.address, target):
            known[one.address].append(one)
    spared = [address for address in settings.spared if inside(address, target)]
    skipped = dict.fromkeys(spared, "modality_without_consent")
    wanted = []
    for address, services in sorted(known.items()):
        if address in skipped:
            continue
        if address not in settings.classed and any(one.port in IMAGING_PORTS for one in services):
            skipped[address] = "maybe_modality"
            continue
        wanted += [
            Port(address, one.port, _upgraded(one), settings.seconds, settings.authority)
            for one in sorted(services, key=lambda one: one.port)
            if _worth(one)
        ]
    for address in _unseen(settings, target, {*known, *skipped}):
        wanted += [Port(address, port, None, settings.seconds, settings.authority) for port in LIKELY]
    return wanted, tuple(sorted(skipped.items()))


def _unseen(settings: Settings, target: str, seen: set[str]) -> Iterator[str]:
    """The one address asked for, of a host whose class is known and whose ports are not: the likely ones are tried."""
    address = str(network(target).network_address)
    if network(target).num_addresses == 1 and address not in seen:
        if address not in settings.classed:
            raise Unreachable("maybe_modality", target=address)
        yield address


def _allowed(settings: Settings, target: str) -> str:
    try:
        wanted = network(target)
        if not declares(settings.declared, target):
            raise Unreachable("outside_declared_networks", target=target)
    except Refused as error:
        raise Unreachable("not_an_address", target=target) from error
    return str(wanted)


def _readable(authority: str) -> None:
    if authority.strip():
        with suppress(ssl.SSLError, ValueError):
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=authority)
            return
        raise Unreachable("authority_unreadable")


TLS = Collector("tls", Settings, capture, read, gives=("Host", "TlsService"), bound=bound)
