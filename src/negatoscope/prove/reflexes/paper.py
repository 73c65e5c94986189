"""What stands on a sheet, and how it is laid out: A4, two pages, PDF/A and PDF/UA."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from negatoscope.prove.report.pdf import laid_out


class Caller(Struct, frozen=True):
    """Somebody to call."""

    name: str
    phones: str


class Paper(Struct, frozen=True):
    """Everything that a sheet says. ``titles`` and ``steps`` by phase."""

    lang: str
    practice: str
    day: str
    title: str
    seen: str
    titles: Mapping[str, str]
    steps: Mapping[str, list[str]]
    sources: list[str]
    callers: tuple[Caller, ...]


def render(told: Paper, made: datetime) -> bytes:
    """Lay a sheet out."""
    template = files(__package__).joinpath("sheet.typ").read_bytes()
    return laid_out(template, {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the paper."""
    book = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {code: said[lang] for code, said in book.items()}
