"""What hosts say in clear over UDP, to whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class ClearAnswer:
    """Whether a host answers a protocol in clear over UDP. Silence proves nothing, and is never a fact."""

    SCOPE: ClassVar[Scope] = "host"
    WORST: ClassVar[Mapping[str, bool]] = {"answers": True}
    """Where instruments disagree, the worst is believed."""

    host: Ref
    port: int
    protocol: str
    """``snmp`` (versions 1 and 2c) or ``tftp``."""
    answers: bool | None = None
    """``False``: the host itself said that its port is closed, or that it takes no version before the third."""
    published: bool | None = None
    """It answered to the name that every manual prints (``public``)."""

    @property
    def ref(self) -> Ref:
        """``clearanswer/<host>/<port>``."""
        return f"clearanswer/{self.host.removeprefix('host/')}/{self.port}"
