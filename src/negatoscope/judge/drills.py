"""Trials of the alert chain as rule 37 weighs them: the last one, its age, on how many lines somebody answered.

Crisis exercises are weighed alike: an earlier success does not make up for a later failure.
"""

from datetime import datetime, timedelta

from negatoscope.judge.shapes import Said, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import CallDrill, CrisisExercise, Outcome
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding

YEAR = timedelta(days=366)


def last(drills: Seen[CallDrill], now: datetime) -> CallDrill | None:
    """The newest trial of those that are over; ``None``: there is none."""
    today = now.astimezone(PARIS).date()
    return max((drill for drill in drills.facts if drill.on <= today), key=lambda drill: drill.on, default=None)


def old(drill: CallDrill, now: datetime) -> bool:
    """Whether it proves nothing any more."""
    return now.astimezone(PARIS).date() - drill.on > YEAR


def tried(drills: Seen[CallDrill], now: datetime) -> Said:
    """The last trial is of this year, succeeded, was timed, and its record is kept."""
    newest = last(drills, now)
    if newest is None:
        yield from never(drills)
    elif old(newest, now):
        yield long_ago(newest)
    elif newest.outcome is None:
        yield unread(newest.ref, "outcome")
    elif newest.outcome is Outcome.FAILURE:
        yield Finding(newest.ref, "chain_broke", {"on": f"{newest.on:%Y-%m-%d}"})
    elif newest.minutes is None:
        yield Doubt(newest.ref, "not_timed")
    elif newest.document_digest is None:
        yield Doubt(newest.ref, "record_missing")


def never(drills: Seen[CallDrill]) -> Said:
    """Where the list of trials is whole and holds none."""
    if drills.sweeps:
        yield Finding("practice", "never_tried")


def long_ago(drill: CallDrill) -> Finding:
    """It is too old."""
    return Finding(drill.ref, "chain_tried_long_ago", {"on": f"{drill.on:%Y-%m-%d}"})


def lines(drill: CallDrill, listed: int, now: datetime) -> Said:
    """Somebody answered on each of the lines that are listed."""
    if drill.lines is None or drill.reached is None:
        yield unread(drill.ref, "lines" if drill.lines is None else "reached")
    elif drill.reached < drill.lines:
        yield Finding(drill.ref, "lines_silent", {"reached": str(drill.reached), "lines": str(drill.lines)})
    elif old(drill, now):
        yield long_ago(drill)
    elif drill.lines < listed:
        yield Doubt(drill.ref, "lines_untried", {"lines": str(drill.lines), "listed": str(listed)})


def played(exercises: Seen[CrisisExercise], now: datetime) -> Said:
    """The last crisis that was played is of this year, nothing vital was missed in it, and its record is kept."""
    today = now.astimezone(PARIS).date()
    newest = max((one for one in exercises.facts if one.on <= today), key=lambda one: one.on, default=None)
    if newest is None:
        if exercises.sweeps:
            yield Finding("practice", "never_played")
    elif today - newest.on > YEAR:
        yield Finding(newest.ref, "played_long_ago", {"on": f"{newest.on:%Y-%m-%d}"})
    elif newest.vital_missed is None:
        yield unread(newest.ref, "vital_missed")
    elif newest.vital_missed:
        yield Finding(newest.ref, "vital_missed", {"missed": str(newest.vital_missed)})
    elif newest.document_digest is None:
        yield Doubt(newest.ref, "record_missing")
