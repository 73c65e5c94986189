"""Questions to the kept events: DuckDB in memory over Parquet, which can read these files and nothing else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Timer
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import orjson

from negatoscope.model.event import Action, Told
from negatoscope.model.watching import AMOUNT, BY_WHOM
from negatoscope.store.events import EventStore, columns
from negatoscope.store.queries.paging import Ask, Found

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

T = TypeVar("T")
MEMORY = "384MB"
SECONDS = 20.0
"""A question that takes longer is ended."""
ROWS = 1000
"""Rows that an expert's question gets at most."""
SLACK = timedelta(days=2)
"""How far ahead of ours a clock may run: an event of a day is looked for among those received from two days before."""
EPOCH = 1970
"""Nothing was received before."""
BARS = 60
KINDS = 20_000
"""Kinds of records told of at most: a hostile sender can name any channel and any event id."""
ORDER = {"happened": "happened", "came": "came", "product": "product", "action": "action", "host": "host",
         "username": "username", "source": "source", "target": "target"}  # fmt: skip
_ENDS = ("host", "source", "target", "host_ref", "source_ref", "target_ref")
_WHO = ("username", "person", "account")


NOT_SQL = "not_sql"


class Refused(Exception):  # noqa: N818 -- what it is
    """The question is not answered. ``why``: ``not_one_select``, ``too_long``, ``too_large``, ``not_sql``."""

    def __init__(self, why: str, said: str = "") -> None:
        """Keep the code, and what the database said of the question."""
        super().__init__(said or why)
        self.why = why
        self.said = said


class Wanted(msgspec.Struct, frozen=True):
    """Which events; empty words ask for nothing."""

    since: datetime | None = None
    until: datetime | None = None
    host: str = ""
    """Part of a name, an address or a reference of the machine it happened on, or of either end."""
    who: str = ""
    """Part of the user as written, or of the person's or the account's reference."""
    sender: str = ""
    product: str = ""
    action: str = ""
    outcome: str = ""
    """``ok``, ``failed``."""
    text: str = ""
    """Part of what the product wrote."""


@dataclass(frozen=True)
class Bar:
    """How many events happened from an instant on, until the next bar."""

    since: datetime
    count: int
    failed: int


@dataclass(frozen=True)
class Span:
    """How many events there are, from when to when."""

    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Answer:
    """Rows of an expert's question. ``cut``: there are more."""

    titles: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


def search(store: EventStore, wanted: Wanted, ask: Ask) -> Found[Told]:
    """A page of events, the newest first unless another order is asked for. Raises Refused."""
    where, values = _where(wanted)
    column = ORDER.get(ask.order, "happened")
    way = "DESC NULLS LAST" if ask.descending or ask.order not in ORDER else "ASC NULLS FIRST"
    limit = "" if ask.stop is None else f"LIMIT {int(ask.stop - ask.start)}"
    page = f"SELECT * FROM events {where} ORDER BY {column} {way}, came, key {limit} OFFSET {int(ask.start)}"

    def work(database: "DuckDBPyConnection") -> Found[Told]:
        (total,) = asked(database, f"SELECT count(*) AS n FROM events {where}", values)
        return Found(tuple(map(columns().from_row, asked(database, page, values))), total["n"])

    return answered(store, wanted.since, work)


def line(store: EventStore, wanted: Wanted) -> tuple[Bar, ...]:
    """How many events over time, in bars of one width; none where there are none. Raises Refused."""
    return answered(store, wanted.since, lambda database: _bars(database, wanted))


def _bars(database: "DuckDBPyConnection", wanted: Wanted) -> tuple[Bar, ...]:
    where, values = _where(wanted)
    (ends,) = asked(database, f"SELECT min(happened) AS low, max(happened) AS high FROM events {where}", values)
    if ends["low"] is None:
        return ()
    first, last = ends["low"], ends["high"]
    width = max(1.0, (last - first).total_seconds() / BARS)
    counted = asked(
        database,
        "SELECT least(floor((epoch(happened) - $first) / $width), $most)::INTEGER AS bar, count(*) AS n, "
        f"count(*) FILTER (ok = false) AS failed FROM events {where} GROUP BY bar",
        {**values, "first": first.timestamp(), "width": width, "most": BARS - 1},
    )
    told = {row["bar"]: row for row in counted}
    none = {"n": 0, "failed": 0}
    bars = ((first + timedelta(seconds=width * place), told.get(place, none)) for place in range(BARS))
    return tuple(Bar(since, row["n"], row["failed"]) for since, row in bars)


