"""Questions to the kept events, and what an expert's question can never do."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from negatoscope.model.event import Action, Event, Told
from negatoscope.store.events import EventStore
from negatoscope.store.queries import events
from negatoscope.store.queries.events import Brought, Refused, Wanted, brought, expert, line, products, search
from negatoscope.store.queries.paging import Ask

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EventStore:
    kept = EventStore(tmp_path_factory.mktemp("events") / "d'essai", 1)
    ssh = Event(AT, "linux", "sshd", action=Action.LOGON, ok=False, host="srv-pacs", user="CABINET\\mdurand",
                source="10.0.0.8", fields={"message": 'Échec "x" C:\\temp'})  # fmt: skip
    flow = Event(AT + timedelta(hours=1), "squid", action=Action.CONNECTION, ok=True, target="exemple.org", sent=9)
    batch = [
        Told("a", "10.0.0.1", AT, ssh, person="person/mdurand", host="host/srv-pacs"),
        Told("b", "10.0.0.2", AT, flow),
        Told("c", "10.0.0.2", AT + timedelta(days=3), replace(flow, at=AT + timedelta(days=3))),
    ]
    kept.keep(batch)
    return kept


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), "cba"), (Wanted(since=AT + timedelta(minutes=1)), "cb"), (Wanted(until=AT + timedelta(minutes=1)), "a"),
        (Wanted(host="SRV"), "a"), (Wanted(host="exemple"), "cb"), (Wanted(who="cabinet\\"), "a"),
        (Wanted(who="person/mdurand"), "a"), (Wanted(sender="10.0.0.2"), "cb"), (Wanted(product="squid"), "cb"),
        (Wanted(action="logon"), "a"), (Wanted(outcome="ok"), "cb"), (Wanted(outcome="failed"), "a"),
        (Wanted(text='ÉCHEC "X" c:\\TEMP'), "a"), (Wanted(text="%"), ""), (Wanted(host="x' OR 1=1 --"), ""),
        (Wanted(since=AT + timedelta(days=2)), "c"),
    ],
)  # fmt: skip
def test_filters_find_what_they_name(store: EventStore, wanted: Wanted, expected: str) -> None:
    found = search(store, wanted, Ask())
    assert "".join(told.key for told in found.rows) == expected
    assert found.total == len(expected)


def test_what_each_sender_brings_is_told_and_whether_it_says_how_much(store: EventStore, tmp_path: Path) -> None:
    assert brought(store, AT)["10.0.0.1"] == Brought(("logon",), ("host/srv-pacs",))
    assert brought(store, AT)["10.0.0.2"] == Brought(("connection", "amount"), ())
    bare = EventStore(tmp_path / "events", 1)
    line = Event(AT, "pfsense", action=Action.CONNECTION, ok=True)
    bare.keep([Told("a", "fw", AT, line), Told("b", "proxy", AT, replace(line, user="adm"))])
    assert brought(bare, AT)["proxy"].actions == ("connection", "by_whom")
    assert brought(bare, AT)["fw"].actions == ("connection",)


def test_pages_are_cut_and_sorted(store: EventStore) -> None:
    found = search(store, Wanted(), Ask(order="happened", start=1, stop=2))
    assert [told.key for told in found.rows] == ["b"]
    assert found.total == 3
    assert [told.key for told in search(store, Wanted(), Ask(order="product", descending=True)).rows] == ["b", "c", "a"]
    assert [told.key for told in search(store, Wanted(), Ask(order="fields; DROP")).rows] == ["c", "b", "a"]
    (first, *_rest) = search(store, Wanted(who="mdurand"), Ask()).rows
    assert first == next(told for told in store.told() if told.key == "a")


def test_a_time_line_counts_every_event(store: EventStore) -> None:
    bars = line(store, Wanted())
    assert (len(bars), sum(bar.count for bar in bars), sum(bar.failed for bar in bars)) == (events.BARS, 3, 1)
    assert bars[0].since == AT
    assert (bars[0].count, bars[-1].count) == (2, 1)
    assert sum(bar.count for bar in line(store, Wanted(who="mdurand"))) == 1
    assert line(store, Wanted(host="nulle part")) == ()


def test_nothing_kept_is_nothing_found(tmp_path: Path) -> None:
    empty = EventStore(tmp_path, 1)
    assert search(empty, Wanted(host="x", since=AT), Ask()).total == 0
    assert line(empty, Wanted()) == ()
    assert products(empty, AT) == ()
    assert expert(empty, "SELECT happened, fields FROM events").titles == ("happened", "fields")


def test_products_heard_are_named(store: EventStore) -> None:
    assert products(store, AT) == ("linux", "squid")


def test_an_expert_counts_and_reads_fields(store: EventStore) -> None:
    answer = expert(store, "SELECT product, count(*) AS n, max(happened) FROM events GROUP BY product ORDER BY n")
    assert answer.titles[:2] == ("product", "n")
    assert answer.rows[0] == ("linux", 1, AT)
    assert expert(store, "FROM events SELECT fields->>'message' LIMIT 1").rows[0][0] is not None
    assert expert(store, "WITH x AS (SELECT 1 AS a) SELECT [a, 2] FROM x").rows == (("[1, 2]",),)
    assert expert(store, "SELECT date_part('hour', max(happened)) FROM events WHERE username IS NOT NULL").rows == (
        (13,),
    )


def test_an_expert_gets_a_thousand_rows_at_most(store: EventStore) -> None:
    answer = expert(store, "SELECT * FROM range(1_000_000_000)")
    assert (len(answer.rows), answer.cut) == (events.ROWS, True)
    assert not expert(store, "SELECT * FROM range(1000)").cut


@pytest.mark.parametrize(
    "question",
    [
        "", ";", "SELECT 1; SELECT 2", "INSERT INTO events SELECT * FROM events",
        "DROP VIEW events", "DELETE FROM events",
        "COPY events TO '{out}'", "COPY (SELECT 1) TO '{file}'", "EXPORT DATABASE '{out}'", "ATTACH '{out}'",
        "INSTALL httpfs", "LOAD httpfs", "PRAGMA database_list", "SET memory_limit = '10GB'", "RESET ALL",
        "CREATE TABLE t AS SELECT 1", "CALL pragma_version()", "EXPLAIN SELECT 1", "EXPLAIN ANALYZE SELECT 1", "CHECKPOINT",
        "PREPARE x AS SELECT 1", "USE memory", "VACUUM", "CREATE SECRET (TYPE s3)", "BEGIN", "SELECT 1; COPY events TO '{out}'",
    ],
)  # fmt: skip
def test_nothing_but_one_select_is_answered(store: EventStore, tmp_path: Path, question: str) -> None:
    before = {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()}
    with pytest.raises(Refused) as refused:
        expert(store, question.format(out=tmp_path / "dehors", file=store.files()[0].path))
    assert refused.value.why in {"not_one_select", "not_sql"}
    assert {path: path.read_bytes() for path in store.folder.rglob("*") if path.is_file()} == before
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM read_csv('{secret}')", "SELECT * FROM '{secret}'", "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_blob('{secret}')", "SELECT * FROM glob('{folder}/*')", "SELECT * FROM sniff_csv('{secret}')",
        "SELECT * FROM read_json('{secret}')", "SELECT * FROM read_parquet('{other}')", "SELECT * FROM parquet_schema('{other}')",
        "SELECT * FROM read_text('{file}/../../../secret')", "SELECT * FROM query('COPY events TO ''{out}''')",
        "WITH x AS (COPY events TO '{out}') SELECT 1", "SELECT * FROM read_csv('http://127.0.0.1:9/x')", "SELECT * FROM wanted",
        "SELECT * FROM values", "SELECT getenv('HOME')", "SELECT * FROM nulle_part", "SELECT",
        "SELECT * FROM sqlite_scan('{secret}', 'x')", "SELECT * FROM read_ndjson_objects('{secret}')",
    ],
)  # fmt: skip
def test_a_select_reaches_no_other_file(store: EventStore, tmp_path: Path, question: str) -> None:
    (tmp_path / "secret").write_text("s3cret")
    EventStore(store.folder, 2).keep([Told("z", "x", AT, Event(AT, "autre site"))])
    places = {
        "secret": tmp_path / "secret", "folder": tmp_path, "file": store.files()[0].path, "out": tmp_path / "dehors",
        "other": EventStore(store.folder, 2).files()[0].path,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        expert(store, question.format(**{name: str(path).replace("'", "''") for name, path in places.items()}))
    assert refused.value.why == "not_sql"
    assert not (tmp_path / "dehors").exists()


def test_a_question_that_takes_long_is_ended(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(Refused, match="too_long"):
        expert(store, "SELECT count(*) FROM range(100000000000) WHERE sqrt(range) = ln(range + 2)")
    assert time.monotonic() - begun < 10
    assert [one for one in threading.enumerate() if isinstance(one, threading.Timer)] == []


def test_a_question_that_takes_too_much_memory_is_ended(store: EventStore) -> None:
    with pytest.raises(Refused, match="too_large"):
        expert(store, "SELECT list(range || repeat('x', 1000)) FROM range(2000000)")


def test_files_joined_while_somebody_asks_are_looked_for_anew(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, gone = EventStore.files, iter([True, False, False])

    def files(self: EventStore, *days: object) -> object:
        told = real(self, *days)  # type: ignore[arg-type]  # as it was asked
        return [replace(one, path=one.path.with_name("joined")) for one in told] if next(gone) else told

    monkeypatch.setattr(EventStore, "files", files)
    assert search(store, Wanted(), Ask()).total == 3
