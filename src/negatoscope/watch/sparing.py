"""Which detections raise no alert, because somebody found them harmless; and which no exemption can ever silence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from negatoscope.model.evidence import Ref
from negatoscope.model.tuning import AlertExemption
from negatoscope.model.watching import ONLINE
from negatoscope.watch.behaviours import inactive, unusual_hours
from negatoscope.watch.behaviours.attempts import SUCCESS
from negatoscope.watch.calendar import local
from negatoscope.watch.detection import Detection, Kind
from negatoscope.watch.filtering import Filter, filters_of

LONGEST = timedelta(days=180)
RULE = "rule"
"""The situation of an exemption from a Sigma rule, whose id stands in place of the behaviour."""
FIELDS = "fields"
"""That of an exemption from a Sigma rule for events whose fields say so, whomever they are about."""
ALWAYS_TOLD = frozenset({SUCCESS, "log_cleared", *ONLINE})
"""Situations that are an intrusion if they are anything, and those that a rule forbids to everybody (rule 28)."""


@dataclass(frozen=True)
class Spared:
    """The exemptions of a practice. ``key_people``: whose log-ins are always told."""

    exemptions: tuple[AlertExemption, ...] = ()
    key_people: frozenset[Ref] = frozenset()

    @property
    def of_rules(self) -> dict[tuple[str, Ref], date]:
        """Until when a subject is exempt from a Sigma rule."""
        return {(one.behaviour, one.subject): one.until for one in self.exemptions if one.situation == RULE}

    @property
    def of_fields(self) -> dict[str, tuple[Filter, ...]]:
        """Which events a Sigma rule spares by what their fields say."""
        return filters_of(one for one in self.exemptions if one.situation == FIELDS)

    def rest(self, detections: Iterable[Detection], now: datetime | None = None) -> Iterator[Detection]:
        """Detections but those that are exempt: on the day of ``now``, when they were told, else of their first event.

        What goes on after the last day of an exemption is told, however long ago it began.
        """
        held = {(one.behaviour, one.situation, one.subject): one.until for one in self.exemptions}
        for found in detections:
            until = held.get((found.code, found.reason, found.subject)) if found.kind is Kind.BEHAVIOUR else None
            exempt = until is not None and local(now or found.came)[0] <= until
            if not exempt or not sparable(found.code, found.reason, found.subject, self.key_people):
                yield found


def sparable(behaviour: str, situation: str, subject: Ref, key_people: frozenset[Ref]) -> bool:
    """Whether alerts of this kind about this subject may be exempt at all."""
    if behaviour == inactive.CODE or situation in ALWAYS_TOLD:
        return False
    return behaviour != unusual_hours.CODE or subject not in key_people


def too_long(since: date, until: date) -> bool:
    """Whether an exemption is over already, or would outlast what anybody remembers of it."""
    return not since <= until <= since + LONGEST
