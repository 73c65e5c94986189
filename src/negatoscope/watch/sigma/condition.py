"""Conditions of Sigma rules, ``selection and not 1 of filter_*``: read by hand, so that no depth costs much."""

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from negatoscope.watch.sigma.tree import All, AnyOf, Node, Not

TOKEN = re.compile(r"\s*([()]|[^\s()]+)")
OPERATORS = ("and", "or", "not")
DEEPEST = 64
"""Parentheses and negations within one another."""
LONGEST = 20_000


class CannotRun(Exception):  # noqa: N818 -- what it is
    """A rule that cannot run: a code, and its values."""

    def __init__(self, code: str, **values: str) -> None:
        """Keep both."""
        super().__init__(code)
        self.code, self.values = code, values


class _Reader:
    """One condition, from left to right."""

    def __init__(self, condition: str, names: Sequence[str], meaning: Callable[[str], Node]) -> None:
        self.condition = condition
        self.tokens = TOKEN.findall(condition)
        self.place = 0
        self.depth = 0
        self.names, self.meaning = names, meaning

    def wrong(self) -> CannotRun:
        return CannotRun("condition", condition=self.condition[:200])

    def next(self) -> str:
        """What comes next, operators in lower case; empty at the end."""
        if self.place >= len(self.tokens):
            return ""
        token: str = self.tokens[self.place]
        return token.lower() if token.lower() in OPERATORS and token not in self.names else token

    def taken(self, wanted: str) -> bool:
        """Step over a token if it stands here."""
        if self.next() != wanted:
            return False
        self.place += 1
        return True

    def disjunction(self) -> Node:
        parts = [self.conjunction()]
        while self.taken("or"):
            parts.append(self.conjunction())
        return either(parts)

    def conjunction(self) -> Node:
        parts = [self.negation()]
        while self.taken("and"):
            parts.append(self.negation())
        return every(parts)

    def negation(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.wrong()
        if self.taken("not"):
            node: Node = Not(self.negation())
        elif self.taken("("):
            node = self.disjunction()
            if not self.taken(")"):
                raise self.wrong()
        else:
            node = self.operand()
        self.depth -= 1
        return node

    def operand(self) -> Node:
        word = self.next()
        if not word or word in (*OPERATORS, ")"):
            raise self.wrong()
        self.place += 1
        if word in ("1", "any", "all") and self.next() == "of":
            self.place += 1
            pattern = self.next()
            self.place += 1
            return self.several(word, pattern)
        if word not in self.names:
            raise CannotRun("condition", condition=self.condition[:200], name=word[:100])
        return self.meaning(word)

    def several(self, quantifier: str, pattern: str) -> Node:
        """``1 of them``, ``all of selection_*``; names that begin with an underscore are for their own pattern."""
        wanted = "*" if pattern == "them" else pattern
        chosen = [
            name
            for name in self.names
            if fnmatchcase(name, wanted) and (pattern.startswith("_") or not name.startswith("_"))
        ]
        if not chosen:
            raise CannotRun("condition", condition=self.condition[:200], name=pattern[:100])
        parts = [self.meaning(name) for name in chosen]
        return every(parts) if quantifier == "all" else either(parts)


def read_condition(condition: str, names: Sequence[str], meaning: Callable[[str], Node]) -> Node:
    """The tree of a condition over named detections. Raises CannotRun."""
    if len(condition) > LONGEST or "|" in condition:
        raise CannotRun("condition", condition=condition[:200])
    reader = _Reader(condition, names, meaning)
    node = reader.disjunction()
    if reader.next():
        raise reader.wrong()
    return node


def depth_of(node: Node) -> int:
    """How many layers a tree has."""
    match node:
        case All() | AnyOf():
            return 1 + max(map(depth_of, node.parts))
        case Not():
            return 1 + depth_of(node.part)
    return 1


def every(parts: Sequence[Node]) -> Node:
    """All of them, in one layer."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, All) else (part,))]
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def either(parts: Sequence[Node]) -> Node:
    """One of them, in one layer."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, AnyOf) else (part,))]
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))
