"""One clause of a rule beside one value: the meaning of every leaf, in one place."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from operator import ge, gt, le, lt
from re import _parser  # type: ignore[attr-defined] # the reader of regular expressions has no other name
from typing import Any

from negatoscope.watch.sigma.tree import (
    ONE,
    Compare,
    Exists,
    Inside,
    Leaf,
    Like,
    Moment,
    Pattern,
    Same,
    Text,
    Where,
)

LARGE = 256
"""Instructions of a regular expression that is cheap on any value; few public rules have a larger one."""
SOUGHT = 16_384
"""Characters of a value in which a larger one is sought: its time is linear, but may be a millisecond each."""

type_test = Callable[[str], bool]
ORDERS = {"lt": lt, "lte": le, "gt": gt, "gte": ge}
LONGEST = 64
"""Characters of a number or an address; longer is neither."""


def text_of(value: object) -> str:
    """What a value is compared as."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@lru_cache(4096)
def tester(leaf: Leaf) -> type_test:
    """Whether one value, as it stands, is as a clause asks; for ``Same`` see ``same``."""
    match leaf:
        case Text():
            return _text(leaf.where, leaf.text, cased=leaf.cased)
        case Like():
            return _like(leaf)
        case Pattern():
            return _pattern(leaf)
        case Exists():
            return lambda value: value != ""
    return _reckoned(leaf)


def _reckoned(leaf: Leaf) -> type_test:
    """A clause about what a value means, not how it is written."""
    match leaf:
        case Inside():
            return _inside(leaf.network)
        case Compare():
            return _compare(leaf)
        case Moment():
            return _moment(leaf)
    raise TypeError(leaf)


def same(leaf: Same, value: str, other: str) -> bool:
    """Whether a value is as another field's value asks."""
    return _text(leaf.where, other if leaf.cased else other.casefold(), cased=leaf.cased)(value)


def _text(where: Where, text: str, *, cased: bool) -> type_test:
    if cased:
        return lambda value: stands(where, text, value)
    return lambda value: stands(where, text, value.casefold())


def stands(where: Where, text: str, value: str) -> bool:
    """Whether a value has a text where it must."""
    match where:
        case Where.IS:
            return value == text
        case Where.HAS:
            return text in value
        case Where.STARTS:
            return value.startswith(text)
        case Where.ENDS:
            return value.endswith(text)


def _like(leaf: Like) -> type_test:
    pieces = [_piece(piece) for piece in leaf.pieces]
    if leaf.cased:
        return lambda value: _in_order(pieces, value)
    return lambda value: _in_order(pieces, value.casefold())


def _piece(piece: str) -> tuple[re.Pattern[str], int]:
    """A piece, characters as they stand and any one for ``ONE``; and how many characters it takes."""
    letters = "".join("." if letter == ONE else re.escape(letter) for letter in piece)
    return re.compile(letters, re.DOTALL), len(piece)


def _in_order(pieces: list[tuple[re.Pattern[str], int]], value: str) -> bool:
    """Whether pieces follow one another, the first at the start and the last at the end. Linear, never backtracks."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return bool(first[0].fullmatch(value))
    place = first[1] if first[0].match(value) else -1
    for piece, length in pieces[1:-1]:
        if place < 0:
            return False
        found = piece.search(value, place)
        place = found.start() + length if found else -1
    end = len(value) - last[1]
    return 0 <= place <= end and bool(last[0].fullmatch(value, end))


RUN = re.compile(r"(?:\.|\(\.\))\{(\d+)(?:,\d*)?\}")
"""So many characters in a row, whichever they are: for a thousand, RE2 needs a tenth of a second to begin."""


def _expression(leaf: Pattern) -> Any:  # noqa: ANN401 -- re2 tells no types
    import re2  # noqa: PLC0415 -- most rules have none

    options = re2.Options()
    options.never_capture = True  # where groups stand is not asked, and costs tenfold
    flags = f"(?{leaf.flags})" if leaf.flags else ""
    return re2.compile(flags + leaf.expression, options)


def size_of(leaf: Pattern) -> int:
    """How many instructions a regular expression takes: what a character of a value may cost."""
    return int(_expression(leaf).programsize)


def _least(leaf: Pattern) -> int:
    """Characters of the shortest text in which an expression can be found; 0 where it is not known."""
    if "[:" in leaf.expression:
        return 0
    try:
        return int(_parser.parse(leaf.expression).getwidth()[0])
    except (re.error, RecursionError, OverflowError):
        return 0


def _pattern(leaf: Pattern) -> type_test:
    """RE2, as pySigma reads expressions: linear whatever comes. A line feed at the end does not hide the end."""
    run = RUN.fullmatch(leaf.expression)
    if run and "s" not in leaf.flags:
        least = int(run[1])
        return lambda value: any(len(line) >= least for line in value.split("\n"))
    compiled, least = _expression(leaf), _least(leaf)
    search, most = compiled.search, SOUGHT if compiled.programsize > LARGE else None

    def test(value: str) -> bool:
        if len(value) < least:
            return False
        data = value[:most].encode("utf-8", "replace")
        return search(data) is not None or (data.endswith(b"\n") and search(data[:-1]) is not None)

    return test


def _inside(network: str) -> type_test:
    net = ip_network(network)

    def test(value: str) -> bool:
        return len(value) <= LONGEST and any(address in net for address in _addresses(value))

    return test


@lru_cache(4096)
def _addresses(value: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """The address that a value is, with that which it maps; none if it is none."""
    try:
        address = ip_address(value.strip().partition("%")[0])
    except ValueError:
        return ()
    mapped = getattr(address, "ipv4_mapped", None)
    return (address,) if mapped is None else (address, mapped)


def _compare(leaf: Compare) -> type_test:
    order = ORDERS[leaf.operator]

    def test(value: str) -> bool:
        try:
            return len(value) <= LONGEST and order(float(value), leaf.number)
        except ValueError:
            return False

    return test


def _moment(leaf: Moment) -> type_test:
    def test(value: str) -> bool:
        try:
            at = datetime.fromisoformat(value) if len(value) <= LONGEST else None
        except ValueError:
            return False
        if at is None:
            return False
        found: int = at.isocalendar().week if leaf.part == "week" else getattr(at, leaf.part)
        return found == leaf.number

    return test
