"""How long events are kept: by what they tell of whom, in days since they were received.

CNIL, délibération 2021-122 of 14 October 2021: six months to one year, longer only where justified. We keep one year.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from negatoscope.model.event import Action, Event


class EventClass(StrEnum):
    """What an event tells of, as far as its keeping goes."""

    CARE = "care"
    """Who opened or sent whose study."""
    TRAFFIC = "traffic"
    """Who spoke with whom, and what joined the network: by far the most."""
    ACCESS = "access"
    """All that people and accounts did."""
    UNREAD = "unread"
    """Lines that no normaliser reads."""


YEAR = timedelta(days=365)
LEAST, MOST = timedelta(days=180), timedelta(days=3 * 365)
"""What the délibération allows: six months at least, so that analysis means something; three years with a reason."""
RETENTION: Mapping[EventClass, timedelta] = dict.fromkeys(EventClass, YEAR)
_CARE = frozenset({Action.STUDY_OPENED, Action.STUDY_SENT})
_TRAFFIC = frozenset({Action.CONNECTION, Action.ASSOCIATION, Action.DEVICE_SEEN})


def class_of(event: Event) -> EventClass:
    """Under which class an event is kept."""
    if event.product == "atna" or event.action in _CARE:
        return EventClass.CARE
    if event.action in _TRAFFIC or event.category in {"firewall", "proxy", "dns", "webserver"}:
        return EventClass.TRAFFIC
    return EventClass.UNREAD if event.product == "unread" else EventClass.ACCESS


def is_over(received: date, kept: timedelta, today: date) -> bool:
    """Whether a day of receipt is to be purged: it and the whole time of keeping have passed."""
    return received + min(max(kept, LEAST), MOST) < today
