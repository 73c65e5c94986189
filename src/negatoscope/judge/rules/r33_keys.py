"""R33: keys, badges and alarm codes are guarded."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from negatoscope.judge.leavers import Leaving
from negatoscope.judge.returning import BACK, names, not_back, unsigned_returns
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, day_ahead, unread
from negatoscope.kit.clock import PARIS
from negatoscope.model.cases import CaseTask
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.keys import AlarmCode, Handover, Key
from negatoscope.model.people import Departure, Person, StaffKind

RULE = Rule("R33", fresh=timedelta(days=7))
CODE_LASTS = timedelta(days=180)
OTHER_THINGS = frozenset({"equipment", "matériel"})
"""What the case of a departure asks for and is no key."""
KEYS = ("clé", "cle", "key", "badge", "carte", "card", "télécommande", "bip", "passe")


@RULE.measured("R33.1")
def leavers_hand_back(
    handovers: Seen[Handover], departures: Seen[Departure], people: Seen[Person], tasks: Seen[CaseTask], now: datetime
) -> Said:
    """Take back, or disable, each key and badge of a person who left; the departure's case may not say otherwise."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts(people.facts)
    gone = leaving.gone()
    yield from not_back(handovers.facts, gone, frozenset(person.ref for person in people.facts))
    for holder in gone:
        for said in unsigned_returns(tasks.facts, holder):
            thing = str(said.values["task"]).strip().casefold()
            if any(word in thing for word in KEYS):
                yield said
            elif thing not in OTHER_THINGS:
                yield Doubt(holder, said.reason, said.values)


@RULE.measured("R33.2")
def codes_change(
    codes: Seen[AlarmCode], handovers: Seen[Handover], departures: Seen[Departure], people: Seen[Person], now: datetime
) -> Said:
    """Change each alarm code within half a year, and after each departure of somebody who knows it."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts(people.facts)
    gone, staff = leaving.gone(), frozenset(person.ref for person in people.facts)
    for code in codes.facts:
        if code.changed_on is None:
            yield unread(code.ref, "changed_on")
            continue
        yield from day_ahead(code.ref, "changed_on", code.changed_on, leaving.today)
        if leaving.today - code.changed_on > CODE_LASTS:
            yield Finding(code.ref, "code_old", {"on": f"{code.changed_on:%Y-%m-%d}"})
        for one in handovers.facts:
            left = gone.get(one.holder)
            if one.item == code.ref and left and left > code.changed_on:
                yield Finding(code.ref, "known_by_leaver", {"holder": one.holder, "left": f"{left:%Y-%m-%d}"})
            elif one.item == code.ref and not left and names(one.holder, "person") and one.holder not in staff:
                yield Doubt(code.ref, "known_by_unlisted", {"holder": one.holder})


@RULE.measured("R33.3")
def providers_hold_nothing_untraced(
    handovers: Seen[Handover], keys: Seen[Key], codes: Seen[AlarmCode], people: Seen[Person], now: datetime
) -> Said:
    """Leave a contractor no key or code, save where passages are recorded and the loan has an end."""
    today = now.astimezone(PARIS).date()
    traced = {key.ref: key.traced for key in keys.facts} | {code.ref: code.traced for code in codes.facts}
    footing = {person.ref: person.kind for person in people.facts}
    for one in handovers.facts:
        if one.state in BACK:
            continue
        if names(one.holder, "provider") or footing.get(one.holder) is StaffKind.PROVIDER:
            yield from _lent(one, traced, today)
        elif footing.get(one.holder) is None:
            yield Doubt(one.holder, "footing_unknown")


def _lent(one: Handover, traced: Mapping[Ref, bool | None], today: date) -> Said:
    if one.state is None:
        yield unread(one.ref, "handover_state")
    elif traced.get(one.item) is False:
        yield Finding(one.ref, "lent_untraced")
    elif one.until is not None and one.until < today:
        yield Finding(one.ref, "loan_over", {"on": f"{one.until:%Y-%m-%d}"})
    elif one.until is None or traced.get(one.item) is None:
        yield Doubt(one.ref, "loan_terms_unknown")


RULE.attested("R33.4")