def span(store: EventStore, wanted: Wanted) -> Span | None:
    """How many events, and from when to when; ``None``: there are none. Raises Refused."""
    where, values = _where(wanted)
    question = f"SELECT count(*) AS n, min(happened) AS low, max(happened) AS high FROM events {where}"

    def work(database: "DuckDBPyConnection") -> Span | None:
        (told,) = asked(database, question, values)
        return Span(told["n"], told["low"], told["high"]) if told["n"] else None

    return answered(store, wanted.since, work)


@dataclass(frozen=True)
class Spread:
    """What is kept of one sender."""

    count: int
    unread: int
    """Lines that no normaliser reads."""
    first: datetime
    last: datetime


def spreads(store: EventStore, senders: Sequence[str], since: datetime) -> dict[str, Spread]:
    """What is kept of each of these senders, received since an instant. Raises Refused."""
    question = (
        "SELECT sender, count(*) AS n, count(*) FILTER (product = 'unread') AS unread, min(happened) AS low, "
        "max(happened) AS high FROM events WHERE list_contains($senders, sender) GROUP BY sender"
    )

    def work(database: "DuckDBPyConnection") -> dict[str, Spread]:
        rows = asked(database, question, {"senders": list(senders)})
        return {row["sender"]: Spread(row["n"], row["unread"], row["low"], row["high"]) for row in rows}

    return answered(store, since, work)


def products(store: EventStore, since: datetime) -> tuple[str, ...]:
    """Products heard since an instant, by name. Raises Refused."""
    question = "SELECT DISTINCT product FROM events ORDER BY product"
    return answered(store, since, lambda database: tuple(row["product"] for row in asked(database, question, {})))


def expert(store: EventStore, question: str) -> Answer:
    """An expert's question in SQL: one SELECT over ``events``. Raises Refused."""
    return answered(store, None, lambda database: _selected(database, question))


def _selected(database: "DuckDBPyConnection", question: str) -> Answer:
    import duckdb  # noqa: PLC0415 -- takes a tenth of a second

    statements = database.extract_statements(question)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Refused("not_one_select")
    reader = database.sql(question).to_arrow_reader(ROWS + 1)
    rows: list[tuple[Any, ...]] = []
    for batch in reader:
        rows += [tuple(map(_plain, row)) for row in _across(batch)]
        if len(rows) > ROWS:
            break
    return Answer(tuple(reader.schema.names), tuple(rows[:ROWS]), len(rows) > ROWS)


