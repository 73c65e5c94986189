"""What is kept off the network: who may open a sealed copy, which copies were made, and where the console stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope

COPY_STANDS = timedelta(days=30)
"""How long a sealed copy is worth something."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who may open sealed copies: a public key of age, whose other half is kept elsewhere."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    name: str
    """The person, or where the key is kept."""
    key: str
    """``age1…`` (age-encryption.org/v1, X25519)."""

    @property
    def ref(self) -> Ref:
        """``recipient/<name>``."""
        return f"recipient/{self.name}"


@dataclass(frozen=True, slots=True)
class SealedCopy:
    """A sealed copy, for a day of crisis, that this console made and handed out."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    made_at: datetime
    digest: str
    """sha256 of the sealed file."""
    octets: int
    made_by: str
    recipients: tuple[str, ...]
    """Names and the beginnings of the fingerprints of the keys that open it."""
    holds: tuple[str, ...] | None = None
    """Its parts: ``map``, ``calls``, ``reflexes``, ``duties``, ``verdicts``; ``None``: the map alone."""

    @property
    def ref(self) -> Ref:
        """``sealedcopy/<digest>``."""
        return f"sealedcopy/{self.digest}"


@dataclass(frozen=True, slots=True)
class ConsoleSeat:
    """Where the console itself stands, as its own machine says."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    addresses: tuple[str, ...] | None = None
    """With the length of their prefix, without loopback and link-local; none: it stands on no network."""

    @property
    def ref(self) -> Ref:
        """``consoleseat/<host>``."""
        return f"consoleseat/{self.host.removeprefix('host/')}"
