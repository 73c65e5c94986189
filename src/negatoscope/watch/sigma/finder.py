"""Finding anchors in one value: exact values and last parts of paths by dictionary, literals all in one pass."""

from ahocorasick_rs import BytesAhoCorasick

KEPT = 65_536
"""Values remembered with what was found in them, by all finders of an engine."""
SHORT = 512
"""Characters of a value worth remembering."""


class Memory:
    """What all finders of an engine remember together: full, it is emptied, so that no log fills it."""

    __slots__ = ("all", "room")

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.all: list[dict[str, tuple[int, ...]]] = []
        self.room = KEPT

    def take(self) -> None:
        """Make room for one more."""
        self.room -= 1
        if self.room < 0:
            for one in self.all:
                one.clear()
            self.room = KEPT - 1


type_keys = tuple[tuple[str, str, int], ...]
"""Anchors: how, text, rule."""


class Finder(dict[str, tuple[int, ...]]):
    """The anchors of one field, and the rules behind them, by value. Values are given folded."""

    __slots__ = ("_exact", "_literals", "_memory", "_patterns", "_tails", "_words")

    def __init__(self, keys: type_keys, memory: Memory) -> None:
        """Sort the anchors."""
        super().__init__()
        literals: dict[str, set[int]] = {}
        self._exact: dict[str, set[int]] = {}
        self._tails: dict[str, set[int]] = {}
        patterns: set[int] = set()
        place = {"is": self._exact, "tail": self._tails, "has": literals, "re": literals}
        for how, text, rule in keys:
            place[how].setdefault(text, set()).add(rule)
            if how == "re":
                patterns.add(rule)
        self._patterns = frozenset(patterns)
        self._literals = [tuple(rules) for rules in literals.values()]
        self._words = BytesAhoCorasick([_bytes(text) for text in literals]) if literals else None
        self._memory = memory
        memory.all.append(self)

    def __missing__(self, value: str) -> tuple[int, ...]:
        """Look for every anchor, and remember what was found."""
        rules = tuple(self._sought(value))
        if len(value) <= SHORT:
            self._memory.take()
            self[value] = rules
        return rules

    def _sought(self, value: str) -> set[int]:
        """Look for every anchor. An expression that ignores case knows more letters than folding does: ASCII alone."""
        rules: set[int] = set(self._exact.get(value, ()))
        if self._tails:
            rules.update(self._tails.get(value.rpartition("\\")[2], ()))
        if self._words:
            for number in {found[0] for found in self._words.find_matches_as_indexes(_bytes(value), overlapping=True)}:
                rules.update(self._literals[number])
        if self._patterns and not value.isascii():
            rules.update(self._patterns)
        return rules


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # half a pair of them too: any text that JSON can bear
