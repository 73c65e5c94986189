"""The authority of probes: what it signs, and what it does not."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from negatoscope.kit import issuing
from negatoscope.kit.issuing import NotARequest

AT = datetime(2026, 11, 2, tzinfo=UTC)
NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cabinet des Tilleuls")])


def asked(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return (
        x509.CertificateSigningRequestBuilder().subject_name(NAME).sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    )


def test_a_probe_gets_a_certificate_that_names_nothing_and_serves_nobody() -> None:
    authority = issuing.found(AT)
    authority = issuing.load(authority.pem, authority.key_pem)
    own = authority.client(asked(ec.generate_private_key(ec.SECP256R1())), "00ff00ff00ff00ff", AT)
    own.verify_directly_issued_by(authority.certificate)
    assert [one.value for one in own.subject] == ["00ff00ff00ff00ff"]
    usage = own.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert own.not_valid_before_utc < AT - timedelta(days=365)
    assert own.not_valid_after_utc <= authority.certificate.not_valid_after_utc


def test_the_door_bears_its_names_and_addresses() -> None:
    pem = issuing.found(AT).server(["console.lan", "192.168.1.2"], AT)
    own = x509.load_pem_x509_certificate(pem)
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["console.lan"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.2"]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        asked(rsa.generate_private_key(65537, 2048)),
        asked(ec.generate_private_key(ec.SECP384R1())),
    ],
)
def test_no_other_request_is_signed(request_bytes: bytes) -> None:
    with pytest.raises(NotARequest):
        issuing.found(AT).client(request_bytes, "0" * 16, AT)
