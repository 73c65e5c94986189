"""A certificate authority for one console: it signs one certificate, and its key is forgotten at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LASTS = timedelta(days=820)
"""Browsers refuse a certificate that lasts longer than 825 days (Apple HT210176)."""
AHEAD = timedelta(hours=1)
"""How late the clocks of those who check it may be."""


@dataclass(frozen=True)
class Certified:
    """PEM files, and the SHA-256 fingerprint of the certificate, as browsers show it."""

    authority: bytes
    certificate: bytes
    key: bytes
    fingerprint: str


def certify(names: Sequence[str], at: datetime) -> Certified:
    """Make a key and its certificate for these host names and addresses. Raises ValueError for what is neither."""
    root, leaf = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Négatoscope, {at:%Y-%m-%d}"[:64])])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    ca = (
        _begun(issuer, issuer, root.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root.public_key()), critical=False)
        .add_extension(signs_only(), critical=True)
        .sign(root, hashes.SHA256())
    )
    own = (
        _begun(subject, issuer, leaf.public_key(), at)
        .add_extension(x509.SubjectAlternativeName([named(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )
    return Certified(
        ca.public_bytes(Encoding.PEM),
        own.public_bytes(Encoding.PEM) + ca.public_bytes(Encoding.PEM),
        leaf.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        own.fingerprint(hashes.SHA256()).hex(":").upper(),
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - AHEAD)
        .not_valid_after(at + LASTS)
    )


def signs_only() -> x509.KeyUsage:
    """What the key of an authority is for."""
    said = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"),
        False,
    )  # fmt: skip
    return x509.KeyUsage(**said, key_cert_sign=True, crl_sign=True)


def named(name: str) -> x509.GeneralName:
    """A host name or an address, as certificates write it."""
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
