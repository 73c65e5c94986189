"""R39: users know the elementary rules."""

from datetime import datetime, timedelta

from negatoscope.judge.leavers import Leaving, present
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, everyone_signed
from negatoscope.model.evidence import Seen
from negatoscope.model.papers import Paper, PaperKind, Signature
from negatoscope.model.people import Departure, Person

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
