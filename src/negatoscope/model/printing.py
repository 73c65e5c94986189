"""How printers print, as they say it themselves."""

from dataclasses import dataclass
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class PrintQueue:
    """A queue of a printer or of a print server (IPP, RFC 8011 and PWG 5100.11)."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    name: str
    """As in its address: ``accueil`` in ``ipp://printer/printers/accueil``."""
    held: bool | None = None
    """A job waits until somebody releases it, unless its sender says otherwise (``job-hold-until-default``)."""
    can_hold: bool | None = None
    """It is able to make a job wait (``job-hold-until-supported``, ``job-password-supported``)."""
    code: bool | None = None
    """It is able to wait for a code typed at the printer (``job-password-supported``)."""
    authenticated: bool | None = None
    """It asks who prints (``uri-authentication-supported``)."""
    encrypted: bool | None = None
    """Jobs travel in TLS only (``uri-security-supported``)."""
    device: str | None = None
    """The printer that it feeds: address or name."""

    @property
    def ref(self) -> Ref:
        """``printqueue/<host>/<name>``."""
        return f"printqueue/{self.host.removeprefix('host/')}/{self.name}"
