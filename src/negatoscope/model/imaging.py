"""Imaging devices: how their DICOM ports answer, and what their manufacturers agreed to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class DicomNode:
    """A port that answers a DICOM association (PS3.8 9.3), asked for nothing but C-ECHO (PS3.7 9.1.5)."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    port: int
    ae_title: str | None = None
    """The called title under which it answered."""
    any_called: bool | None = None
    """Answers also when called by a name made up."""
    any_calling: bool | None = None
    """Answers also to a caller whose name was made up."""
    echo: bool | None = None
    """C-ECHO came back with status 0000."""
    encrypted: bool | None = None
    """TLS from the first byte."""
    tls_version: str | None = None
    certificate_until: datetime | None = None
    """End of the certificate's validity; nobody checked who signed it."""
    implementation_uid: str | None = None
    implementation_name: str | None = None
    max_pdu: int | None = None
    """Bytes; 0: no limit."""

    @property
    def ref(self) -> Ref:
        """``service/<host>/tcp/<port>``: the same subject as the service."""
        return f"service/{self.host.removeprefix('host/')}/tcp/{self.port}"


class PaperState(StrEnum):
    """On what ground a modality is updated, or is not."""

    AGREEMENT = "agreement"
    """The manufacturer signed off the updates in place."""
    DEROGATION = "derogation"
    """No agreement: accepted until a date, with a protection instead."""


@dataclass(frozen=True, slots=True)
class UpdatePaper:
    """What stands behind the updates of one modality: the manufacturer's agreement, or a dated derogation."""

    SCOPE: ClassVar[Scope] = "practice"

    host: Ref
    state: PaperState
    stated_by: str
    """Who signed for the manufacturer, or who at the practice answers for the derogation."""
    until: datetime
    compensation: str | None = None
    """The protection in place of updates, for example a network of its own."""
    document_name: str | None = None
    """MDS2 form or letter."""
    document_digest: str | None = None

    @property
    def ref(self) -> Ref:
        """``updatepaper/<host>``."""
        return f"updatepaper/{self.host.removeprefix('host/')}"
