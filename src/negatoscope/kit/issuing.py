"""An authority that stays: it signs the door's own certificate and those of the probes that knock there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from negatoscope.kit.authority import named, signs_only

LASTS = timedelta(days=3650)
BEFORE = timedelta(days=400)
"""How late the clock of a probe may be: it must still believe the door, and be told what time it is."""
_CURVE = ec.SECP256R1


class NotARequest(ValueError):  # noqa: N818 -- what it is
    """This is no certificate request for a key that we would sign."""


@dataclass(frozen=True)
class Authority:
    """A certificate that signs, and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """Its key: a secret."""
        return private_pem(self.key)

    def server(self, names: Sequence[str], at: datetime) -> bytes:
        """A key and its certificate for a server of these names and addresses, in one PEM."""
        key = ec.generate_private_key(_CURVE())
        certificate = (
            self._begun(names[0], key.public_key(), at)
            .add_extension(x509.SubjectAlternativeName([named(name) for name in names]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        return certificate.public_bytes(Encoding.PEM) + private_pem(key)

    def client(self, request: bytes, ident: str, at: datetime) -> x509.Certificate:
        """A certificate for the key of this request; what else the request says is left aside. Raises NotARequest."""
        return (
            self._begun(ident, _asked(request), at)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def _begun(self, name: str, key: ec.EllipticCurvePublicKey, at: datetime) -> x509.CertificateBuilder:
        return (
            _certificate(name, self.certificate.subject, key, at)
            .not_valid_after(min(at + LASTS, self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )


def found(at: datetime) -> Authority:
    """A new authority."""
    key = ec.generate_private_key(_CURVE())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Négatoscope, sondes")])
    certificate = (
        _certificate("Négatoscope, sondes", name, key.public_key(), at)
        .not_valid_after(at + LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signs_only(), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def load(certificate: bytes, key: bytes) -> Authority:
    """An authority from its two PEM files. Raises ValueError."""
    private = load_pem_private_key(key, None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise ValueError("not an elliptic curve key")  # noqa: TRY004 -- a file that holds another key
    return Authority(x509.load_pem_x509_certificate(certificate), private)


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as files hold it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _asked(request: bytes) -> ec.EllipticCurvePublicKey:
    try:
        asked = x509.load_pem_x509_csr(request)
        sound = asked.is_signature_valid
        key = asked.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise NotARequest from error
    if not sound or not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, _CURVE):
        raise NotARequest
    return key


def _certificate(name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE)
    )
