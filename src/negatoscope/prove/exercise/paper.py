"""The result sheet of an exercise: what was expected, what was done when, by both clocks. PDF/A, tagged."""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from negatoscope.prove.report.pdf import laid_out


class Row(Struct, frozen=True):
    """One expectation. All in words, empty where it did not happen."""

    mark: str
    good: bool | None
    """Met, not met; ``None``: it does not count."""
    text: str
    why: str
    vital: bool
    shown: str
    """When, by the exercise's clock."""
    real: str
    """When, by the world's."""
    due: str


class Event(Struct, frozen=True):
    """Something that came or was chosen."""

    shown: str
    said: str
    chosen: str


class Sheet(Struct, frozen=True):
    """Everything that the sheet says."""

    lang: str
    practice: str
    number: int
    title: str
    begun: str
    ended: str
    by: str
    met: str
    vital: int
    whole: bool
    """Everything of the scenario came."""
    rows: tuple[Row, ...]
    events: tuple[Event, ...]


def sheet(told: Sheet, made: datetime) -> bytes:
    """Lay it out on A4."""
    template = files(__package__).joinpath("sheet.typ").read_bytes()
    return laid_out(template, {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the sheet."""
    book = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {code: said[lang] for code, said in book.items()}
