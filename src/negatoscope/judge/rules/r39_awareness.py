"""R39: users know the elementary rules."""

from datetime import datetime, timedelta

from negatoscope.judge.leavers import Leaving, present
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, everyone_signed
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.papers import Paper, PaperKind, Signature
from negatoscope.model.people import Departure, Person
from negatoscope.model.watching import TipHandled

RULE = Rule("R39", fresh=timedelta(days=7))

RULE.attested("R39.1")
RULE.attested("R39.2")
RULE.attested("R39.3")
RULE.attested("R39.4")
RULE.attested("R39.5")
RULE.attested("R39.6")
RULE.attested("R39.7")


@RULE.measured("R39.8")
def everyone_is_trained_and_signed(
    people: Seen[Person],
    departures: Seen[Departure],
    signatures: Seen[Signature],
    papers: Seen[Paper],
    now: datetime,
) -> Said:
    """Have everyone present follow the training of the year and sign the charter in force."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts(people.facts)
    staff = present(people.facts, leaving)
    yield from everyone_signed(PaperKind.TRAINING, staff, signatures.facts, papers.facts, now)
    yield from everyone_signed(PaperKind.CHARTER, staff, signatures.facts, papers.facts, now)


@RULE.measured("R39.9")
def what_is_reported_is_handled(tips: Seen[TipHandled], now: datetime) -> Said:
    """Handle within a day what the staff report; a silence of months shows nothing."""
    if not tips.facts:
        yield Doubt("practice", "nobody_reported")
    for one in tips.facts:
        said = {"on": f"{one.due:%Y-%m-%d}"}
        told = max((source.at for source in tips.sources.get(one.ref, ())), default=now)
        if one.handled_at is not None and one.handled_at > one.due:
            yield Finding(one.ref, "tip_late", said)
        elif one.handled_at is not None and one.outcome is None:
            yield Doubt(one.ref, "tip_unsaid", said)
        elif one.handled_at is None and one.due <= told:
            yield Finding(one.ref, "tip_overdue", said)
        elif one.handled_at is None and one.due <= now:
            yield Doubt(one.ref, "tip_unfollowed", said)
