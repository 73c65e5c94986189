"""Until when a publisher mends a system, as dated data."""

from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

FILE = Path(__file__).parent / "ends_of_support.toml"


class System(Struct, frozen=True, forbid_unknown_fields=True):
    """One edition. ``ends``: ``None`` where its name does not tell."""

    words: tuple[str, ...]
    ends: date | None = None


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    systems: tuple[System, ...]


@cache
def _systems() -> tuple[System, ...]:
    return msgspec.toml.decode(FILE.read_bytes(), type=_File).systems


def system(name: str) -> System | None:
    """The edition that an operating system's name tells of, registered marks and case aside."""
    plain = " ".join(name.replace("®", "").replace("™", "").lower().split())
    return next((one for one in _systems() if all(word.lower() in plain for word in one.words)), None)
