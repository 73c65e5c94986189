"""The contract of engines over columns, held by each of them: ``docs/detect.md``."""

from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa
import pytest

from negatoscope.watch.sigma.arrow import AHEAD, MATCHES, RECORDS, ColumnEngine, Here, Pool
from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.tree import Source
from tests.watch.sigma.written import EVENT, rule, ruleset

SHELL = rule({"a": {"Image|endswith": "\\cmd.exe"}, "condition": "a"}, title="A shell", level="high", name="shell")
SUM = {
    "title": "Shells",
    "correlation": {
        "type": "event_count",
        "rules": ["shell"],
        "group-by": ["User"],
        "timespan": "1m",
        "condition": {"gte": 3},
    },
}
SSHD = rule({"a": ["root"], "condition": "a"}, title="Root", logsource={"product": "linux", "service": "sshd"})
ACCENT = rule({"a": {"CommandLine|contains": "é"}, "condition": "a"}, title="An accent")
RULES = ruleset(SHELL, SUM, SSHD, ACCENT)
PROCESSES = 2

type_row = tuple[str | None, Source, str | None]


@pytest.fixture(scope="module", params=["here", "pool"])
def engine(request: pytest.FixtureRequest) -> Iterator[ColumnEngine]:
    if request.param == "here":
        yield Here(RULES)
    else:
        with Pool(RULES, PROCESSES) as pool:
            yield pool


def text(fields: dict[str, Any]) -> str:
    return orjson.dumps(fields).decode()


def rows() -> list[type_row]:
    windows, sshd = Source("windows"), Source("linux", "sshd")
    several = [
        (windows, text(EVENT | {"Image": "C:\\cmd.exe"})),
        (windows, text(EVENT | {"Image": ["C:\\x.exe", "C:\\CMD.EXE"], "CommandLine": "É"})),
        (windows, text(EVENT)),
        (sshd, text({"message": "for root"})),
        (windows, text({"message": "for root"})),
        (Source(), None),
        (windows, "[1]"),
        (windows, "no json"),
    ]
    return [(f"{turn}/{place}", *one) for turn in range(20) for place, one in enumerate(several)]


def batch(several: list[type_row]) -> pa.RecordBatch:
    columns = list(
        zip(*((key, one.product, one.service, one.category, fields) for key, one, fields in several), strict=True)
    )
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], schema=RECORDS)


def told(found: list[pa.RecordBatch]) -> list[tuple[Any, ...]]:
    assert all(one.schema == MATCHES for one in found)
    return sorted(tuple(row.values()) for one in found for row in one.to_pylist())


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_columns_tell_what_records_tell_however_they_are_cut(engine: ColumnEngine, size: int) -> None:
    several, single = rows(), Engine(RULES)
    expected = sorted(
        (key, one.id, one.title, one.level, one.quiet)
        for key, source, fields in several
        if fields and fields.startswith("{")
        for one in single.match(orjson.loads(fields), source)
    )
    assert {title for _, _, title, _, _ in expected} == {"A shell", "An accent", "Root"}
    assert {quiet for _, _, _, _, quiet in expected} == {True, False}
    cut = [batch(several[start : start + size]) for start in range(0, len(several), size)]
    found = list(engine.matches(iter(cut)))
    assert len(found) == len(cut)
    assert told(found) == expected


def test_nothing_gives_nothing(engine: ColumnEngine) -> None:
    assert list(engine.matches([])) == []
    assert told(list(engine.matches([batch(rows()).slice(0, 0)]))) == []
    assert told(list(engine.matches([batch([(None, Source("linux", "sshd"), text({"message": "root"}))])]))) == [
        (None, RULES.rules[1].id, "Root", "medium", False)
    ]


def test_batches_are_taken_as_they_are_needed(engine: ColumnEngine) -> None:
    taken = 0

    def endless() -> Iterator[pa.RecordBatch]:
        nonlocal taken
        while True:
            taken += 1
            yield batch(rows()[:3])

    found = engine.matches(endless())
    for _ in range(3):
        assert next(found).num_rows == 3
    assert taken <= 3 + AHEAD * PROCESSES


def test_an_absent_column_is_told(engine: ColumnEngine) -> None:
    with pytest.raises(KeyError):
        list(engine.matches([batch(rows()).drop_columns(["fields"])]))
    assert len(list(engine.matches([batch(rows())]))) == 1
