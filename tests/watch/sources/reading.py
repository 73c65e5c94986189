"""Lines through the whole chooser, as the intake hands them over."""

import json
from datetime import UTC, datetime
from typing import Any

from negatoscope.model.event import Event
from negatoscope.watch.source import Line, normalise

CAME = datetime(2026, 11, 22, 17, 50, tzinfo=UTC)
KEY = b"a key of tests"


def said(line: str | dict[str, Any], came: datetime = CAME) -> Event:
    text = line if isinstance(line, str) else json.dumps(line)
    return normalise(Line(text.encode(), came, "text", "10.77.0.9"), KEY)


def holds(event: Event, **expected: Any) -> None:  # noqa: ANN401 -- fields of an event
    assert {name: getattr(event, name) for name in expected} == expected, event


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
