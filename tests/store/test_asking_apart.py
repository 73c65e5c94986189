"""An expert's question in a process of its own: what it answers, and that nothing it asks for costs the console."""

import resource
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from negatoscope.model.event import Event, Told
from negatoscope.store.events import EventStore
from negatoscope.store.queries import apart
from negatoscope.store.queries.events import Refused

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OURS = 512 * 1024
"""KiB that the console may have needed at most while somebody asks."""


@pytest.fixture
def store(tmp_path: Path) -> EventStore:
    kept = EventStore(tmp_path / "events", 1)
    kept.keep([Told("a", "10.0.0.1", AT, Event(AT, "linux", user="écran"))])
    return kept


def test_it_answers_with_what_the_columns_hold(store: EventStore) -> None:
    told = apart.expert(store, "SELECT username, happened, DATE '2026-01-01', 2, 1.5::DOUBLE, NULL, true FROM events")
    assert told.titles[:2] == ("username", "happened")
    assert told.rows == (("écran", AT, date(2026, 1, 1), 2, 1.5, None, True),)
    assert not told.cut


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("SELECT 1; SELECT 2", "not_one_select"), ("SELECT * FROM nulle_part", "not_sql"),
        ("SELECT repeat('x', 1000000) FROM range(1001)", "too_large"),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_costs_the_console_no_memory(store: EventStore, question: str, why: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as refused:
        apart.expert(store, question)
    assert refused.value.why == why
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < OURS


def test_a_function_that_nothing_interrupts_is_ended(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 2.0)
    begun = time.monotonic()
    with pytest.raises(Refused, match="too_long"):
        apart.expert(store, "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))")
    assert time.monotonic() - begun < 60


def test_an_answer_that_no_page_shows_is_too_large(store: EventStore) -> None:
    assert '"too_large"' in apart.answered(str(store.folder), 1, "SELECT repeat('x', 200000) FROM range(100)")
    said = apart.answered(str(store.folder), 1, "SELECT happened, happened::DATE FROM events")
    assert '"instant"' in said
    assert '"day": "2026-11-22"' in said
