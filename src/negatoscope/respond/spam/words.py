"""What codes say to whoever reads them (``words.toml``). Pure."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a mail stays, what became of it, and what somebody says to have looked at."""

    why: dict[str, Said]
    outcome: dict[str, Said]
    looked: dict[str, Said]


@cache
def words() -> Words:
    """All of them. Raises msgspec.ValidationError."""
    return msgspec.toml.decode(Path(__file__).with_name("words.toml").read_bytes(), type=Words)
