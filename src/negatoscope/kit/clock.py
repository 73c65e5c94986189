"""The clock, read by ``cli`` and ``web`` only; everyone else receives an instant or a ``Clock``."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
PARIS = ZoneInfo("Europe/Paris")
"""French time of day, where nothing says otherwise."""


class _Present:
    """How far the console's present lies from the machine's: nothing, but in a demonstration."""

    shift = timedelta()


def live_at(shift: timedelta) -> None:
    """Let this process live at another instant; a demonstration opens on the morning that its captures tell of."""
    _Present.shift = shift


def utc_now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC) + _Present.shift  # noqa: TID251 -- the one place that reads the clock
