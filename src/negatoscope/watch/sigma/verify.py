"""Whether a record is as a rule asks: a tree becomes a Python function, written and compiled when it is first needed.

What is written is made of our own words; texts of rules stand in it as quoted constants, never as code.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from negatoscope.watch.sigma.clauses import same, stands, tester, text_of
from negatoscope.watch.sigma.tree import All, AnyOf, Exists, Leaf, Node, Not, Same, Text, Where

PLAIN = frozenset((str, int, float, bool))
"""Types of values that are text as they stand, or nearly."""
SHAPES = 2048
"""Sets of names remembered."""
WIDEST = 4096
"""Characters of the names of a record worth remembering."""
BETWEEN = "\x00"
"""Stands between the values of a record when a keyword is sought in all of them."""


type_names = tuple[tuple[str, tuple[str, ...]], ...]
"""Names that rules give to fields, with the fields that make them, joined by backslashes; all in lower case."""


_SHAPES: dict[tuple[str, ...], tuple[str, ...]] = {}


def lowered(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a record in lower case."""
    return _SHAPES.get(names) or _lower(names)


def _lower(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a record in lower case."""
    lower = tuple(name.lower() for name in names)
    if sum(map(len, names)) <= WIDEST:
        if len(_SHAPES) >= SHAPES:
            _SHAPES.clear()
        _SHAPES[names] = lower
    return lower


class View(dict[str, str]):
    """A record as rules see it: by names in lower case, its values folded when first asked for. Under ``""``: all.

    A field that is absent is empty.
    """

    __slots__ = ("_raw", "many")

    def __init__(self, raw: Mapping[str, Any] | None, many: Mapping[str, list[str]]) -> None:
        """Take a record that was read: see ``viewed``. ``many``: fields of several values."""
        self._raw, self.many = raw, many

    @property
    def raw(self) -> Mapping[str, Any]:
        """The values as they are; of several, the first. ``None`` is no value."""
        if self._raw is None:
            self._raw = self._read()
        return self._raw

    def _read(self) -> Mapping[str, Any]:
        """Values that nobody had asked for."""
        return {}

    def __missing__(self, name: str) -> str:
        """Fold once. Each value alone: one letter that is not ASCII makes all of a text slow."""
        if name:
            value = self.raw.get(name, "")
            self[name] = folded = (value if type(value) is str else text_of(value)).casefold()
        else:
            self[name] = folded = BETWEEN.join(map(str.casefold, map(str, self.raw.values())))  # True is true, folded
        return folded

    def of(self, field: str | None) -> list[str]:
        """All values of a field; of every field for a keyword."""
        if field is None:
            return [value for name in self.raw for value in self.of(name)]
        return self.many.get(field) or ([text_of(self.raw[field])] if field in self.raw else [])


def viewed(fields: Mapping[str, Any], names: type_names = ()) -> View:
    """One record as rules see it, with further names."""
    lower = lowered(tuple(fields))
    raw: dict[str, Any] = dict(zip(lower, fields.values(), strict=True))
    many: dict[str, list[str]] = {}
    if len(raw) < len(lower):
        _gather(raw, many, zip(lower, fields.values(), strict=True))
    elif not PLAIN.issuperset(map(type, raw.values())):
        _gather(raw, many, [item for item in raw.items() if type(item[1]) not in PLAIN])
    for name, parts in names:
        if name not in raw and all(part in raw for part in parts):
            raw[name] = "\\".join(text_of(raw[part]) for part in parts)
    return View(raw, many)


def _gather(raw: dict[str, Any], many: dict[str, list[str]], items: Iterable[tuple[str, Any]]) -> None:
    """Take values one by one. Names that differ by their case alone are one field of several values."""
    found: dict[str, list[str]] = {}
    for name, value in items:
        found.setdefault(name, []).extend(texts_of(value))
    for name, texts in found.items():
        if texts:
            raw[name] = texts[0]
        else:
            del raw[name]
        if len(texts) > 1:
            many[name] = texts


def texts_of(value: object) -> list[str]:
    """The values of a field that may have several, or none."""
    return [text_of(one) for one in (value if isinstance(value, list | tuple) else (value,)) if one is not None]


def holds(node: Node, view: View) -> bool:
    """Whether a record is as a tree asks, clause by clause: for records with fields of several values."""
    match node:
        case Text() if node.field and node.text and not node.cased and node.field not in view.many:
            return stands(node.where, node.text, view[node.field])
        case All():
            return all(holds(part, view) for part in node.parts)
        case AnyOf():
            return any(holds(part, view) for part in node.parts)
        case Not():
            return not holds(node.part, view)
        case Same():
            others = view.of(node.other)
            return any(same(node, value, other) for value in view.of(node.field) for other in others)
    test = tester(node)
    return any(map(test, view.of(node.field or None)))


def fields_of(node: Node) -> frozenset[str]:
    """The fields that a tree asks, ``""`` for keywords."""
    match node:
        case All() | AnyOf():
            return frozenset().union(*map(fields_of, node.parts))
        case Not():
            return fields_of(node.part)
        case Same():
            return frozenset((node.field, node.other))
    return frozenset((node.field or "",))


type_check = Callable[[View], bool]


def compiled(node: Node) -> type_check:
    """A function of the values of a record in which every field has one."""
    writer = _Writer()
    source = f"def check(low):\n    return {writer.written(node)}\n"
    space: dict[str, Any] = {"__builtins__": {}, "any": any, "map": map, "text": text_of, **writer.tests}
    exec(compile(source, "<rule>", "exec"), space)  # noqa: S102 -- our own words; see the head of this file
    check: type_check = space["check"]
    return check


class _Writer:
    """The text of one function, and the tests that it calls."""

    def __init__(self) -> None:
        self.tests: dict[str, Callable[..., bool]] = {}

    def written(self, node: Node) -> str:
        match node:
            case All():
                return f"({' and '.join(map(self.written, sorted(node.parts, key=_cost)))})"
            case AnyOf():
                return self.alternatives(node)
            case Not():
                return f"(not {self.written(node.part)})"
            case Text():
                return self.text(node)
        return self.called(node)

    def alternatives(self, node: AnyOf) -> str:
        """One of several; texts that stand in the same place of the same field are asked in one go."""
        groups: dict[tuple[str, Where], list[str]] = {}
        rest: list[Node] = []
        for part in node.parts:
            if isinstance(part, Text) and part.field and part.text and not part.cased and part.where is not Where.HAS:
                groups.setdefault((part.field, part.where), []).append(part.text)
            else:
                rest.append(part)
        words = [_one_of(field, where, tuple(texts)) for (field, where), texts in groups.items()]
        return f"({' or '.join([*words, *map(self.written, rest)])})"

    def text(self, node: Text) -> str:
        if node.field is None and (node.cased or BETWEEN in node.text):
            return self.called(node)
        if not node.text:
            return f"(low.raw.get({node.field!r}) == '')"
        value = f"text(low.raw.get({node.field!r}, ''))" if node.cased else f"low[{node.field or ''!r}]"
        match node.where:
            case Where.IS:
                return f"({value} == {node.text!r})"
            case Where.HAS:
                return f"({node.text!r} in {value})"
        return f"{value}.{node.where}with({node.text!r})"

    def called(self, node: Leaf) -> str:
        """A clause that is more than a comparison of texts."""
        name = f"test_{len(self.tests)}"
        if isinstance(node, Same):
            return _alike(node)
        if isinstance(node, Exists):
            return f"(low.raw.get({node.field!r}, '') != '')"
        self.tests[name] = tester(node)
        if node.field is None:
            return f"any(map({name}, map(text, low.raw.values())))"
        return f"({node.field!r} in low.raw and {name}(text(low.raw[{node.field!r}])))"


def _cost(node: Node) -> int:
    """How late a clause is asked where all must hold: a regular expression costs as much as dozens of comparisons."""
    match node:
        case All() | AnyOf():
            return sum(map(_cost, node.parts))
        case Not():
            return _cost(node.part)
    return 1 if isinstance(node, Text) else 50


def _alike(node: Same) -> str:
    """Whether a field's value is as another's, both there."""
    one, other = (f"text(low.raw[{name!r}])" if node.cased else f"low[{name!r}]" for name in (node.field, node.other))
    match node.where:
        case Where.IS:
            test = f"{one} == {other}"
        case Where.HAS:
            test = f"{other} in {one}"
        case _:
            test = f"{one}.{node.where}with({other})"
    return f"({node.field!r} in low.raw and {node.other!r} in low.raw and {test})"


def _one_of(field: str, where: Where, texts: tuple[str, ...]) -> str:
    value = f"low[{field!r}]"
    if where is Where.IS:
        return f"({value} in {set(texts)!r})"
    return f"{value}.{where}with({texts!r})"
