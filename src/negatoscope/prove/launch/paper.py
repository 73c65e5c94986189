"""The result sheet of a launch: who was called when, who answered after how long. PDF/A, tagged."""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from negatoscope.prove.report.pdf import laid_out


class Row(Struct, frozen=True):
    """One person. All in words, empty where it did not happen."""

    name: str
    lines: str
    ways: str
    called: str
    answered: str
    after: str
    how: str


class Sheet(Struct, frozen=True):
    """Everything that the sheet says."""

    lang: str
    practice: str
    purpose: str
    """``real`` or ``drill``."""
    number: int
    begun: str
    ended: str
    by: str
    reached: str
    first: str
    last: str
    silent: str
    rows: tuple[Row, ...]


def sheet(told: Sheet, made: datetime) -> bytes:
    """Lay it out on A4."""
    template = files(__package__).joinpath("sheet.typ").read_bytes()
    return laid_out(template, {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the sheet."""
    book = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {code: said[lang] for code, said in book.items()}
