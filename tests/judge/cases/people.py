"""For each measured control of people: facts that fail it, one flaw at a time, in a practice otherwise healthy."""

from dataclasses import replace
from datetime import timedelta

from negatoscope.model.directory import DirectoryGroup
from negatoscope.model.keys import HandoverState
from negatoscope.model.papers import PaperKind, PolicyReview, Signature
from negatoscope.model.people import Departure, Person
from tests.judge.cases.healthy.agents import MARIE
from tests.judge.cases.healthy.computers import ANNA, DESK, person
from tests.judge.cases.healthy.directory import DOMAIN
from tests.judge.cases.healthy.lists import ANNAS, LUCS
from tests.judge.cases.healthy.people import CHARTER, LUC, POLICY, TODAY, given_back, signature
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World

LONG_AGO = TODAY - timedelta(days=400)
TASK = given_back("badge")
GONE_SINCE = Departure(ANNA.ref, TODAY - timedelta(days=3))
NOBODYS = "person/inconnu"
ACCOUNTING = DirectoryGroup(MARIE.directory, "Comptabilité", f"{DOMAIN}-1201")


def without(*refs: str) -> World:
    return HEALTHY.but(facts=tuple(fact for fact in HEALTHY.facts if fact.ref not in refs))


def unsigned(kind: PaperKind) -> World:
    return without(signature(kind).ref)


def signed(kind: PaperKind, **flaw: object) -> World:
    return HEALTHY.with_(replace(signature(kind), **flaw))  # type: ignore[arg-type]  # fields of a signature


def read_by_some(kind: PaperKind) -> World:
    """Somebody else signed; Anna did not."""
    return unsigned(kind).with_(Signature(LUC.ref, kind, TODAY - timedelta(days=80), 2, "Luc Roy"))


NEWER = AT - timedelta(days=40)
REVIEW = PolicyReview(LONG_AGO, "Dr Petit", "rien à changer")

FAILING: dict[str, tuple[World, ...]] = {
    "R0.1": (HEALTHY.with_(replace(POLICY, signed_at=AT - timedelta(days=366))),),
    "R0.2": (
        unsigned(PaperKind.POLICY),
        signed(PaperKind.POLICY, version=1).with_(replace(POLICY, signed_at=NEWER)),
        HEALTHY.with_(Person("nouveau", "Nouveau", arrived_on=TODAY - timedelta(days=31))),
    ),
    "R0.3": (HEALTHY.but(facts=(*(f for f in HEALTHY.facts if not isinstance(f, PolicyReview)), REVIEW)),),
    "R3.4": (
        HEALTHY.with_(replace(person(DESK), holder=LUC.ref)),
        HEALTHY.with_(GONE_SINCE),
        HEALTHY.with_(replace(person(DESK), holder=NOBODYS)),
    ),
    "R3.3": (HEALTHY.with_(replace(MARIE, groups=("Manips", "Comptabilité")), ACCOUNTING),),
    "R3.5": (HEALTHY.with_(replace(MARIE, holder=LUC.ref)), HEALTHY.with_(GONE_SINCE)),
    "R3.6": (
        HEALTHY.with_(replace(TASK, done_at=None, done_by=None, statement=None)),
        HEALTHY.with_(replace(LUCS, state=HandoverState.HELD, returned_on=None)),
        HEALTHY.with_(replace(ANNAS, holder=NOBODYS)),
    ),
    "R39.8": (
        unsigned(PaperKind.CHARTER),
        read_by_some(PaperKind.TRAINING),
        signed(PaperKind.CHARTER, version=1).with_(replace(CHARTER, signed_at=NEWER)),
        signed(PaperKind.TRAINING, version=None, signed_on=LONG_AGO),
    ),
}
