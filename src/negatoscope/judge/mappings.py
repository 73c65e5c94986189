"""What each rule answers in other texts: dated data, of our own mapping; ``mappings.toml`` names the sources."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said

FILE = Path(__file__).with_name("mappings.toml")


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """A text, its edition, and the day on which it was read."""

    name: Said
    edition: Said
    read_on: date


class Measure(Struct, frozen=True, forbid_unknown_fields=True):
    """One of ANSSI's 42 measures. ``level``: standard, reinforced (*renforcé*) or both."""

    level: Literal["standard", "reinforced", "both"]
    title: Said


class Mapped(Struct, frozen=True, forbid_unknown_fields=True):
    """What one rule answers. ``in_part``: measures that it meets in part."""

    anssi: tuple[int, ...]
    in_part: tuple[int, ...]
    iso: tuple[str, ...]
    """Controls of Annex A, without their « A. »."""
    nis2: tuple[str, ...]
    """Letters of article 21(2)."""
    recyf: tuple[int, ...]


class Mappings(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. ``gaps``: what no rule covers, by source."""

    sources: dict[str, Source]
    gaps: dict[str, Said]
    measures: dict[str, Measure]
    rules: dict[str, Mapped]


@cache
def mappings() -> Mappings:
    """Read the file. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode(FILE.read_bytes(), type=Mappings)


def cells(rule: str) -> dict[str, str]:
    """What one rule answers, a line of identifiers for each source; a measure met in part stands in brackets."""
    told = mappings().rules[rule]
    measures = [str(number) for number in told.anssi] + [f"({number})" for number in told.in_part]
    return {
        "anssi": ", ".join(measures),
        "iso": ", ".join(f"A.{one}" for one in told.iso),
        "nis2": ", ".join(told.nis2),
        "recyf": ", ".join(map(str, told.recyf)),
    }
