"""Which characters the report's fonts can print: read from the fonts themselves. PDF/A forbids any other."""

import struct
from functools import cache
from pathlib import Path

import font_source_sans_pro

FOLDER = Path(font_source_sans_pro.font_directory)
WEIGHTS = ("Regular", "Semibold")
"""The weights that the template uses."""
_WINDOWS_BMP = (3, 1)
_LAST = 0xFFFF


@cache
def printable() -> frozenset[str]:
    """Characters that every weight holds, among those of the Basic Multilingual Plane."""
    held = [_characters((FOLDER / f"SourceSansPro-{weight}.ttf").read_bytes()) for weight in WEIGHTS]
    return frozenset.intersection(*held)


def _characters(font: bytes) -> frozenset[str]:
    """The ``cmap`` table in format 4: segments of code points, each shifted or looked up to a glyph."""
    start = _table(font, b"cmap")
    (tables,) = struct.unpack_from(">H", font, start + 2)
    for number in range(tables):
        platform, encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * number)
        if (platform, encoding) == _WINDOWS_BMP:
            return frozenset(_segments(font, start + offset))
    raise ValueError("the font maps no Unicode")


def _table(font: bytes, tag: bytes) -> int:
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(tag)


def _segments(font: bytes, at: int) -> set[str]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + twice)
    shifts = struct.unpack_from(f">{count}H", font, at + 16 + 2 * twice)
    offsets_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", font, offsets_at)
    found: set[str] = set()
    for number, (first, last, shift, offset) in enumerate(zip(starts, ends, shifts, offsets, strict=True)):
        for code in range(first, min(last, _LAST - 1) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", font, offsets_at + 2 * number + offset + 2 * (code - first))
            if glyph and (glyph + shift) & _LAST:
                found.add(chr(code))
    return found
