"""The settings of a host that the rules read, one fact a subject."""

from dataclasses import dataclass
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class SshServer:
    """The effective configuration of an SSH server (``sshd -T``), or that there is none."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    present: bool
    root_login: str | None = None
    """``yes``, ``no``, ``prohibit-password`` or ``forced-commands-only``."""
    password_authentication: bool | None = None
    empty_passwords: bool | None = None

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


STARTERS = frozenset({"/boot", "/boot/efi", "/boot/firmware", "/efi"})
"""Where is mounted what a computer reads before it can decrypt anything; no data live there."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A file system or swap on a disk, and whether the disk below it is encrypted.

    ``mount``: its path, or ``C:`` on Windows; ``swap:NAME`` and ``disk:NAME`` for swap and for what is not mounted.
    """

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    mount: str
    encrypted: bool | None = None
    removable: bool | None = None

    @property
    def ref(self) -> Ref:
        """``volume/<host>/<mount>``; a path has its own slash."""
        return f"volume/{self.host.removeprefix('host/')}/{self.mount.removeprefix('/')}"


@dataclass(frozen=True, slots=True)
class RemovableMedia:
    """Whether a USB stick plugged into the host is usable."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    blocked: bool | None = None
    means: str | None = None
    """``usbguard``, ``module`` (usb-storage cannot load), ``udev`` or ``kernel`` (no such driver)."""
    autorun: bool | None = None

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class Firewall:
    """The host's own packet filter."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    active: bool | None = None
    default_deny: bool | None = None
    """Incoming packets that no rule allows are dropped."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class TimeSync:
    """Whether the clock follows a time source: logs that disagree on the hour prove nothing."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    synchronised: bool | None = None

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class LogPolicy:
    """How a host keeps its own logs."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    persistent: bool | None = None
    """Survives a restart."""
    remote: bool | None = None
    """Sent to another host as they happen."""
    retention_days: int | None = None
    """Shortest of the stated limits in days; ``None`` where bounded by size only or not read."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host
