"""How long events are kept: by what they tell of whom, in days since they were received.

What the law asks is data, dated, with its sources (``retention.toml``); what a practice chose is said in its register.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Literal

import msgspec
from msgspec import Struct

from negatoscope.kit.bilingual import Said
from negatoscope.model.event import Action, Event
from negatoscope.model.evidence import Ref, Scope


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


class Origin(Struct, frozen=True, forbid_unknown_fields=True):
    """Who says so, and how surely we know it: the text itself, or what others wrote of it."""

    name: str
    confidence: Literal["sure", "second_hand"]
    says: Said


class Law(Struct, frozen=True, forbid_unknown_fields=True):
    """How many days logs may be kept, and why. Beyond ``usual`` a reason is to be said again each year."""

    as_of: date
    least: int
    usual: int
    most: int
    sources: tuple[Origin, ...]
    holds: dict[EventClass, Said]


LAW = msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=Law)
YEAR = timedelta(days=LAW.usual)
LEAST, MOST = timedelta(days=LAW.least), timedelta(days=LAW.most)
RETENTION: Mapping[EventClass, timedelta] = dict.fromkeys(EventClass, YEAR)
"""Where nobody chose otherwise."""
_CARE = frozenset({Action.STUDY_OPENED, Action.STUDY_SENT})
_TRAFFIC = frozenset({Action.CONNECTION, Action.ASSOCIATION, Action.DEVICE_SEEN})


@dataclass(frozen=True, slots=True)
class LogKeeping:
    """How long one class of logs is kept: what somebody chose, why, and from when it holds."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    kind: EventClass
    days: int
    reason: str
    by: str
    since: datetime
    """When it was said."""
    starts: datetime
    """From when it holds: a shorter time waits, so that it can be undone before anything is erased."""
    formerly: int
    """How many days hold until then."""
    gone_before: date
    """Days of receipt before it may be gone already: they were kept for less, once."""
    explained: datetime
    """When its reason was last said."""
    former_reason: str = ""
    """Why the former time was chosen; empty: nobody chose it."""
    former_explained: datetime | None = None

    @property
    def ref(self) -> Ref:
        """``logkeeping/<class>``."""
        return f"logkeeping/{self.kind}"

    def at(self, now: datetime) -> int:
        """For how many days this class is kept, at an instant."""
        return self.days if self.starts <= now else self.formerly

    def unjustified(self, now: datetime) -> bool:
        """Whether it is kept beyond the usual time, for a reason that nobody has said again within a year."""
        said = self.explained if self.starts <= now else self.former_explained
        return self.at(now) > LAW.usual and (said is None or said + YEAR < now)


def times(told: Iterable[LogKeeping], now: datetime) -> dict[EventClass, timedelta]:
    """How long each class is kept, at an instant."""
    return {**RETENTION, **{one.kind: timedelta(days=one.at(now)) for one in told}}


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
