"""For each measured control of a list that people keep: facts that fail it, one flaw at a time."""

from dataclasses import replace
from datetime import timedelta

from negatoscope.model.continuity import CallDrill, Outcome
from negatoscope.model.keys import HandoverState
from negatoscope.model.media import MediumState
from negatoscope.model.people import StaffKind
from negatoscope.model.premises import DoorControl
from tests.judge.cases.healthy.computers import ANNA
from tests.judge.cases.healthy.lists import (
    ALARM,
    ANNA_AWAY,
    ANNAS,
    BADGE,
    DUMP,
    FIRST_CALL,
    HELP_DESK,
    KNOWN,
    LEA,
    LENT,
    LUCS,
    OLD_DISK,
    PLAYED,
    RACK,
    SECOND_CALL,
    STUDY,
    TRIAL,
)
from tests.judge.cases.healthy.people import LEFT_ON, LUC, TODAY, given_back
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World

LONG_AGO = TODAY - timedelta(days=400)


def but(fact: object, *gone: object) -> World:
    """A practice otherwise healthy in which these things are not."""
    refs = {one.ref for one in gone}  # type: ignore[attr-defined]  # facts
    less = HEALTHY.but(facts=tuple(one for one in HEALTHY.facts if one.ref not in refs))
    return less if fact is None else less.with_(fact)


FAILING: dict[str, tuple[World, ...]] = {
    "R32.1": (
        HEALTHY.with_(replace(RACK, control=DoorControl.FREE)),
        HEALTHY.with_(replace(RACK, held=False)),
        HEALTHY.with_(replace(RACK, tested_on=TODAY - timedelta(days=93))),
    ),
    "R33.1": (
        HEALTHY.with_(replace(LUCS, state=HandoverState.HELD, returned_on=None)),
        HEALTHY.with_(replace(LUCS, state=HandoverState.LOST)),
        HEALTHY.with_(replace(ANNAS, holder="person/inconnu")),
        HEALTHY.with_(replace(given_back("badge"), done_at=None, done_by=None, statement=None)),
    ),
    "R33.2": (
        HEALTHY.with_(replace(ALARM, changed_on=TODAY - timedelta(days=181))),
        HEALTHY.with_(replace(ALARM, changed_on=LEFT_ON - timedelta(days=1))),
    ),
    "R33.3": (
        HEALTHY.with_(replace(BADGE, traced=False)),
        HEALTHY.with_(replace(LENT, until=TODAY - timedelta(days=1))),
        HEALTHY.with_(replace(ANNA, kind=StaffKind.PROVIDER)),
    ),
    "R35.4": (
        HEALTHY.with_(replace(OLD_DISK, state=MediumState.LOST)),
        HEALTHY.with_(replace(OLD_DISK, state=MediumState.DISCARDED)),
    ),
    "R36.4": (
        but(None, DUMP),
        but(replace(STUDY, on=LONG_AGO), STUDY),
        HEALTHY.with_(replace(STUDY, on=TODAY, outcome=Outcome.FAILURE)),
    ),
    "R37.3": (
        HEALTHY.with_(replace(FIRST_CALL, person=LUC.ref)),
        HEALTHY.with_(replace(FIRST_CALL, deputy=LUC.ref)),
        HEALTHY.with_(replace(FIRST_CALL, person="person/inconnu")),
        but(None, FIRST_CALL, SECOND_CALL),
    ),
    "R37.4": (
        but(None, TRIAL),
        but(CallDrill(LONG_AGO, Outcome.SUCCESS, 20, "a.pdf", "2" * 64), TRIAL),
        HEALTHY.with_(replace(TRIAL, outcome=Outcome.FAILURE)),
    ),
    "R37.9": (
        but(None, TRIAL),
        HEALTHY.with_(replace(TRIAL, reached=1)),
        but(CallDrill(LONG_AGO, Outcome.SUCCESS, 20, "a.pdf", "2" * 64, 2, 2), TRIAL),
    ),
    "R37.10": (
        but(None, PLAYED),
        but(replace(PLAYED, on=LONG_AGO), PLAYED),
        HEALTHY.with_(replace(PLAYED, vital_missed=2)),
    ),
    "R37.5": (
        HEALTHY.with_(replace(FIRST_CALL, other_phone="06-00-00-00-00")),
        but(None, SECOND_CALL),
    ),
    "R37.6": (
        HEALTHY.with_(replace(ANNA_AWAY, person=LEA.ref, begins_on=ANNA_AWAY.ends_on)),
        HEALTHY.with_(replace(SECOND_CALL, deputy=None), replace(ANNA_AWAY, person=LEA.ref)),
    ),
    "R37.7": (
        but(None, HELP_DESK),
        HEALTHY.with_(replace(HELP_DESK, checked_on=LONG_AGO)),
    ),
}

__all__ = ["FAILING", "KNOWN"]
