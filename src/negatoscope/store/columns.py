"""What the columns of kept events are, and how a file of them is written and read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from functools import reduce
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from negatoscope.model.event import Action, Event, Told

_INSTANT, _TEXT = pa.timestamp("us", tz="UTC"), pa.string()
SCHEMA = pa.schema([
    ("key", _TEXT), ("sender", _TEXT), ("came", _INSTANT), ("happened", _INSTANT), ("product", _TEXT),
    ("service", _TEXT), ("category", _TEXT), ("action", _TEXT), ("ok", pa.bool_()), ("why", _TEXT), ("host", _TEXT),
    ("username", _TEXT),
    ("source", _TEXT), ("target", _TEXT), ("port", pa.int32()), ("protocol", _TEXT), ("sent", pa.int64()),
    ("received", pa.int64()), ("what", _TEXT), ("person", _TEXT), ("account", _TEXT), ("host_ref", _TEXT),
    ("source_ref", _TEXT), ("target_ref", _TEXT), ("zone", _TEXT), ("target_zone", _TEXT), ("fields", _TEXT),
])  # fmt: skip
"""Columns, as experts ask for them: ``happened`` is ``Event.at`` and ``username`` its ``user``, both words of SQL.

``…_ref``: the register's names. ``fields``: JSON.
"""
_TYPES = {_INSTANT: "TIMESTAMPTZ", pa.bool_(): "BOOLEAN", pa.int32(): "INTEGER", pa.int64(): "BIGINT"}
COLUMNS = tuple(f"{one.name} {_TYPES.get(one.type, 'VARCHAR')}" for one in SCHEMA)
"""The same, as a database declares them."""
ROWS = 50_000
"""Rows read or written at once."""
_HIGHEST_PORT, _LARGEST = 65_535, 2**63


def write(file: IO[bytes], tables: Iterable[pa.Table]) -> None:
    """Write tables as one file."""
    with pq.ParquetWriter(file, SCHEMA, compression="zstd", write_page_checksum=True) as writer:
        for rows in tables:
            writer.write_table(rows, row_group_size=ROWS)


T = TypeVar("T")
_CHECKED = {"page_checksum_verification": True}
"""One octet that the disk altered may otherwise be another number, and nothing more."""


def _read(read: Callable[[], T]) -> T | None:
    """What is read; ``None``: the disk has damaged it. Raises OSError where the system does not let it be read."""
    try:
        return read()
    except (pa.ArrowException, ValueError):
        return None
    except OSError as error:
        if error.errno is not None:
            raise
        return None


def count(path: Path) -> int | None:
    """How many rows a file has; ``None``: the disk has damaged it. Raises OSError."""
    return _read(lambda: int(pq.read_metadata(path).num_rows))


def keys(path: Path) -> list[str] | None:
    """The keys of a file; ``None``: the disk has damaged it. Raises OSError."""
    with path.open("rb") as file:
        return _read(lambda: list[str](pq.read_table(file, columns=["key"], **_CHECKED)["key"].to_pylist()))


def whole(path: Path) -> bool:
    """Whether every event of a file can be read. Raises OSError."""
    return _read(lambda: sum(len([*map(from_row, rows.to_pylist())]) for rows in tables(path))) is not None


def tables(path: Path, product: str | None = None) -> Iterator[pa.Table]:
    """A file, part by part; of one product alone if one is named."""
    with pq.ParquetFile(path, **_CHECKED) as file:
        for batch in file.iter_batches(ROWS):
            rows = pa.Table.from_batches([batch], SCHEMA)
            yield rows if product is None else rows.filter(pc.equal(rows["product"], product))


def holding(rows: pa.Table, texts: Sequence[str]) -> pa.Table:
    """Rows whose fields hold one of these texts, in any case; all of them where no text is named."""
    if not texts:
        return rows
    written = (orjson.dumps(text).decode()[1:-1] for text in texts)
    found = [pc.match_substring(rows["fields"], text, ignore_case=True) for text in written]
    return rows.filter(reduce(pc.or_, found))


def told(path: Path, actions: Sequence[str | None]) -> Iterator[Told]:
    """Events of a file that are of one of these actions; ``None``: of none."""
    wanted = pa.array(actions, _TEXT)
    for rows in tables(path):
        yield from map(from_row, rows.filter(pc.is_in(rows["action"], wanted)).to_pylist())


_SAME = ("product", "service", "category", "ok", "why", "host", "source", "target", "protocol", "what")


def table(batch: Sequence[Told]) -> pa.Table:
    """Events as columns."""
    return pa.Table.from_pylist([_row(told) for told in batch], SCHEMA)


def _row(told: Told) -> dict[str, Any]:
    event = told.event
    row: dict[str, Any] = {name: getattr(event, name) for name in _SAME}
    for name in ("sent", "received"):
        count = getattr(event, name)
        row[name] = count if count is not None and 0 <= count < _LARGEST else None
    return row | {
        "key": told.key, "sender": told.sender, "came": told.came, "happened": event.at, "username": event.user,
        "action": None if event.action is None else event.action.value,
        "port": event.port if event.port is not None and 0 <= event.port <= _HIGHEST_PORT else None,
        "person": told.person, "account": told.account, "host_ref": told.host, "source_ref": told.source,
        "target_ref": told.target, "zone": told.zone, "target_zone": told.target_zone,
        "fields": orjson.dumps(event.fields, default=str, option=orjson.OPT_NON_STR_KEYS).decode(),
    }  # fmt: skip


def from_row(row: Mapping[str, Any]) -> Told:
    """An event from its columns."""
    same = {name: row[name] for name in (*_SAME, "port", "sent", "received")}
    action = None if row["action"] is None else Action(row["action"])
    event = Event(
        row["happened"].astimezone(UTC), **same, action=action, user=row["username"], fields=orjson.loads(row["fields"])
    )
    ends = {name: row[f"{name}_ref"] for name in ("host", "source", "target")}
    rest = {name: row[name] for name in ("key", "sender", "person", "account", "zone", "target_zone")}
    return Told(**rest, came=row["came"].astimezone(UTC), event=event, **ends)
