"""What stands in a printed dossier, and how it is laid out: A4, PDF/A and PDF/UA."""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from negatoscope.prove.report.pdf import laid_out


class Row(Struct, frozen=True):
    """One field. ``note``: that it is missing, doubtful, or changed since the last version."""

    label: str
    lines: tuple[str, ...]
    note: str = ""
    ticks: tuple[str, ...] = ()
    """What may be ticked, on a blank form."""
    tall: bool = False
    """Needs room to write, on a blank form."""


class Part(Struct, frozen=True):
    """A part of the form."""

    title: str
    rows: tuple[Row, ...]


class Paper(Struct, frozen=True):
    """Everything that a dossier says."""

    lang: str
    practice: str
    title: str
    about: str
    """Which incident, or that the form is blank."""
    made: str
    portal: str
    source: str
    doubt: str
    missing: tuple[str, ...]
    sent: tuple[str, ...]
    """What left until now, a line each."""
    parts: tuple[Part, ...]
    blank: bool = False
    """To be filled with a pen."""
    kept: bool = False
    """It stays in the house."""
    exercise: bool = False
    """Nothing of it is real."""


class Letter(Struct, frozen=True):
    """A letter. ``body``: its paragraphs, each in lines."""

    lang: str
    title: str
    sender: tuple[str, ...]
    day: str
    body: tuple[tuple[str, ...], ...]


def letter(told: Letter, made: datetime) -> bytes:
    """Lay a letter out."""
    template = files(__package__).joinpath("letter.typ").read_bytes()
    return laid_out(template, {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


def render(told: Paper, made: datetime) -> bytes:
    """Lay a dossier out."""
    template = files(__package__).joinpath("dossier.typ").read_bytes()
    return laid_out(template, {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the paper."""
    book = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {code: said[lang] for code, said in book.items()}
