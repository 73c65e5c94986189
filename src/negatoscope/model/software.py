"""Software, its updates, and where they come from."""

import re
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
    "anydesk", "teamviewer", "rustdesk", "dwservice", "dwagent", "splashtop", "logmein", "ultraviewer", "supremo",
    "ammyy", "screenconnect", "connectwise control", "radmin", "dameware", "netsupport", "nomachine", "meshagent",
    "meshcentral", "parsec", "chrome remote desktop", "chrome-remote-desktop", "gnome-remote-desktop", "krfb", "vino",
    "getscreen", "hoptodesk", "iperius remote", "zoho assist", "bomgar", "atera", "aeroadmin", "remoteutilities",
)  # fmt: skip
"""Parts of names (lower case) by which remote-control software is known, agents called clients included."""
REMOTE_PROTOCOLS = ("vnc", "x2go", "xrdp", "xpra", "freerdp-shadow")
"""Parts of names of which half are servers, and half what only looks at other hosts."""
NAMESAKES = frozenset({"parsec-service", "parsec-tool"})
"""Share a name with a tool and are none: Parsec the key store of Debian, not Parsec the remote desktop."""
_ELSEWHERE = re.compile(r"viewer|plugin|client|java|doc\b|common\b")


def remote_control(name: str) -> bool:
    """Whether software of this name lets somebody control the host that it is installed on. A library does not."""
    lowered = name.lower()
    if lowered in NAMESAKES or lowered.startswith(("lib", "gir1.2-", "fonts-", "gnome-shell-extension-")):
        return False
    if any(re.search(rf"\b{tool}", lowered) for tool in REMOTE_CONTROL):
        return True
    return any(word in lowered for word in REMOTE_PROTOCOLS) and not _ELSEWHERE.search(lowered)
