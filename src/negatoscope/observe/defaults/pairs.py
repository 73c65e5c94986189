"""The log-ins that makers published, from ``pairs.toml``; and what is never tried, and why."""

from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

MOST = 2
"""Attempts on one account, and on one service, that no maker's lock answers to; ``left`` names those it would."""


class Pair(Struct, frozen=True, forbid_unknown_fields=True):
    """One published log-in. An empty ``username``: the product asks for a password alone."""

    id: str
    product: str
    protocol: str
    username: str
    password: str
    source: str
    path: str = "/"
    shows: str = ""
    """What the page says to who may read it: without a word of it, an open page proves nothing."""
    plain: bool = False
    """Its form sends what is typed, whatever programs are on the page."""
    doubtful: bool = False
    """Told by many, its maker's own word not seen."""

    def __repr__(self) -> str:
        """Tell nothing but which."""
        return f"Pair({self.id!r})"


class Left(Struct, frozen=True, forbid_unknown_fields=True):
    """A product on which nothing is tried."""

    product: str
    why: str
    """``locks``: one attempt may be one too many; ``own``: each device has a password of its own."""
    source: str


class _Book(Struct, frozen=True, forbid_unknown_fields=True):
    pairs: tuple[Pair, ...]
    left: tuple[Left, ...]


@cache
def _book() -> _Book:
    return msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=_Book)


def every() -> tuple[Pair, ...]:
    """All of them."""
    return _book().pairs


def of(product: str | None, protocol: str) -> tuple[Pair, ...]:
    """What may be tried on one product by one protocol."""
    return tuple(one for one in every() if (one.product, one.protocol) == (product, protocol))


def left() -> dict[str, Left]:
    """What is never tried, by product."""
    return {one.product: one for one in _book().left}
