"""The present as pages show it: the world's, or, on the pages of an exercise, what its own clock shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from negatoscope.kit.clock import utc_now
from negatoscope.model.incident import Incident
from negatoscope.respond.exercise import stage

_SHOWN: ContextVar[datetime | None] = ContextVar("present", default=None)


def now() -> datetime:
    """The present of the page that is being made."""
    return _SHOWN.get() or utc_now()


@contextmanager
def of(one: Incident) -> Iterator[None]:
    """Make a page in the time of an incident."""
    token = _SHOWN.set(stage.showing(one, utc_now()) if one.exercise else None)
    try:
        yield
    finally:
        _SHOWN.reset(token)
