"""How services encrypt: the versions and ciphers that they take, and the certificate that they show."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class TlsService:
    """What a port answers to who asks for TLS. Images (DICOM) are asked by their own collector."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    port: int
    upgraded: str | None = None
    """The protocol that begins in clear and was asked to go on in TLS (STARTTLS): ``smtp``, ``ldap`` …"""
    versions: tuple[str, ...] | None = None
    """Accepted, oldest first, as in ``TLSv1.2``; empty: it speaks no TLS at all."""
    every_version: bool | None = None
    """Each version was asked for and answered, one way or the other."""
    weak: tuple[str, ...] | None = None
    """A cipher that no longer protects and that it takes, if it takes any (OpenSSL's name)."""
    certificate_from: datetime | None = None
    certificate_until: datetime | None = None
    key: str | None = None
    """``RSA``, ``EC``, ``Ed25519`` …"""
    key_bits: int | None = None
    signature: str | None = None
    """The digest under the certificate's signature, as in ``sha256``."""
    names: tuple[str, ...] | None = None
    """Names and addresses that the certificate is for."""
    self_signed: bool | None = None
    trusted: bool | None = None
    """Signed by an authority that this machine, or the settings of the look, know; its dates and names apart."""

    @property
    def ref(self) -> Ref:
        """``service/<host>/tcp/<port>``: the same subject as the service."""
        return f"service/{self.host.removeprefix('host/')}/tcp/{self.port}"
