"""R0, the preamble: a written policy, known by everyone, whose application the leaders check. Not one of the forty."""

from datetime import datetime, timedelta

from negatoscope.judge.leavers import Leaving, present
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, everyone_signed, not_ahead
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.papers import Paper, PaperKind, PolicyReview, Signature
from negatoscope.model.people import Departure, Person

RULE = Rule("R0", fresh=timedelta(days=31))
STANDS = timedelta(days=365)
"""How long a signature and a review stand: a year."""


@RULE.measured("R0.1")
def policy_is_signed(papers: Seen[Paper], now: datetime) -> Said:
    """Keep a written policy, signed by the director less than a year ago."""
    policy = next((paper for paper in papers.facts if paper.kind is PaperKind.POLICY), None)
    if policy is None:
        yield Doubt("paper/policy", "policy_missing")
    elif policy.signed_at + STANDS < now:
        yield Finding(policy.ref, "policy_old", {"on": f"{policy.signed_at:%Y-%m-%d}"})
    else:
        yield from not_ahead(policy.ref, "signed_on", policy.signed_at, now)


@RULE.measured("R0.2")
def policy_is_known(
    people: Seen[Person],
    departures: Seen[Departure],
    signatures: Seen[Signature],
    papers: Seen[Paper],
    now: datetime,
) -> Said:
    """Have everyone present read the version in force."""
    leaving = Leaving(departures.facts, now)
    yield from leaving.doubts(people.facts)
    staff = present(people.facts, leaving)
    yield from everyone_signed(PaperKind.POLICY, staff, signatures.facts, papers.facts, now)


@RULE.measured("R0.3")
def policy_is_reviewed(reviews: Seen[PolicyReview], now: datetime) -> Said:
    """Look every year at how the policy is applied."""
    last = max((review.on for review in reviews.facts), default=None)
    if last is None:
        yield Doubt("paper/policy", "never_reviewed")
    elif last < (now - STANDS).date():
        yield Finding("paper/policy", "review_old", {"on": f"{last:%Y-%m-%d}"})
    elif last > now.date() + timedelta(days=1):
        yield Doubt("paper/policy", "date_ahead", {"what": "signed_on", "on": f"{last:%Y-%m-%d}"})
