"""What loses its proof, or falls due, within some days, read from the register: badge, mail, first page and report."""

from datetime import datetime, timedelta

from negatoscope.judge.catalogue import RULES
from negatoscope.model.actions import Action
from negatoscope.model.cases import Case
from negatoscope.model.networks import Consent
from negatoscope.model.people import Attestation, Waiver
from negatoscope.prove.plan import Ending, Held, endings
from negatoscope.store.queries import register

WEEK = timedelta(days=7)
_KINDS: tuple[type[Held], ...] = (Attestation, Consent, Waiver, Action, Case)


def decaying(practice: int, at: datetime, within: timedelta = WEEK) -> list[Ending]:
    """What ends before then, the soonest first; what has ended counts for as long as it stands in the register."""
    lasts = {control.id: control.lasts for rule in RULES for control in rule.controls.values()}
    held = (fact for kind in _KINDS for fact in register.declared(practice, kind))
    return endings(held, lasts, at + within)
