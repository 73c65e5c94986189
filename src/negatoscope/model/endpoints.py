"""What inventory agents tell of computers that other looks do not: themselves, antivirus, settings of Windows."""

from dataclasses import dataclass
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class AgentContact:
    """An inventory agent runs on the host and reached us; when, is the date of the look."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    client: str | None = None
    """What the agent calls itself, version included: ``GLPI-Agent_v1.11``."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class Antivirus:
    """One antivirus that Windows' security centre knows of; a host without Windows has none."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    name: str
    enabled: bool | None = None
    up_to_date: bool | None = None

    @property
    def ref(self) -> Ref:
        """``antivirus/<host>/<name>``."""
        return f"antivirus/{self.host.removeprefix('host/')}/{self.name}"


@dataclass(frozen=True, slots=True)
class WindowsSecurity:
    """Settings of Windows that have no twin elsewhere, or that the host does not run Windows."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    present: bool
    """It runs Windows."""
    lsa_protected: bool | None = None
    """Programs cannot read log-ins in memory (``RunAsPPL``)."""
    elevation_asked: bool | None = None
    """Rights are asked for before they are lent (``EnableLUA``)."""
    clear_logons: bool | None = None
    """Passwords of sessions stay readable in memory (WDigest)."""
    old_sharing: bool | None = None
    """Files are shared by SMB 1 too."""
    local_password_managed: bool | None = None
    """The local administrator's password changes by itself and is kept in the directory (LAPS)."""
    recovery_escrowed: bool | None = None
    """BitLocker refuses to start before the directory holds the recovery key."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host