def _across(batch: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 -- pyarrow's own classes
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _plain(value: Any) -> Any:  # noqa: ANN401 -- whatever a question gets
    return value if isinstance(value, str | int | float | bool | datetime | date | None) else str(value)


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """What is asked for, as conditions; the words go by their place, never into the question."""
    said: list[tuple[str, Any, str]] = [
        ("since", wanted.since, "happened >= $since"),
        ("until", wanted.until, "happened < $until"),
        ("host", wanted.host.casefold(), _any(_ENDS, "host")),
        ("who", wanted.who.casefold(), _any(_WHO, "who")),
        ("sender", wanted.sender, "sender = $sender"),
        ("product", wanted.product, "product = $product"),
        ("action", wanted.action, "action = $action"),
        ("outcome", wanted.outcome, "ok = ($outcome = 'ok')"),
        ("text", orjson.dumps(wanted.text.casefold()).decode()[1:-1], "contains(lower(fields), $text)"),
    ]
    given = [(name, value, condition) for name, value, condition in said if value]
    clause = " AND ".join(condition for _name, _value, condition in given)
    return f"WHERE {clause}" if clause else "", {name: value for name, value, _condition in given}


def _any(columns: Sequence[str], name: str) -> str:
    return "(" + " OR ".join(f"contains(lower({column}), ${name})" for column in columns) + ")"


def asked(database: "DuckDBPyConnection", question: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one question of ours; its values go by their place."""
    told: list[dict[str, Any]] = database.sql(question, params=values).to_arrow_table().to_pylist()
    return told


def answered(store: EventStore, since: datetime | None, work: Callable[["DuckDBPyConnection"], T]) -> T:
    """Work with a database of its own. Raises Refused.

    Files joined or purged meanwhile are looked for anew; those that the disk has damaged are set aside.
    """
    import duckdb  # noqa: PLC0415 -- takes a tenth of a second

    first = None if since is None or since.year <= EPOCH else (since.astimezone(UTC) - SLACK).date()
    try:
        return _once(store, first, work)
    except duckdb.Error:
        store.mend(first)
    except Refused as error:
        wrongly = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.ConversionException)
        if error.why != NOT_SQL or isinstance(error.__cause__, wrongly) or not store.mend(first):
            raise
    return _once(store, first, work)


def _once(store: EventStore, first: date | None, work: Callable[["DuckDBPyConnection"], T]) -> T:
    import duckdb  # noqa: PLC0415 -- takes a tenth of a second

    database = _locked([str(one.path) for one in store.files(first)])
    timer = Timer(SECONDS, database.interrupt)
    timer.start()
    try:
        return work(database)
    except duckdb.InterruptException as error:
        raise Refused("too_long") from error
    except duckdb.OutOfMemoryException as error:
        raise Refused("too_large") from error
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise Refused(NOT_SQL, str(error).partition("\n\n")[0]) from error
    finally:
        timer.cancel()
        database.close()


def _locked(paths: Sequence[str]) -> "DuckDBPyConnection":
    """A database that reads these files as the view ``events``, and can be made to do nothing else."""
    import duckdb  # noqa: PLC0415 -- takes a tenth of a second

    own: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY, "threads": 2, "temp_directory": "", "autoload_known_extensions": False,
        "autoinstall_known_extensions": False, "allow_community_extensions": False, "allow_persistent_secrets": False,
        "python_enable_replacements": False,
    }  # fmt: skip
    database = duckdb.connect(":memory:", config=own)
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    if paths:
        database.execute(f"SET allowed_paths = [{listed}]")
    database.execute("SET TimeZone = 'Europe/Paris'")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    if paths:
        database.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet([{listed}], hive_partitioning = false)")
    else:
        database.execute(f"CREATE TABLE events ({', '.join(columns().COLUMNS)})")
    return database


def kept(store: EventStore, key: str, came: datetime) -> Told | None:
    """One event by its key, of those received about an instant; ``None``: it is kept no more. Raises Refused."""
    question = "SELECT * FROM events WHERE key = $key LIMIT 1"
    rows = answered(store, came, lambda database: asked(database, question, {"key": key}))
    return next(map(columns().from_row, rows), None)


@dataclass(frozen=True)
class Brought:
    """What a sender's events told of (``SourceHealth.brings``), and on which hosts of the register they happened."""

    actions: tuple[str, ...]
    hosts: tuple[str, ...]


def brought(store: EventStore, since: datetime) -> dict[str, Brought]:
    """What each sender brought since an instant of receipt, by its name. Raises Refused."""
    question = (
        "SELECT sender, list_sort(list(DISTINCT action)) AS actions, list_sort(list(DISTINCT host_ref)) AS hosts, "
        f"bool_or(action = '{Action.CONNECTION}' AND sent IS NOT NULL) AS amount, "
        f"bool_or(action = '{Action.CONNECTION}' AND username <> '') AS by_whom "
        "FROM events WHERE came >= $since GROUP BY sender"
    )

    def work(database: "DuckDBPyConnection") -> dict[str, Brought]:
        rows = asked(database, question, {"since": since})
        return {row["sender"]: Brought(_brings(row), _told(row["hosts"])) for row in rows}

    return answered(store, since, work)


def _brings(row: dict[str, Any]) -> tuple[str, ...]:
    return (*_told(row["actions"]), *([AMOUNT] if row["amount"] else ()), *([BY_WHOM] if row["by_whom"] else ()))


@dataclass(frozen=True)
class Heard:
    """One kind of records that came: what they say of where they come from."""

    product: str
    service: str | None
    category: str | None
    channel: str | None
    event: str | None
    """Its ``EventID``, where it names a channel."""
    last: datetime
    """When the newest of them was received."""


def heard(store: EventStore, since: datetime) -> tuple[Heard, ...]:
    """Which kinds of records came since an instant of receipt. Raises Refused."""
    question = (
        "SELECT product, service, category, json_extract_string(fields, '$.Channel') AS channel, "
        "json_extract_string(fields, '$.EventID') AS event, max(came) AS last "
        f"FROM events WHERE came >= $since GROUP BY ALL ORDER BY last DESC LIMIT {KINDS}"
    )

    def work(database: "DuckDBPyConnection") -> tuple[Heard, ...]:
        return tuple(Heard(**row) for row in asked(database, question, {"since": since}))

    return answered(store, since, work)


def _told(values: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(value for value in values if value is not None)
