"""Why a match is ours alone: the peer's own query, put to SQLite again with what its table loses mended.

A record is put into a table of its own, as the peer's reader leaves it but for three mendings. A query that then finds
it, and does not with one of the mendings left out, has shown its cause; one that still finds nothing is unexplained,
and is ours to look at. ``bench/detect.py`` prints them.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

CAUSES = {
    "column": "the query names a field that no event of the set bears: SQLite refuses it, the peer goes on in silence",
    "several": "``Data`` of several values stands in the peer's table under another name, where the rule does not look",
    "truth": "true and false are numbers in the peer's table, and the rule compares them as text",
}
ABSENT = re.compile(r"no such column: (\S+)")
UNEXPLAINED = "unexplained"


class Case(NamedTuple):
    """A match of ours that the peer has not."""

    rule: str
    title: str
    fields: Mapping[str, Any]
    queries: Iterable[str]


def causes(case: Case, columns: Collection[str]) -> list[str]:
    """What keeps the peer from a match. ``columns``: all fields of the set."""
    if not any(finds(query, case.fields, columns, set(CAUSES)) for query in case.queries):
        return [UNEXPLAINED]
    needed = [
        cause
        for cause in CAUSES
        if not any(finds(query, case.fields, columns, set(CAUSES) - {cause}) for query in case.queries)
    ]
    return needed or [UNEXPLAINED]


def finds(query: str, fields: Mapping[str, Any], columns: Collection[str], mended: Collection[str]) -> bool:
    """Whether a query finds a record, these of its losses mended."""
    names = {name.lower(): name for name in (*columns, *fields)}
    values = {name.lower(): as_kept(value, mended) for name, value in fields.items()}
    while True:
        base = sqlite3.connect(":memory:")
        base.create_function("regexp", 2, lambda expression, value: re.search(expression, str(value or "")) is not None)
        kept = ", ".join(f'"{name}" COLLATE NOCASE' for name in names.values())
        base.execute(f"CREATE TABLE logs ({kept})")
        base.execute(f"INSERT INTO logs VALUES ({', '.join('?' * len(names))})", [values.get(name) for name in names])
        try:
            return bool(base.execute(query).fetchall())
        except sqlite3.OperationalError as error:
            absent = ABSENT.search(str(error))
            if absent is None or "column" not in mended:
                return False
            names[absent[1].lower()] = absent[1]
        finally:
            base.close()


def as_kept(value: object, mended: Collection[str]) -> object:
    """A value as it stands in the table."""
    if isinstance(value, bool):
        return str(value).lower() if "truth" in mended else int(value)
    if isinstance(value, list | dict):
        return "\n".join(map(str, value)) if "several" in mended else None
    return value


def explain(cases: Iterable[Case], columns: Collection[str]) -> None:
    """Print what is ours alone by its cause, then by rule."""
    found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for case in cases:
        found[" and ".join(causes(case, columns))][case.title] += 1
    for cause, titles in sorted(found.items(), key=lambda one: -sum(one[1].values())):
        said = " and ".join(CAUSES.get(one, one) for one in cause.split(" and "))
        print(f"  ours alone: {sum(titles.values()):3} – {said}")
        for title, number in sorted(titles.items(), key=lambda one: -one[1]):
            print(f"      {number:3} {title}")
