"""A capture of TLS questions, read: versions, ciphers and certificate of each port."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC
from itertools import groupby
from typing import BinaryIO

import msgspec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from msgspec import Struct

from negatoscope.model.encryption import TlsService
from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.tls import hello
from negatoscope.observe.tls.asking import ORDER, SHOWN, TRUSTED, WEAK, Asked

FORMAT = "negatoscope-tls/1"
MAX_LINE = 128 * 1024
MAX_LINES = 100_000
MAX_NAMES = 50
ANSWERS = frozenset({"answered", "hung_up"})
"""Outcomes that answer a question about a version: taken, refused, or the door shut on it."""
SPOKEN = frozenset({"answered", "not_tls", "not_offered"})


class Header(Struct, frozen=True):
    """First line. ``skipped``: addresses left alone, and why."""

    format: str
    target: str
    skipped: tuple[tuple[str, str], ...] = ()


class End(Struct, frozen=True):
    """Last line: the capture is whole."""

    end: bool


def write(line: Header | Asked | End) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Hosts, what their ports take, and gaps. Raises Unreadable."""
    header, told = _parsed(stream)
    for address, why in header.skipped:
        yield Gap("TlsService", why, f"host/{address}")
    for address, asked in groupby(told, key=lambda one: one.address):
        host = f"host/{address}"
        yield Host(host, addresses=(address,))
        for port, answers in groupby(asked, key=lambda one: one.port):
            yield from _port(host, port, list(answers))


def _parsed(stream: BinaryIO) -> tuple[Header, list[Asked]]:
    lines: list[bytes] = []
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE or len(lines) > MAX_LINES:
            raise Unreadable("too_long", f"line {len(lines) + 1}")
        lines.append(line)
    try:
        header = msgspec.json.decode(lines[0] if lines else b"", type=Header)
        if header.format != FORMAT:
            raise Unreadable("unknown_format", "line 1")
        msgspec.json.decode(lines[-1], type=End)
        return header, [msgspec.json.decode(line, type=Asked) for line in lines[1:-1]]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("malformed", f"line {len(lines)}") from error


def _port(host: str, port: int, answers: list[Asked]) -> Iterator[Item]:
    by = {one.asks: one for one in answers}
    asked = [by[version] for version in ORDER if version in by]
    first = asked[0] if asked else None
    if first is None or (not any(one.outcome in SPOKEN for one in asked)):
        yield Gap("TlsService", f"tls_{first.outcome if first else 'closed'}", host, {"port": port})
        return
    taken = [version for version in hello.VERSIONS if version in by and _takes(by[version], version)]
    if not taken and all(one.outcome != "answered" for one in asked):
        yield TlsService(host, port, first.upgraded, versions=(), every_version=True)
        return
    every = len(asked) == len(ORDER) and all(one.outcome in ANSWERS for one in asked)
    fact = TlsService(host, port, first.upgraded, tuple(taken) or None, every or None, _weak(by, taken))
    shown = next((one.certificate for one in (by.get(SHOWN), by.get(TRUSTED)) if one and one.certificate), None)
    trusted = by[TRUSTED].trusted if TRUSTED in by else None
    yield _with_certificate(fact, shown, trusted=trusted) if shown else fact


def _takes(asked: Asked, version: str) -> bool:
    chosen = hello.chosen(asked.received)
    return chosen is not None and chosen.version == version


def _weak(by: dict[str, Asked], taken: list[str]) -> tuple[str, ...] | None:
    """A weak cipher chosen by the server; ``None``: the question was not answered."""
    found = {
        hello.WEAK[chosen.cipher]
        for one in by.values()
        if (chosen := hello.chosen(one.received)) is not None and chosen.cipher in hello.WEAK
    }
    if not found and taken == ["TLSv1.3"]:
        return ()  # which has no weak cipher to offer
    asked = by.get(WEAK)
    return tuple(sorted(found)) if found or (asked is not None and asked.outcome in ANSWERS) else None


def _with_certificate(fact: TlsService, der: bytes, *, trusted: bool | None) -> TlsService:
    try:
        shown = x509.load_der_x509_certificate(der)
        key, bits = _key(shown)
        digest = shown.signature_hash_algorithm
        return replace(
            fact,
            certificate_from=shown.not_valid_before_utc.astimezone(UTC),
            certificate_until=shown.not_valid_after_utc.astimezone(UTC),
            key=key,
            key_bits=bits,
            signature=digest.name if digest else key,
            names=_names(shown),
            self_signed=shown.issuer == shown.subject,
            trusted=trusted,
        )
    except (ValueError, UnsupportedAlgorithm):
        return fact


def _key(shown: x509.Certificate) -> tuple[str | None, int | None]:
    key = shown.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA", key.key_size
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "EC", key.key_size
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519", 256
    return ("Ed448", 448) if isinstance(key, ed448.Ed448PublicKey) else (None, None)


def _names(shown: x509.Certificate) -> tuple[str, ...]:
    named = [str(one.value) for one in shown.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)]
    with suppress(x509.ExtensionNotFound):
        said = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        named += [*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))]
    return tuple(dict.fromkeys(name[:200] for name in named))[:MAX_NAMES]
