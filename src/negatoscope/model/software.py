"""Software, its updates, and where they come from."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class Software:
    """One installed package or programme."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    name: str
    version: str | None = None
    publisher: str | None = None

    @property
    def ref(self) -> Ref:
        """``software/<host>/<name>``."""
        return f"software/{self.host.removeprefix('host/')}/{self.name}"


@dataclass(frozen=True, slots=True)
class SoftwareCensus:
    """A host's software, reduced: what a rule reads instead of millions of rows."""

    SCOPE: ClassVar[Scope] = "host"
    SWEPT_AS: ClassVar[str] = "Software"
    """A census is as complete as the look at the software it counts."""

    host: Ref
    total: int
    unversioned: int
    remote_control: tuple[str, ...] = ()
    """Names of remote-control tools found among the software."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class Updates:
    """How a host stands with its vendor's updates."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    pending: int | None = None
    pending_security: int | None = None
    refreshed_at: datetime | None = None
    """When the list of available updates was last fetched."""
    automatic: bool | None = None
    unverified_sources: tuple[str, ...] | None = None
    """Package sources whose signature is not checked."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


REMOTE_CONTROL = (
    "anydesk", "teamviewer", "rustdesk", "dwservice", "splashtop", "logmein", "ultraviewer", "supremo", "ammyy",
    "screenconnect", "connectwise control", "radmin", "dameware", "netsupport", "vnc", "xrdp", "nomachine",
    "chrome remote desktop", "chrome-remote-desktop",
)  # fmt: skip
"""Parts of names (lower case) by which remote-control software is known."""
