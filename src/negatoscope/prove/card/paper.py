"""The card and the tree: what stands on them, and how they are laid out. Paper works when nothing else does."""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from negatoscope.prove.report.pdf import ARCHIVES, laid_out

CALLED, HELPERS = 5, 6
"""Lines that fit on each side of a card."""
NAME, PHONE = 24, 18
"""Characters of a name and of a number that fit on a line of a card."""


class Line(Struct, frozen=True):
    """Somebody of the practice to call."""

    rank: str
    name: str
    phone: str
    other: str
    deputy: str
    note: str
    """That they are away, and until when."""


class Helper(Struct, frozen=True):
    """Somebody outside."""

    name: str
    when: str
    phone: str
    note: str
    """What is not certain about the number."""


class Tree(Struct, frozen=True):
    """Everything that either paper says."""

    lang: str
    practice: str
    day: str
    lines: tuple[Line, ...]
    helpers: tuple[Helper, ...]
    carried: tuple[Helper, ...]
    """Those of the card, the practice's own first."""


def tree(told: Tree, made: datetime) -> bytes:
    """Lay out the call tree on A4: PDF/A, tagged."""
    return laid_out(_template("tree.typ"), {**msgspec.to_builtins(told), "words": words(told.lang)}, made)


def card(told: Tree, made: datetime) -> bytes:
    """Lay out four cards on A4, each to be cut out and folded once: the size of a bank card, two sides."""
    less = msgspec.structs.replace(
        told,
        practice=shortened(told.practice, 40),
        lines=tuple(_short(line) for line in told.lines[:CALLED]),
        carried=tuple(_short(one) for one in told.carried[:HELPERS]),
    )
    return laid_out(
        _template("card.typ"), {**msgspec.to_builtins(less), "words": words(told.lang)}, made, standards=ARCHIVES
    )


def shortened(text: str, most: int) -> str:
    """A text that fits on a line of the card."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _short(one: Line | Helper) -> Line | Helper:
    name, phone = shortened(one.name, NAME), shortened(one.phone, PHONE)
    if isinstance(one, Line):
        return msgspec.structs.replace(one, name=name, phone=phone, other=shortened(one.other, PHONE))
    return msgspec.structs.replace(one, name=name, phone=phone)


@cache
def words(lang: str) -> dict[str, str]:
    """The fixed words of both papers."""
    book = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    return {code: said[lang] for code, said in book.items()}


def _template(name: str) -> bytes:
    return files(__package__).joinpath(name).read_bytes()
