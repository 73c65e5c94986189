"""What the console answers for before its probes: the authority that signs, and the age identity that opens parcels."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from cryptography import x509

from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.registering import StoredRegister
from negatoscope.kit import age, issuing
from negatoscope.kit.durable import write_durably
from negatoscope.kit.issuing import Authority
from negatoscope.model.carrying import Recipient
from negatoscope.store import probes

RENEWED = timedelta(days=365)
"""How long before its end the door's certificate is made anew."""
FIXED_NAME = "negatoscope-console"
"""A name that the door always bears, whatever the network calls it."""


def folder(console: Console) -> Path:
    """Where these keys are."""
    return console.config.key_folder / "probes"


def authority(console: Console) -> Authority:
    """The authority, made at the first need. Raises KeyLost once probes lean on it."""
    certificate, key = folder(console) / "authority.pem", folder(console) / "authority.key"
    _made(console, key, lambda: _found(console, certificate, key))
    if not certificate.exists():
        raise KeyLost(certificate)
    return issuing.load(certificate.read_bytes(), key.read_bytes())


def _found(console: Console, certificate: Path, key: Path) -> None:
    made = issuing.found(console.clock())
    write_durably(certificate, made.pem)
    write_durably(key, made.key_pem)


def identity(console: Console) -> str:
    """The private age key that opens parcels, made at the first need. Raises KeyLost once probes lean on it."""
    file = folder(console) / "parcels.age"
    _made(console, file, lambda: write_durably(file, f"{age.generate()}\n".encode()))
    return file.read_text().strip()


def _made(console: Console, file: Path, make: Callable[[], None]) -> None:
    if file.exists():
        return
    if probes.any_enrolled():
        raise KeyLost(file)
    with console.keys.alone("making"):
        if not file.exists():
            make()


def recipients(console: Console) -> tuple[str, ...]:
    """Public keys for which probes seal: the console's own, then those that open sealed copies of the map."""
    others = (one.key for one in StoredRegister(console.practice).seen(Recipient).facts)
    return tuple(dict.fromkeys((age.public(identity(console)), *others)))


def door_file(console: Console) -> Path:
    """Key and certificate of the door, in one PEM; made anew when the console's names change, or before it ends."""
    file, names = folder(console) / "door.pem", list(_names(console))
    if not (file.exists() and _still_good(console, file.read_bytes(), names)):
        write_durably(file, authority(console).server(names, console.clock()))
    return file


def authority_file(console: Console) -> Path:
    """The authority's certificate."""
    authority(console)
    return folder(console) / "authority.pem"


def _still_good(console: Console, pem: bytes, names: list[str]) -> bool:
    own = x509.load_pem_x509_certificate(pem)
    said = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    told = {*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))}
    ours = own.issuer == authority(console).certificate.subject
    return ours and set(names) <= told and own.not_valid_after_utc > console.clock() + RENEWED


def _names(console: Console) -> Iterator[str]:
    """Under what a probe may know the console."""
    door = console.config.probe_door
    host = socket.gethostname()
    found = (FIXED_NAME, host, "localhost", "127.0.0.1", *console.config.names, console.config.host, *(door or ())[:1])
    yield from dict.fromkeys(str(name) for name in found if name and str(name) not in {"0.0.0.0", "::"})  # noqa: S104
