"""What loses its proof, or falls due, within some days: the badge of the header, the weekly mail, the warnings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from negatoscope.flows.acting import planned
from negatoscope.judge.catalogue import RULES
from negatoscope.model.actions import STANDING
from negatoscope.model.networks import Consent
from negatoscope.model.people import Attestation, Waiver
from negatoscope.prove.report.words import PARIS
from negatoscope.store.queries import register

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Decay:
    """Something that ends. ``code``: ``attestation``, ``consent``, ``waiver``, ``action``; ``what``: its own name."""

    code: str
    what: str
    at: datetime


def decaying(practice: int, at: datetime, within: timedelta = WEEK) -> list[Decay]:
    """What ends before then, the soonest first; what has ended counts for as long as it stands in the register."""
    return sorted((one for one in _ending(practice) if one.at <= at + within), key=lambda one: (one.at, one.what))


def _ending(practice: int) -> Iterator[Decay]:
    lasts = {control.id: control.lasts for rule in RULES for control in rule.controls.values()}
    for told in register.of_kind(practice, Attestation.__name__):
        fact: Attestation = told.fact
        longest = lasts.get(fact.control)
        end = min(fact.expires_at, fact.signed_at + longest) if longest else fact.expires_at
        if fact.holds:
            yield Decay("attestation", fact.control, end)
    for told in register.of_kind(practice, Consent.__name__):
        yield Decay("consent", told.fact.host, told.fact.until)
    for told in register.of_kind(practice, Waiver.__name__):
        yield Decay("waiver", f"{told.fact.control} {told.fact.subject}", told.fact.until)
    for action in planned(practice):
        if action.state in STANDING:
            end = datetime.combine(action.due_on + timedelta(days=1), time(), PARIS)
            yield Decay("action", f"{action.control} {action.subject}", end)
