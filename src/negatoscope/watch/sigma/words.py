"""What a rule asks for, in plain words: a short nested list made of its tree, for people who read no YAML.

The words are in ``words.toml``. What is long is cut, and says by how much: the text of the rule has all of it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Lang, Said, counted
from negatoscope.watch.sigma.tree import (
    ONE,
    All,
    AnyOf,
    Compare,
    Counted,
    Exists,
    Inside,
    Leaf,
    Like,
    Moment,
    Node,
    Not,
    Pattern,
    Rule,
    Same,
    Text,
    Where,
)

VALUES, PARTS = 8, 12
"""Values of a clause, and points of a list, that are said."""
LONG = 120
"""Characters of a value that are said."""
DEEP = 4
"""Correlations of correlations that are said."""
CASED = (Text, Like, Same)
VALUE = {Text: "text", Pattern: "expression", Inside: "network"}
KEY = re.compile(r"""^[ \t]*(?:-[ \t]+)*['"]?([^\s'"|:#][^'"|:]*?)['"]?(?:\|[\w|]+)?['"]?[ \t]*:""", re.MULTILINE)
"""A field at the head of a line of YAML, its modifiers aside."""
UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


class Line(Struct, frozen=True):
    """One point, and those within it."""

    text: str
    parts: tuple["Line", ...] = ()


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    phrases: dict[str, Said]
    fields: dict[str, Said]


class _Alike(Struct, frozen=True):
    """Clauses of one field that differ by their value alone: one is enough, or all are asked."""

    leaves: tuple[Leaf, ...]
    every: bool = False


@cache
def words() -> _Words:
    """Read ``words.toml``. Raises msgspec.ValidationError where it is not of this shape."""
    return msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=_Words)


def written(text: str) -> dict[str, str]:
    """Names of fields as the text of a rule writes them, by those in lower case."""
    return {name.lower(): name for name in KEY.findall(text)}


