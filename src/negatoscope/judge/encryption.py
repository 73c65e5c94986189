"""What TLS must be to protect: versions, ciphers, certificate.

Source: ANSSI, « Recommandations de sécurité relatives à TLS », v1.2.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from negatoscope.judge.shapes import Said, unread
from negatoscope.model.encryption import TlsService
from negatoscope.model.evidence import Seen
from negatoscope.model.imaging import DicomNode
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service

RECENT_TLS = frozenset({"TLSv1.2", "TLSv1.3"})
"""R3 and R4 of the guide: 1.3 preferred, 1.2 tolerated, none older."""
LEAST_BITS = {"RSA": 2048, "EC": 250}
"""Its annex and RGS B1: keys in use until 2030."""
BROKEN_DIGESTS = frozenset({"md5", "sha1"})
ASKED_STANDS = timedelta(days=31)
"""How long an answer stands."""
NO_TLS = frozenset({"ssh", "telnet", "rfb", "vnc", "printer", "jetdirect", "pdl-datastream", "login", "shell", "exec"})
"""Protocols that encrypt in a way of their own, or never: other controls judge them."""
IMAGING_NAMES = frozenset({"dicom", "acr-nema", "hl7", "hl7-mllp"})
UNASKED_PORTS = frozenset({104, 515, 2575, 2761, 2762, 4242, 11112, *range(9100, 9108)})
"""Ports of imaging, which its own collector asks, and of printers, which print whatever is sent to them."""


def encrypted_well(services: Iterable[Service], offers: Seen[TlsService], now: datetime) -> Said:
    """Judge every port that encrypts, or may."""
    known = {offer.ref: offer for offer in offers.facts}
    for service in services:
        if service.ref not in known and _may_encrypt(service):
            yield Doubt(service.ref, "tls_never_asked", {"port": service.port})
        elif service.encrypted and service.reachable is not False and _not_found(known.get(service.ref)):
            yield unread(service.ref, "tls_version")
    for offer in known.values():
        if offer.versions != ():
            yield from _versions(offer)
            yield from _certificate(offer, now)
        if all(source.at < now - ASKED_STANDS for source in offers.sources.get(offer.ref, ())):
            yield Doubt(offer.ref, "tls_asked_long_ago")


def _may_encrypt(service: Service) -> bool:
    """Encrypts from the first byte, or nobody knows; images are judged apart."""
    apart = service.name in NO_TLS | IMAGING_NAMES or service.port in UNASKED_PORTS or service.protocol != "tcp"
    return not apart and service.reachable is not False and service.encrypted is not False


def _not_found(offer: TlsService | None) -> bool:
    """Another instrument saw it encrypt, and this one heard nothing of TLS."""
    return offer is not None and offer.versions == ()


def _versions(offer: TlsService) -> Said:
    for version in offer.versions or ():
        if version not in RECENT_TLS:
            yield Finding(offer.ref, "tls_old", {"version": version})
    if offer.versions is None or not offer.every_version:
        yield unread(offer.ref, "tls_version")
    if offer.weak is None:
        yield unread(offer.ref, "ciphers")
    elif offer.weak:
        yield Finding(offer.ref, "cipher_weak", {"cipher": ", ".join(offer.weak)})


def _certificate(offer: TlsService, now: datetime) -> Said:
    if offer.certificate_until is None or offer.certificate_from is None:
        yield unread(offer.ref, "certificate_until")
    elif offer.certificate_until < now:
        yield Finding(offer.ref, "certificate_over", {"on": f"{offer.certificate_until:%Y-%m-%d}"})
    elif offer.certificate_from > now:
        yield Finding(offer.ref, "certificate_not_yet", {"on": f"{offer.certificate_from:%Y-%m-%d}"})
    yield from _key(offer)
    if offer.trusted:
        return
    yield Doubt(offer.ref, "self_signed" if offer.self_signed else "signer_unknown")


def _key(offer: TlsService) -> Said:
    if offer.key is None or offer.key_bits is None:
        yield unread(offer.ref, "certificate_key")
    elif offer.key_bits < LEAST_BITS.get(offer.key, 0):
        yield Finding(offer.ref, "key_short", {"key": offer.key, "bits": offer.key_bits})
    if offer.self_signed is None or offer.signature is None:
        yield unread(offer.ref, "certificate_signature")
    elif not offer.self_signed and offer.signature in BROKEN_DIGESTS:
        yield Finding(offer.ref, "signature_broken", {"digest": offer.signature})


def node_encrypted_well(node: DicomNode, now: datetime) -> Said:
    """Judge a port of imaging that speaks TLS."""
    if node.tls_version is None:
        yield unread(node.ref, "tls_version")
    elif node.tls_version not in RECENT_TLS:
        yield Finding(node.ref, "tls_old", {"version": node.tls_version})
    if node.certificate_until is None:
        yield unread(node.ref, "certificate_until")
    elif node.certificate_until < now:
        yield Finding(node.ref, "certificate_over", {"on": f"{node.certificate_until:%Y-%m-%d}"})
