"""What several controls ask alike, written once."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Doubt, Finding

AHEAD = timedelta(hours=26)
"""A date further ahead than any time zone explains comes from a wrong clock, and proves nothing."""

Said = Iterator[Finding | Doubt]


def unread(subject: Ref, what: str) -> Doubt:
    """Doubt a setting that the look did not bring back; ``what`` is named in ``texts.toml``."""
    return Doubt(subject, "unread", {"what": what})


def all_hold(settings: Iterable[tuple[Ref, bool | None]], what: str, reason: str) -> Said:
    """Ask each subject for a setting that must be on."""
    for subject, holds in settings:
        if holds is None:
            yield unread(subject, what)
        elif not holds:
            yield Finding(subject, reason)


def none_hold(settings: Iterable[tuple[Ref, bool | None]], what: str, reason: str) -> Said:
    """Ask each subject for a setting that must be off."""
    for subject, holds in settings:
        if holds is None:
            yield unread(subject, what)
        elif holds:
            yield Finding(subject, reason)


def not_ahead(subject: Ref, what: str, at: datetime, now: datetime) -> Iterator[Doubt]:
    """Doubt a date that has not come yet."""
    if at > now + AHEAD:
        yield Doubt(subject, "date_ahead", {"what": what, "on": f"{at:%Y-%m-%d}"})
