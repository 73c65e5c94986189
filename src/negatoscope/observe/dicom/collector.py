"""Whom ``dicom`` may ask, and the few questions it asks."""

import secrets
import time
from ipaddress import ip_address
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.observe.collector import Bounds, Collector, Look, Unreachable
from negatoscope.observe.dicom.exchange import Ask, Exchange, exchange
from negatoscope.observe.dicom.read import FORMAT, End, Header, read, write
from negatoscope.observe.dicom.wire import Answer, answer
from negatoscope.observe.scan.arguments import Refused, declares

PAUSE = 0.5
"""Seconds between two associations: some devices take one at a time."""
ANY = "ANY-SCP"
MAX_PORTS = 8
Title = Annotated[str, Meta(max_length=16, pattern=r"\A[ -\[\]-~]*\Z")]
"""An AE title: at most sixteen printable characters, no backslash (PS3.5 6.2)."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which ports, under which names. From ``declared`` on, fields are filled in by ``bound``, never by a person."""

    ae_title: Title = ""
    """What the node is called, where somebody knows."""
    calling: Title = "NEGATOSCOPE"
    ports: str = "104,11112,2762,4242"
    seconds: Annotated[int, Meta(ge=1, le=60)] = 10
    minutes: int = 5
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    classed: tuple[str, ...] = ()


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, only what somebody classed, never a modality without consent."""
    return msgspec.structs.replace(settings, declared=bounds.networks, spared=bounds.spared, classed=bounds.classed)


def capture(settings: Settings, target: str, look: Look) -> None:
    """Ask the node at this address. Raises Unreachable."""
    address = _allowed(settings, target)
    ports = _ports(settings.ports)
    look.write(write(Header(FORMAT, address)))
    for number, port in enumerate(ports):
        look.step(number, len(ports))
        _asked(settings, address, port, look)
    look.write(write(End(True)))  # noqa: FBT003 -- the line says so
    look.step(len(ports), len(ports))


def _asked(settings: Settings, address: str, port: int, look: Look) -> None:
    """Up to four associations: as it is called (in clear, then in TLS), then under names made up."""
    called = settings.ae_title or ANY

    def ask(asks: str, called: str, calling: str, *, tls: bool) -> Exchange:
        look.step(0, 1)
        told = exchange(Ask(address, port, asks, called, calling, settings.seconds, tls), lambda: look.step(0, 1))
        look.write(write(told))
        time.sleep(PAUSE)
        return told

    usual = ask("usual", called, settings.calling, tls=False)
    if usual.outcome in {"hung_up", "not_dicom"}:
        usual = ask("usual", called, settings.calling, tls=True)
    if usual.outcome != "answered":
        return
    stranger = f"NEG{secrets.token_hex(4).upper()}"
    if settings.ae_title or _said(usual).accepted:
        ask("other_called", stranger, settings.calling, tls=usual.tls)
        ask("other_calling", called, stranger, tls=usual.tls)


def _said(told: Exchange) -> Answer:
    return answer(told.received)


def _ports(said: str) -> list[int]:
    words = [word.strip() for word in said.split(",") if word.strip()]
    if not words or len(words) > MAX_PORTS or not all(word.isdecimal() and 0 < int(word) < 1 << 16 for word in words):
        raise Unreachable("ports_not_understood", ports=said)
    return list(dict.fromkeys(map(int, words)))


def _allowed(settings: Settings, target: str) -> str:
    try:
        address = str(ip_address(target.strip()))
        inside = declares(settings.declared, address)
    except (ValueError, Refused) as error:
        raise Unreachable("not_an_address", target=target) from error
    if not inside:
        raise Unreachable("outside_declared_networks", target=address)
    if address in settings.spared:
        raise Unreachable("modality_without_consent", target=address)
    if address not in settings.classed:
        raise Unreachable("maybe_modality", target=address)
    return address


DICOM = Collector("dicom", Settings, capture, read, gives=("Host", "DicomNode", "Service"), bound=bound)
