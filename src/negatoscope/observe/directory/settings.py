"""Where a directory answers, over which kind of TLS, and in whose name it is read."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.model.directory import DirectoryKind
from negatoscope.observe.collector import Bounds

SYSTEM_CA = "system"
"""The certificate authorities that this machine trusts."""
MAX_MINUTES = 240


class Mode(StrEnum):
    """How the connection is encrypted before anything is said. There is no clear one."""

    LDAPS = "ldaps"
    STARTTLS = "starttls"


PORTS = {Mode.LDAPS: 636, Mode.STARTTLS: 389}


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """One directory. The target of a look is its realm. ``declared`` and ``spared`` are filled in by ``bound``."""

    servers: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)]
    """Names or addresses, tried in order."""
    credential: str
    """Name of a stored log-in: a plain account of the directory is enough."""
    kind: DirectoryKind = DirectoryKind.ACTIVE_DIRECTORY
    mode: Mode = Mode.LDAPS
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    """``None``: 636 for LDAPS, 389 for StartTLS."""
    base: str | None = None
    """Distinguished name under which to look; ``None``: what the server says."""
    ca: str = SYSTEM_CA
    """Certificate of the authority that signed the server's, in PEM; ``system``: this machine's."""
    certificate_name: str | None = None
    """The name that the server's certificate bears, where it is reached under another."""
    privileged_groups: tuple[str, ...] = ()
    """Groups whose members administer; Active Directory's own are known."""
    minutes: Annotated[int, Meta(ge=1, le=MAX_MINUTES)] = 30
    patience: Annotated[int, Meta(ge=1, le=120)] = 20
    """Seconds that one answer may take."""
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, never a modality without consent, whatever the name that leads there."""
    return msgspec.structs.replace(settings, declared=bounds.networks, spared=bounds.spared)
