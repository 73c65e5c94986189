"""What is asked of a Linux host that is still on, in the order in which it is lost."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """One command, and the name of the file that keeps its answer. It reads, and is given no shell."""

    id: str
    argv: tuple[str, ...]


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    look: tuple[Look, ...]


@cache
def looks() -> tuple[Look, ...]:
    """All of them, what is lost first, first (RFC 3227, 2.1)."""
    return msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=_File).look
