"""Whether the logs of each week were read. Pure."""

from collections.abc import Collection
from datetime import datetime

from negatoscope.judge.shapes import Said
from negatoscope.kit.clock import PARIS
from negatoscope.model.event import Action
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.watching import SourceHealth
from negatoscope.model.weekly import WEEK, WeekReview, monday

LOOKED_BACK = 8
"""Weeks that a missed review counts for."""


def reread(reviews: Seen[WeekReview], now: datetime) -> Said:
    """Each week is read before the next one is over; before the first review nothing is proven."""
    this = monday(now.astimezone(PARIS).date())
    told = {one.week: one for one in reviews.facts}
    if not any(one.closed_at is not None for one in reviews.facts):
        yield Doubt("practice", "never_reviewed")
    if not told:
        return
    week = max(min(told), this - LOOKED_BACK * WEEK)
    while week <= this - 2 * WEEK:
        review = told.get(week)
        if review is None or review.closed_at is None:
            yield Finding(f"weekreview/{week}", "week_missed", {"on": f"{week:%Y-%m-%d}"})
        week += WEEK


def told_of(sources: Seen[SourceHealth], actions: Collection[Action], what: Action) -> Said:
    """Doubt that anything could be read where no source tells of it, or those that do fell silent."""
    bearing = [one for one in sources.facts if one.brings and not set(actions).isdisjoint(one.brings)]
    if not bearing:
        yield Doubt("practice", "no_source", {"what": what.value})
    for one in bearing:
        if one.silent is not False:
            yield Doubt(one.ref, "source_quiet")
