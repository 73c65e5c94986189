"""The practice's own certificate authority."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Authority:
    """Signs what servers show."""

    def __init__(self, folder: Path) -> None:
        """Make the authority; ``ca.pem`` in the folder is its certificate."""
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Autorité du cabinet")])
        self.now = datetime.now(UTC)  # noqa: TID251 -- a real server's certificate lives today
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        made = self._begun(self.name, self.key, self.now + timedelta(3000)).add_extension(constraints, critical=True)
        (folder / "ca.pem").write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def _begun(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime) -> x509.CertificateBuilder:
        began = min(self.now, until) - timedelta(400)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(key.public_key())
        return made.serial_number(x509.random_serial_number()).not_valid_before(began).not_valid_after(until)

    def certified(self, name: str, address: str, *, expired: bool) -> tuple[Path, Path]:
        """A certificate, followed by the authority's, and its key, one pair a host; whoever drops rights reads it."""
        stem = f"{name}-{'over' if expired else 'good'}"
        pair = self.folder / f"{stem}.crt", self.folder / f"{stem}.key"
        if pair[1].exists():
            return pair
        key = ec.generate_private_key(ec.SECP256R1())
        until = self.now + timedelta(-3 if expired else 300)
        called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        names = x509.SubjectAlternativeName(
            [x509.DNSName(name.encode("idna").decode()), x509.IPAddress(ipaddress.ip_address(address))]
        )
        made = self._begun(called, key, until).add_extension(names, critical=False)
        signed = made.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM)
        pair[0].write_bytes(signed + (self.folder / "ca.pem").read_bytes())
        pair[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        pair[1].chmod(0o644)
        return pair
