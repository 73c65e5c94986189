"""Central directories: who they know, what these may do, and how the directory itself is set."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class DirectoryKind(StrEnum):
    """What answers under a directory's name."""

    ACTIVE_DIRECTORY = "active_directory"
    OPENLDAP = "openldap"


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that the practice declares or that a look found: a place of its own, as a host is."""

    SCOPE: ClassVar[Scope] = "practice"

    realm: str
    """DNS name in lower case: ``cabinet.lan``."""
    kind: DirectoryKind | None = None

    @property
    def ref(self) -> Ref:
        """``directory/<realm>``."""
        return f"directory/{self.realm}"
