"""R37: everyone knows whom to call."""

from datetime import datetime, timedelta

from negatoscope.judge.leavers import Leaving
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import Call, CallDrill, Outcome
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Departure, Person

RULE = Rule("R37", fresh=timedelta(days=7))
YEAR = timedelta(days=366)

RULE.attested("R37.1")
RULE.attested("R37.2")


@RULE.measured("R37.3")
def those_called_are_here(calls: Seen[Call], departures: Seen[Departure], people: Seen[Person], now: datetime) -> Said:
    """Hold in the call list only people who are here, each with a number."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts(people.facts)
    gone, staff = leaving.gone(grace=timedelta()), frozenset(person.ref for person in people.facts)
    for call in calls.facts:
        for person in filter(None, (call.person, call.deputy)):
            if person in gone:
                yield Finding(call.ref, "called_has_left", {"holder": person, "left": f"{gone[person]:%Y-%m-%d}"})
            elif person not in staff:
                yield Finding(call.ref, "called_not_listed", {"holder": person})
        if call.phone is None:
            yield unread(call.ref, "phone")
        if call.deputy is None:
            yield Doubt(call.ref, "deputy_missing")
    if not calls.facts and calls.sweeps:
        yield Finding("practice", "nobody_to_call")


@RULE.measured("R37.4", fresh=YEAR)
def the_chain_was_tried(drills: Seen[CallDrill], now: datetime) -> Said:
    """Try the chain within the year, watch in hand, and keep the record."""
    today = now.astimezone(PARIS).date()
    last = max((drill for drill in drills.facts if drill.on <= today), key=lambda drill: drill.on, default=None)
    if last is None:
        if drills.sweeps:
            yield Finding("practice", "never_tried")
        return
    on = {"on": f"{last.on:%Y-%m-%d}"}
    if today - last.on > YEAR:
        yield Finding(last.ref, "chain_tried_long_ago", on)
    elif last.outcome is None:
        yield unread(last.ref, "outcome")
    elif last.outcome is Outcome.FAILURE:
        yield Finding(last.ref, "chain_broke", on)
    elif last.minutes is None:
        yield Doubt(last.ref, "not_timed")
    elif last.document_digest is None:
        yield Doubt(last.ref, "record_missing")
