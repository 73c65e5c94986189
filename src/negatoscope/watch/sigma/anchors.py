"""Anchors: for each rule the rarest clause without which it cannot match, so that few rules are tried on a record."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from re import _constants, _parser  # type: ignore[attr-defined] # the reader of regular expressions has no other name
from typing import Any

from negatoscope.watch.sigma.tree import ONE, All, AnyOf, Key, Leaf, Like, Node, Pattern, Text, Where

COMMON = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 .:,;-_/\\\"'()=%")
"""Characters that, alone, are in nearly every value."""
MOST = 4000
"""A clause of more alternatives than this is no anchor."""
SEVERAL = 8
"""Texts that a run of an expression may be written as: a few letters in one place, ``[ab]``, make as many."""
CERTAIN = 1.0

type_anchor = tuple[float, frozenset[Key]]


def keys_of(node: Node) -> tuple[Key, ...] | None:
    """The keys of which one is found in whatever matches; ``None`` where there are none."""
    found = _anchor(node)
    return None if found is None else tuple(sorted(found[1], key=lambda key: (key.field, key.how, key.text)))


def event_ids(node: Node) -> tuple[str, ...] | None:
    """The values of ``EventID`` without which a tree cannot hold; ``None``: any."""
    found = _events(node)
    return None if found is None else tuple(sorted(found))


def _events(node: Node) -> frozenset[str] | None:
    match node:
        case Text(field="eventid", where=Where.IS):
            return frozenset((node.text,))
        case All():
            found = [one for one in map(_events, node.parts) if one is not None]
            return frozenset.intersection(*found) if found else None
        case AnyOf():
            parts = [_events(part) for part in node.parts]
            several = [one for one in parts if one is not None]
            return frozenset().union(*several) if len(several) == len(parts) else None
    return None


def _anchor(node: Node) -> type_anchor | None:
    """The cheapest necessary clause of a tree, with the share of records that it lets through, reckoned."""
    if isinstance(node, All):
        found = [one for one in map(_anchor, node.parts) if one]
        return min(found, key=lambda one: (one[0], len(one[1])), default=None)
    if isinstance(node, AnyOf):
        parts = [_anchor(part) for part in node.parts]
        several = [one for one in parts if one]
        return _together(several) if len(several) == len(parts) else None
    keys = _keys(node) if isinstance(node, Leaf) else None
    return _together([(_share(key), frozenset((key,))) for key in keys]) if keys else None


def _together(found: Iterable[type_anchor]) -> type_anchor | None:
    shares, keys = zip(*found, strict=True)
    whole: frozenset[Key] = frozenset().union(*keys)
    return (sum(shares), whole) if len(whole) <= MOST else None


def _keys(node: Leaf) -> list[Key]:
    """The keys of one clause: one of them is found wherever it holds."""
    match node:
        case Text() if node.field != "eventid":
            return _of_text(node)
        case Like():
            text = max((part for piece in node.pieces for part in piece.split(ONE)), key=len).casefold()
            return [Key("has", node.field or "", text)] if _tells(text) else []
        case Pattern() if node.field:
            return [Key("re", node.field, text) for text in sorted(literals(node.expression, node.flags) or ())]
    return []


def _of_text(node: Text) -> list[Key]:
    text, field = node.text.casefold(), node.field or ""
    if node.where is Where.IS:
        return [Key("is", field, text)]
    if node.where is Where.ENDS and text.rfind("\\") == 0 and len(text) > 1:
        return [Key("tail", field, text[1:])]
    return [Key("has", field, text)] if _tells(text) else []


def _tells(text: str) -> bool:
    """Whether finding a text says anything."""
    return len(text) > 1 or (text != "" and text not in COMMON)


def literals(expression: str, flags: str) -> frozenset[str] | None:
    """Texts of which one, folded, is in every ASCII value that the expression is found in; ``None``: nothing sure.

    Python's reader and RE2 agree on what both read, but for classes such as ``[[:alpha:]]``.
    """
    if "[:" in expression:
        return None
    try:
        parsed = _parser.parse(expression, sum(getattr(re, letter.upper()) for letter in flags))
    except (re.error, RecursionError, OverflowError):
        return None
    found = _required(parsed)
    return found if found and len(found) <= MOST and all(map(_tells, found)) else None


def _required(parsed: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    """The best set of texts among those that a sequence asks for."""
    runs, sets = [frozenset(("",))], list[frozenset[str]]()
    for what, value in parsed:
        letters = _letters(what, value)
        if letters and len(letters) * len(runs[-1]) <= SEVERAL:
            runs[-1] = frozenset(begun + letter for begun in runs[-1] for letter in letters)
            continue
        if what is not _constants.AT:
            runs.append(letters or frozenset(("",)))
        inner = _within(what, value)
        if inner:
            sets.append(inner)
    sets += [frozenset(map(str.casefold, run)) for run in runs if "" not in run]
    return max(sets, key=lambda one: (min(map(len, one)), -len(one)), default=None)


def _letters(what: Any, value: Any) -> frozenset[str] | None:  # noqa: ANN401 -- the reader's own shapes
    """The characters of which one stands here, where they are few."""
    if what is _constants.MAX_REPEAT and value[:2] == (1, 1) and len(value[2]) == 1:
        return _letters(*value[2][0])
    if what is _constants.LITERAL:
        return frozenset((chr(value),))
    if what is _constants.IN and len(value) <= SEVERAL and all(kind is _constants.LITERAL for kind, _ in value):
        return frozenset(chr(letter) for _, letter in value)
    return None


def _within(what: Any, value: Any) -> frozenset[str] | None:  # noqa: ANN401 -- the reader's own shapes
    """What a group, a repetition or alternatives ask for."""
    if what is _constants.SUBPATTERN:
        return _required(value[-1])
    if what in (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT) and value[0] > 0:
        return _required(value[2])
    if what is _constants.ATOMIC_GROUP:
        return _required(value)
    if what is _constants.BRANCH:
        parts = [_required(branch) for branch in value[1]]
        several = [one for one in parts if one]
        return frozenset().union(*several) if len(several) == len(parts) else None
    return None


@cache
def _profile() -> dict[str, list[tuple[str, float]]]:
    """Values that are common in logs, by field in lower case, with the share of records that bear them."""
    text = files("negatoscope.watch.sigma").joinpath("profile.toml").read_text()
    return {
        field.lower(): [(value.casefold(), share) for value, share in values.items()]
        for field, values in tomllib.loads(text)["fields"].items()
    }


@cache
def _share(key: Key) -> float:
    """The share of records that a key lets through: what common values say, and a little for what they do not."""
    tests = {"is": str.__eq__, "has": str.__contains__, "re": str.__contains__, "tail": _tail}
    known = sum(share for value, share in _profile().get(key.field, ()) if tests[key.how](value, key.text))
    rest = 0.0005 if key.how in ("is", "tail") or not key.text.isascii() else 0.3 / len(key.text) ** 3
    return min(CERTAIN, known + rest + (0.2 if not key.field else 0.0))


def _tail(value: str, text: str) -> bool:
    return value.rpartition("\\")[2] == text
