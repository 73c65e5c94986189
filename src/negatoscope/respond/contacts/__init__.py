"""Public bodies that help on a day of crisis: data with its date and source. The practice's own word comes first."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said, Text


class Public(Struct, frozen=True, forbid_unknown_fields=True):
    """One body. What is said of it was true on ``as_of``, so far as ``confidence`` says."""

    id: str
    name: Text
    when: Said
    """When to call them, and at which hours they answer."""
    phone: Text
    source: Text
    as_of: date
    confidence: Literal["sure", "likely", "doubtful"]
    region: str = ""
    """Only for those of this region; empty: for everybody."""
    card: bool = False
    """Stands on the card that everyone carries."""
    doubt: Said | None = None
    """What is not certain about it."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    contact: tuple[Public, ...]


@cache
def public() -> tuple[Public, ...]:
    """Every public body, in the order of the file. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("public.toml").read_bytes(), type=_File).contact


def besides(own: Iterable[str]) -> tuple[Public, ...]:
    """Those that the practice does not list itself; ``own``: the names of those that it does."""
    listed = {name.strip().casefold() for name in own}
    return tuple(one for one in public() if one.name.casefold() not in listed)
