"""Engines over columns: batches of records in, batches of matches out, wherever the work is done.

The contract that every engine keeps stands in ``docs/detect.md``; ``tests/watch/sigma/test_arrow.py`` holds each to it.
``matched`` is the function that they all map, and that a distributed engine can map as it is.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from typing import Any, Protocol, Self

import orjson
import pyarrow as pa

from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.tree import Ruleset, Source

RECORDS = pa.schema(
    [
        pa.field("key", pa.string()),
        pa.field("product", pa.string()),
        pa.field("service", pa.string()),
        pa.field("category", pa.string()),
        pa.field("fields", pa.string()),
    ]
)
"""``key`` is whatever tells a record from others, and comes back; ``fields`` a JSON object."""
MATCHES = pa.schema(
    [
        pa.field("key", pa.string()),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("quiet", pa.bool_(), nullable=False),
    ]
)
"""One row a match; those that are ``quiet`` are told by correlations alone."""
AHEAD = 2
"""Batches that wait for each process."""


class ColumnEngine(Protocol):
    """Whatever matches rules over columns."""

    def matches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Batches of ``MATCHES`` for batches of ``RECORDS``. Raises KeyError for an absent column."""


class Here:
    """The engine in this process."""

    def __init__(self, ruleset: Ruleset) -> None:
        """Make it."""
        self._engine = Engine(ruleset)

    def matches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """See ``ColumnEngine``."""
        return (matched(self._engine, batch) for batch in batches)


class Pool(AbstractContextManager["Pool"]):
    """An engine in each of several processes, which end with the block."""

    def __init__(self, ruleset: Ruleset, processes: int) -> None:
        """Make them."""
        self._most = AHEAD * processes
        self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (ruleset,))

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes; what nobody waits for is not begun."""
        self._pool.shutdown(cancel_futures=True)

    def matches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """See ``ColumnEngine``."""
        waiting: deque[Future[pa.RecordBatch]] = deque()
        for batch in batches:
            waiting.append(self._pool.submit(_in_process, batch))
            if len(waiting) >= self._most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_ENGINE: list[Engine] = []
"""The engine of a process of the pool."""


def _begin(ruleset: Ruleset) -> None:
    _ENGINE.append(Engine(ruleset))


def _in_process(batch: pa.RecordBatch) -> pa.RecordBatch:
    return matched(_ENGINE[0], batch)


def matched(engine: Engine, records: pa.RecordBatch) -> pa.RecordBatch:
    """The matches of one batch. A row whose ``fields`` are null or no object has none."""
    columns = [records.column(name).to_pylist() for name in RECORDS.names]
    keys, *sources, texts = columns
    several = engine.match_batch([(_object(text), Source(*one)) for text, *one in zip(texts, *sources, strict=True)])
    found = [
        (key, rule.id, rule.title, rule.level, rule.quiet)
        for key, rules in zip(keys, several, strict=True)
        for rule in rules
    ]
    values = zip(*found, strict=True) if found else [()] * len(MATCHES)
    return pa.RecordBatch.from_arrays(
        [pa.array(column, field.type) for column, field in zip(values, MATCHES, strict=True)], schema=MATCHES
    )


def _object(text: str | None) -> dict[str, Any]:
    try:
        found = orjson.loads(text) if text else None
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}
