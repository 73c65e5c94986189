"""How memory and disks are taken, by operating system: data with its date and source, read in this order."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Text

System = Literal["any", "windows", "linux", "macos"]


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do or not to; true on ``as_of`` so far as ``confidence`` says."""

    id: Text
    system: System
    fr: Text
    en: Text
    source: Text
    as_of: date
    confidence: Literal["sure", "likely", "doubtful"]

    def __getitem__(self, lang: Lang) -> str:
        """Say it in one language."""
        return self.fr if lang == "fr" else self.en


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    step: tuple[Step, ...]


@cache
def steps() -> tuple[Step, ...]:
    """Every step, in order. Raises msgspec.ValidationError where the file is not of this shape."""
    data = Path(__file__).with_name("acquisition.toml").read_bytes()
    return msgspec.toml.decode(data, type=_File).step
