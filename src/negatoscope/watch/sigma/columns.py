"""Records of one shape side by side: what they say of a field is folded, and sought, in one go."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from negatoscope.watch.sigma.clauses import text_of
from negatoscope.watch.sigma.verify import BETWEEN, PLAIN, View, texts_of, type_names

TEXT = {str}
"""Types of a column of texts."""
NONE: Mapping[str, list[str]] = MappingProxyType({})
"""No field of several values."""


class Columns:
    """Records whose fields have the same names in the same order, no name twice."""

    __slots__ = ("_kinds", "_laid", "_made", "_names", "_rows", "bare", "many", "seen")

    def __init__(self, names: tuple[str, ...], rows: Sequence[Mapping[str, Any]], more: type_names) -> None:
        """Lay values out by name, in lower case, and give records further names. Of several values, the first."""
        self.many: dict[int, dict[str, list[str]]] = {}
        """Fields of several values, by row."""
        self.bare: set[int] = set()
        """Rows in which a field is there without a value: they have another shape, and no columns."""
        self._names, self._rows = names, rows
        columns: Iterable[Sequence[Any]] = zip(*(row.values() for row in rows), strict=True)
        self._laid = dict(zip(names, columns, strict=True))
        self._kinds = {name: set(map(type, column)) for name, column in self._laid.items()}
        self.seen: dict[str, list[str]] = {}
        """Columns that were folded."""
        made = [name for name, kinds in self._kinds.items() if not PLAIN.issuperset(kinds)]
        for name in made:
            self._take(name, list(self._firsts(name)))
        for name, parts in more:
            if name not in self._laid and all(part in self._laid for part in parts):
                self._take(name, list(map("\\".join, zip(*map(self._texts, parts), strict=True))))
                made.append(name)
        self._made = [(name, self._laid[name]) for name in made]

    def _take(self, name: str, column: list[Any]) -> None:
        self._laid[name], self._kinds[name] = column, set(map(type, column))

    def _firsts(self, name: str) -> Iterator[Any]:
        for row, value in enumerate(self._laid[name]):
            if type(value) in PLAIN:
                yield value
                continue
            texts = texts_of(value)
            if not texts:
                self.bare.add(row)
            elif len(texts) > 1:
                self.many.setdefault(row, {})[name] = texts
            yield texts[0] if texts else ""

    def folded(self, name: str) -> list[str] | None:
        """What records say of a field, folded for comparison; ``None``: they have no such field. ``""``: all values."""
        found = self.seen.get(name)
        if found is None and name in self._laid:
            found = self.seen[name] = list(map(str.casefold, self._texts(name)))
        elif found is None and not name:
            every = [self.folded(one) or [] for one in self._laid]
            found = self.seen[""] = list(map(BETWEEN.join, zip(*every, strict=True)))
        return found

    def raw(self, row: int) -> dict[str, Any]:
        """The values of a record as they are."""
        raw = dict(zip(self._names, self._rows[row].values(), strict=True))
        for name, column in self._made:
            raw[name] = column[row]
        return raw

    def folded_at(self, name: str, row: int) -> str:
        """What a record says of a field, folded; nothing, where it has no such field."""
        value = self._laid[name][row] if name in self._laid else ""
        return (value if type(value) is str else text_of(value)).casefold()

    def _texts(self, name: str) -> Sequence[str]:
        column = self._laid[name]
        return column if self._kinds[name] == TEXT else list(map(text_of, column))


class Cells(View):
    """One of these records: what no rule asks of it is not laid out."""

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Columns, row: int) -> None:
        """Read nothing yet."""
        self._raw, self._columns, self._row, self.many = None, columns, row, columns.many.get(row, NONE)

    def _read(self) -> Mapping[str, Any]:
        return self._columns.raw(self._row)

    def __missing__(self, name: str) -> str:
        """Find what stands in its column."""
        column = self._columns.seen.get(name)
        if column is not None:
            found = column[self._row]
        elif name:
            found = self._columns.folded_at(name, self._row)
        else:
            found = super().__missing__(name)
        self[name] = found
        return found
