"""An authority for one test, a server that it certified, and clients."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from negatoscope.intake.events.syslog import verifying
from negatoscope.kit.clock import utc_now
from negatoscope.kit.issuing import Authority, found, private_pem


@dataclass(frozen=True)
class Papers:
    """Files in PEM."""

    folder: Path
    authority: Path
    server: Path

    def accepting(self, *, clients: bool) -> ssl.SSLContext:
        return verifying(str(self.server), str(self.server), str(self.authority) if clients else None)

    def calling(self, client: Path | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.authority))
        if client is not None:
            context.load_cert_chain(str(client))
        return context


def papers(folder: Path) -> tuple[Papers, Authority]:
    """Of a server on loopback."""
    authority = found(utc_now())
    made = Papers(folder, folder / "authority.pem", folder / "server.pem")
    made.authority.write_bytes(authority.pem)
    made.server.write_bytes(authority.server(["localhost", "127.0.0.1"], utc_now()))
    return made, authority


def client(authority: Authority, name: str, folder: Path) -> Path:
    """A key and its certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    certificate = authority.client(asked.public_bytes(Encoding.PEM), name, utc_now())
    file = folder / f"{name}.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private_pem(key))
    return file
