"""What stands on the paper of custody, and how it is laid out: A4, PDF/A, tagged."""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from negatoscope.prove.report.pdf import laid_out


class Link(Struct, frozen=True):
    """One line of a chain."""

    when: str
    what: str
    who: str


class Piece(Struct, frozen=True):
    """One piece of evidence."""

    title: str
    name: str
    size: str
    digest: str
    read: bool
    """The console read it; else its digest is somebody's word."""
    holder: str
    seal: str
    altered: bool
    links: tuple[Link, ...]


class Paper(Struct, frozen=True):
    """All that the paper says."""

    lang: str
    practice: str
    incident: str
    day: str
    pieces: tuple[Piece, ...]
    ledger: str


def render(told: Paper, made: datetime) -> bytes:
    """Lay it out."""
    template = files(__package__).joinpath("custody.typ").read_bytes()
    return laid_out(template, {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of the paper."""
    book = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {code: said[lang] for code, said in book.items()}
