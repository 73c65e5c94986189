"""A probe of tests: a key, parcels sealed and chained with it, as ``negatoscope.probe`` seals them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from negatoscope.kit.issuing import private_pem
from negatoscope.probe import code, parcel, signed
from negatoscope.probe.messages import Enrolled, Enrolment, Order
from negatoscope.probe.parcel import Header, Manifest

if TYPE_CHECKING:
    from negatoscope.flows.console import Console
    from negatoscope.store.probes import ProbeRow


@dataclass
class Parcel:
    """One parcel, as bytes."""

    number: int
    head: str
    data: bytes


@dataclass
class Stand:
    """What stands on the network."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    enrolled: Enrolled | None = None
    number: int = 0
    previous: str = ""

    @property
    def request(self) -> str:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
        builder = x509.CertificateSigningRequestBuilder().subject_name(name)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    @property
    def known(self) -> Enrolled:
        assert self.enrolled is not None
        return self.enrolled

    @property
    def pem(self) -> bytes:
        return self.known.certificate.encode() + private_pem(self.key)

    def shows(self, text: str) -> Enrolment:
        return Enrolment(code.typed(text).secret.hex(), self.request, edition="1.0")

    def seal(self, manifest: Manifest, capture: bytes, **said: Any) -> Parcel:  # noqa: ANN401 -- fields of the header
        """The next parcel; ``said``: what its header shall say instead of the truth."""
        body = BytesIO()
        sealed = parcel.pack(manifest, self.known.recipients, body, lambda sealer: sealer.write(capture))
        self.number += 1
        told = {
            "probe": self.known.id, "number": self.number, "previous": self.previous, "digest": sealed.digest,
            "size": sealed.size, "sealed_at": manifest.ended,
        }  # fmt: skip
        header = Header(**{**told, **said})
        lines = parcel.head(header, self.key)
        fingerprint = signed.read(parcel.MAGIC, Header, BytesIO(lines)).fingerprint
        self.previous = fingerprint
        return Parcel(header.number, fingerprint, lines + body.getvalue())


def enrolled(console: Console, name: str = "Sonde nord", site: str = "") -> tuple[Stand, ProbeRow]:
    """A probe that came in by a code."""
    from negatoscope.flows import enrolling  # noqa: PLC0415 -- after Django's set-up
    from negatoscope.store import probes  # noqa: PLC0415

    row, text = enrolling.invite(console, "terminal:essai", enrolling.Newcomer(name, site))
    stand = Stand()
    stand.enrolled = enrolling.enrol(console, stand.shows(text))
    return stand, probes.bearing(row.pk)


def made(look: Order, at: datetime, **said: Any) -> Manifest:  # noqa: ANN401 -- fields of the manifest
    """What a probe says of a look that it made at an instant."""
    told = {
        "order": look.number, "collector": look.collector, "target": look.target, "started": at, "ended": at,
        "settings": look.settings, "complete": True,
    }  # fmt: skip
    return Manifest(**{**told, **said})
