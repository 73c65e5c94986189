"""R37: everyone knows whom to call."""

from datetime import datetime, timedelta

from negatoscope.judge import drills
from negatoscope.judge.graph.saying import ready
from negatoscope.judge.leavers import Leaving
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.calltree import numbers, uncovered
from negatoscope.model.carrying import COPY_STANDS, SealedCopy
from negatoscope.model.continuity import Call, CallDrill, Contact, CrisisExercise
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.people import Departure, Person
from negatoscope.model.presence import Absence

RULE = Rule("R37", fresh=timedelta(days=7))
AHEAD = 30
"""Days to come of which absences must be covered."""

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


@RULE.measured("R37.4", fresh=drills.YEAR)
def the_chain_was_tried(tried: Seen[CallDrill], now: datetime) -> Said:
    """Try the chain within the year, watch in hand, and keep the record."""
    yield from drills.tried(tried, now)


@RULE.measured("R37.5")
def each_is_reached_in_two_ways(calls: Seen[Call]) -> Said:
    """Give everyone called two numbers on different lines, and each deputy a line of their own."""
    lines = frozenset(call.person for call in calls.facts)
    for call in calls.facts:
        if call.deputy is None:
            yield Doubt(call.ref, "deputy_missing")
        elif call.deputy not in lines:
            yield Finding(call.ref, "deputy_without_number", {"holder": call.deputy})
        if call.phone is None:
            yield unread(call.ref, "phone")
        if call.other_phone is None:
            yield unread(call.ref, "other_phone")
        elif call.phone is not None and len(numbers(call)) == 1:
            yield Finding(call.ref, "one_number_alone")


@RULE.measured("R37.6")
def absences_are_covered(calls: Seen[Call], absences: Seen[Absence], now: datetime) -> Said:
    """Let nobody of the chain be away on the same day as their deputy, within the month to come."""
    today = now.astimezone(PARIS).date()
    if calls.facts and not any(today - one.ends_on <= drills.YEAR for one in absences.facts):
        yield Doubt("practice", "absences_unsaid")
    for call in calls.facts:
        if call.deputy is None:
            yield Doubt(call.ref, "deputy_missing")
        elif day := uncovered(call, absences.facts, today, AHEAD):
            yield Finding(call.ref, "nobody_answers", {"on": f"{day:%Y-%m-%d}"})


@RULE.measured("R37.7")
def contacts_outside_are_checked(contacts: Seen[Contact], now: datetime) -> Said:
    """Make sure within the year that the numbers of those outside still answer."""
    today = now.astimezone(PARIS).date()
    for one in contacts.facts:
        if one.phone is None:
            yield unread(one.ref, "phone")
        if one.checked_on is None:
            yield Doubt(one.ref, "contact_never_checked")
        elif today - one.checked_on > drills.YEAR:
            yield Finding(one.ref, "contact_checked_long_ago", {"on": f"{one.checked_on:%Y-%m-%d}"})
    if not contacts.facts and contacts.sweeps:
        yield Finding("practice", "no_contact_outside")


@RULE.measured("R37.8")
def the_crisis_copy_is_at_hand(copies: Seen[SealedCopy], now: datetime) -> Said:
    """Keep off the network, and young, whom to call and what to do."""
    yield from ready(copies, "calls", now, COPY_STANDS)


@RULE.measured("R37.9", fresh=drills.YEAR)
def each_line_answered(tried: Seen[CallDrill], calls: Seen[Call], now: datetime) -> Said:
    """Reach somebody on each line of the call list at the last trial."""
    last = drills.last(tried, now)
    yield from drills.never(tried) if last is None else drills.lines(last, len(calls.facts), now)


@RULE.measured("R37.10", fresh=drills.YEAR)
def a_crisis_was_played(played: Seen[CrisisExercise], now: datetime) -> Said:
    """Play a crisis within the year, with nothing vital missed at the last one, and keep the record."""
    yield from drills.played(played, now)
