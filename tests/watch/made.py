"""One event at a time, for what a single one shows."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from negatoscope.kit.clock import PARIS
from negatoscope.model.event import Action, Event, Told

_NUMBERS = count()
REFS = ("person", "account", "zone", "target_zone")
RESOLVED = {"host_ref": "host", "source_ref": "source", "target_ref": "target"}


def paris(text: str) -> datetime:
    """``2026-11-10 03:12``, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def told(when: str | datetime, action: Action, *, late: float = 1.0, sender: str = "essai", **more: Any) -> Told:  # noqa: ANN401 -- fields of an event
    """An event that came ``late`` seconds after it happened; ``host_ref`` and the like name what the register knows."""
    at = paris(when) if isinstance(when, str) else when
    refs = {name: more.pop(name) for name in REFS if name in more}
    refs |= {name: more.pop(ref) for ref, name in RESOLVED.items() if ref in more}
    product = more.pop("product", "essai")
    return Told(
        f"{sender}:{next(_NUMBERS)}",
        sender,
        at + timedelta(seconds=late),
        Event(at, product, action=action, **more),
        **refs,
    )
