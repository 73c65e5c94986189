"""The clock, read by ``cli`` and ``web`` only; everyone else receives an instant or a ``Clock``."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one place that reads the clock
