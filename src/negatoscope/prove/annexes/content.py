"""What the annexes are made of, and their words in both languages."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import msgspec

from negatoscope.model.drawing import Drawing, Link, Node, Way
from negatoscope.model.evidence import Ref, Source, Values
from negatoscope.model.register import Register

PEOPLE = frozenset({"declared", "spreadsheet"})
"""Collectors that bring the word of people."""
UNKNOWN = "?"


class Annex(msgspec.Struct, frozen=True):
    """One annex. ``widths``: of its columns, one with another; ``newest`` and ``oldest``: of the proofs behind it."""

    code: str
    title: str
    about: str
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    newest: str
    oldest: str
    gaps: tuple[str, ...]
    """What could not be looked at, and what would fill it."""


@dataclass(frozen=True)
class Book:
    """Everything that annexes are written from. ``gap`` and ``day`` say these in the reader's language."""

    register: Register
    drawing: Drawing
    lang: str
    gap: Callable[[str, Values], str]
    day: Callable[[datetime], str]

    @cached_property
    def nodes(self) -> Mapping[Ref, Node]:
        """Points of the drawing by name."""
        return {node.ref: node for node in self.drawing.nodes}

    @cached_property
    def links(self) -> Mapping[Way, tuple[Link, ...]]:
        """Lines of the drawing by what they say."""
        told: dict[Way, list[Link]] = {}
        for link in self.drawing.links:
            told.setdefault(link.way, []).append(link)
        return {way: tuple(links) for way, links in told.items()}

    def sources(self, kind: type[Any], ref: Ref) -> tuple[Source, ...]:
        """Who speaks of a subject."""
        return self.register.seen(kind).sources.get(ref, ())

    def name(self, ref: Ref | None) -> str:
        """A point of the drawing, or a subject, as people call it."""
        node = self.nodes.get(ref or "")
        return node.name if node is not None else (ref or "").partition("/")[2]

    def word(self, code: str) -> str:
        """One word in the reader's language."""
        return say("words", code, self.lang)

    def fact(self, value: object) -> str:
        """A field of a fact: what nobody knows is a question mark, never a blank."""
        if value is None:
            return UNKNOWN
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if isinstance(value, (tuple, list)):
            return ", ".join(map(str, value)) or self.word("none")
        return str(value)

    def choice(self, section: str, value: str | None) -> str:
        """A code of a closed list, in words."""
        return UNKNOWN if value is None else say(section, value, self.lang)


class Line(msgspec.Struct, frozen=True):
    """One row, and who speaks of it."""

    cells: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Sheet:
    """How one annex is written. ``kinds``: facts whose passages and gaps say what it may lack."""

    code: str
    columns: tuple[tuple[str, int], ...]
    kinds: tuple[type[Any], ...]
    lines: Callable[[Book], Iterable[Line]]


@cache
def _book() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def say(where: str, code: str, lang: str) -> str:
    """One text; a code without one prints as it is."""
    said = _book()[where].get(code)
    return code if said is None else said[lang]


def section(where: str, lang: str) -> dict[str, str]:
    """Every text of one section."""
    return {code: said[lang] for code, said in _book()[where].items()}
