"""Files of logs: given once, or followed in a folder as they grow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogFolder:
    """A folder whose files are read as they grow."""

    number: int
    name: str
    """The source's, as pages call it."""
    folder: str
    pattern: str
    """Of the names of its files: ``*``, ``auth.log``, ``*.evtx``."""
    looked_at: datetime | None = None
    """When it was last looked at; ``None``: never."""
    trouble: str = ""
    """A code of why it could not be read; empty: it could."""
    files: int = 0
    """How many files of it are read."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One file that is followed, and how far it was read."""

    number: int
    origin: str
    """What it was called when it was first seen."""
    device: str
    inode: str
    """Empty where it is gone or was emptied: it may have been moved, copied or packed, and be found by ``proof``."""
    offset: int = 0
    """Octets that were read, of what it holds unpacked."""
    proof: str = ""
    """The digest of what stands right before ``offset``."""
    within: bool = False
    """Whether ``offset`` lies within a line that is too long, whose rest is passed over."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file that is read whole, once."""

    number: int
    digest: str
    name: str
    size: int
    given_at: datetime
    given_by: str
    rings_within: float
    """Seconds: of lines older than that no alert is raised; 0: of none."""
    state: str
    """``waiting``, ``reading``, ``done``, ``refused``."""
    taken: int
    """Pieces of it that are worked through."""
    counts: Mapping[str, int]
    """``kept``, and what could not be read by why."""
    folder: str = ""
    """The name of the followed folder in which it was found; empty: somebody gave it."""
    attempts: int = 0
    """How often it was begun since it last went on."""