class Speaker:
    """Says rules in one language. ``text``: of the rule, for the names of fields as it writes them."""

    def __init__(self, lang: Lang, text: str = "") -> None:
        """Keep the language, and the names."""
        self.lang, self.written = lang, written(text)

    def rule(self, one: Rule | Counted, others: Mapping[str, Rule | Counted], depth: int = DEEP) -> Line:
        """What a rule looks for; ``others``: by id, those that a correlation counts."""
        if isinstance(one, Rule):
            return self.line(msgspec.msgpack.decode(one.node, type=Node))
        known = [others[ident] for ident in one.rules if ident in others]
        parts = [Line(each.title, (self.rule(each, others, depth - 1),) if depth else ()) for each in known]
        return Line(self._counts(one), self._cut(parts))

    def line(self, node: Node) -> Line:
        """What a tree asks for."""
        match node:
            case Not():
                return self._not(node, "not")
            case All() | AnyOf():
                return self._several(node)
        return Line(self._leaf(_Alike((node,))))

    def _several(self, node: All | AnyOf) -> Line:
        """Points of which all, or one, must be true; clauses of one field are said together, exceptions last."""
        parts = sorted(_together(node), key=lambda part: isinstance(part, Not))
        lines = [self._part(part, within_all=isinstance(node, All)) for part in parts]
        if len(lines) == 1:
            return lines[0]
        return Line(self._say("all" if isinstance(node, All) else "any"), self._cut(lines))

    def _part(self, part: Node | _Alike, *, within_all: bool) -> Line:
        if isinstance(part, _Alike):
            return Line(self._leaf(part))
        return self._not(part, "unless" if within_all else "not") if isinstance(part, Not) else self.line(part)

    def _not(self, node: Not, how: str) -> Line:
        inner = node.part
        if isinstance(inner, Exists):
            return Line(self._say("absent", field=self._field(inner.field)))
        said = self.line(inner)
        return Line(self._say(how, said=said.text), said.parts)

    def _cut(self, lines: Sequence[Line]) -> tuple[Line, ...]:
        rest = len(lines) - PARTS
        return (*lines[:PARTS], Line(self._many("more", rest))) if rest > 1 else tuple(lines)

    def _leaf(self, alike: _Alike) -> str:
        first = alike.leaves[0]
        if isinstance(first, Text) and first.text == "":
            return self._say("empty", field=self._field(first.field))
        code = _code(first, every=alike.every)
        values = self._values([self._value(leaf) for leaf in alike.leaves], "and" if alike.every else "or")
        said = self._say(code, field=self._field(first.field), values=values)
        return self._say("cased", said=said) if isinstance(first, CASED) and first.cased else said

    def _value(self, leaf: Leaf) -> str:
        """The value of a clause, as it is said; none of one that has none."""
        match leaf:
            case Text() | Pattern() | Inside():
                return self._quoted(str(getattr(leaf, VALUE[type(leaf)])))
            case Like():
                return self._quoted("*".join(leaf.pieces).replace(ONE, "?"))
            case Compare() | Moment():
                return f"{leaf.number:.15g}"
            case Same():
                return self._field(leaf.other)
            case Exists():
                return ""

    def _quoted(self, value: str) -> str:
        return self._say("quoted", value=value if len(value) <= LONG else value[:LONG] + "…")

    def _values(self, values: Sequence[str], link: str) -> str:
        rest = len(values) - VALUES
        said = [*values[:VALUES], self._many("more_values", rest)] if rest > 1 else list(values)
        head = ", ".join(said[:-1])
        return f"{head} {self._say(link)} {said[-1]}" if head else said[-1]

    def _field(self, field: str | None) -> str:
        name = words().fields.get(field or "")
        shown = self.written.get(field or "", field or "")
        return self._say("named", name=name[self.lang], field=shown) if name else self._say("field", field=shown)

    def _counts(self, one: Counted) -> str:
        """How many matches of other rules a correlation asks for, in how long, of what they share."""
        by = self._say("by", fields=self._fields(one.by)) if one.by else ""
        told = {"time": self._time(one.seconds), "by": by}
        if one.kind.startswith("temporal"):
            return self._say(one.kind, **told)
        number = self._say(f"n_{one.operator}", n=f"{one.count:g}")
        code = "values" if one.kind == "value_count" else "count"
        said = self._say(code, n=number, fields=self._fields(one.fields), **told)
        return counted(said, f"{one.count:g}", self.lang)

    def _fields(self, names: Iterable[str]) -> str:
        return f" {self._say('and')} ".join(self.written.get(name.lower(), name) for name in names)

    def _time(self, seconds: float) -> str:
        unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0 or size == 1)
        return self._many(unit, int(seconds // size))

    def _many(self, code: str, number: int) -> str:
        return counted(self._say(code, n=str(number)), number, self.lang)

    def _say(self, code: str, **values: str) -> str:
        return words().phrases[code][self.lang].format(**values)


def _code(leaf: Leaf, *, every: bool) -> str:
    """Which phrase says a clause."""
    more = "_all" if every else ""
    match leaf:
        case Text():
            return f"keyword{more}" if leaf.field is None else f"{leaf.where}{more}"
        case Like() | Pattern():
            return ("keyword_" if leaf.field is None else "") + ("like" if isinstance(leaf, Like) else "re")
        case Inside():
            return "cidr"
        case Compare() | Moment():
            return leaf.operator if isinstance(leaf, Compare) else leaf.part
        case Same():
            return f"same_{leaf.where}"
        case Exists():
            return "exists"


def _together(node: All | AnyOf) -> list[Node | _Alike]:
    """The parts of a node, clauses that differ by their value alone as one, where the first of them stands."""
    every = isinstance(node, All)
    found: dict[object, list[Leaf]] = {}
    rest: list[tuple[int, Node]] = []
    places: dict[object, int] = {}
    for place, part in enumerate(node.parts):
        if isinstance(part, All | AnyOf | Not):
            rest.append((place, part))
        else:
            kind = _kind(part, every=every) or place
            found.setdefault(kind, []).append(part)
            places.setdefault(kind, place)
    alike = [(places[kind], _Alike(tuple(leaves), every and len(leaves) > 1)) for kind, leaves in found.items()]
    return [part for _place, part in sorted([*rest, *alike], key=lambda told: told[0])]


def _kind(leaf: Leaf, *, every: bool) -> object:
    """What clauses that may be said together share; ``None``: it is said alone."""
    match leaf:
        case Text() if leaf.text and (leaf.where is Where.HAS or not every):
            return ("text", leaf.field, leaf.where, leaf.cased)
        case Like() if not every:
            return ("like", leaf.field, leaf.cased)
        case Pattern() if not every:
            return ("re", leaf.field, leaf.flags)
        case Inside() if not every:
            return ("cidr", leaf.field)
    return None
