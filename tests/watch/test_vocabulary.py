"""The page of the vocabulary says what the code says."""

import re
from dataclasses import fields
from pathlib import Path

from negatoscope.model.event import Action, Event, Told
from negatoscope.store.columns import SCHEMA
from negatoscope.web.event_labels import ACTIONS, REASONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "events.md").read_text("utf-8")
SOURCES = (ROOT / "src/negatoscope/watch/sources").glob("*.py")


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_field_and_its_column_are_in_the_page() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", section("Fields"), re.MULTILINE)
    assert [name for name, _column in rows] == [one.name for one in fields(Event)]
    beside = set(re.findall(r"`(\w+)`", section("Fields").partition("Kept beside")[2]))
    assert {column for _name, column in rows} | beside == set(SCHEMA.names)
    assert {one.name for one in fields(Told)} - {"event", "host", "source", "target"} <= beside


def test_every_action_is_in_the_page_and_has_its_words() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section("Actions"), re.MULTILINE)
    assert rows == [one.value for one in Action]
    assert set(ACTIONS) == set(Action)


def test_every_reason_that_a_source_gives_is_in_the_page_and_has_its_words() -> None:
    told = {word for path in SOURCES for word in re.findall(r'why="(\w+)"', path.read_text())}
    assert told <= set(REASONS)
    assert set(re.findall(r"`(\w+)`", section("Reasons"))) == set(REASONS)
