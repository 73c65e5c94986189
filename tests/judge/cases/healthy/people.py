"""People who come and go, what they signed, and what they gave back."""

from datetime import timedelta

from negatoscope.model.cases import Case, CaseKind, CaseTask, RoleTemplate, TaskKind
from negatoscope.model.papers import Paper, PaperKind, PolicyReview, Signature
from negatoscope.model.people import Departure, Person, StaffKind
from tests.judge.cases.healthy.computers import ANNA
from tests.judge.memory import AT

TODAY = AT.date()
LEFT_ON = TODAY - timedelta(days=60)
LUC = Person("luc.roy", "Luc Roy", left_on=LEFT_ON, email="luc.roy@cabinet.example", kind=StaffKind.TRAINEE)
POLICY, CHARTER = (
    Paper(kind, 2, "Dr Petit", AT - timedelta(days=100), "0" * 64, f"{kind.value}.pdf")
    for kind in (PaperKind.POLICY, PaperKind.CHARTER)
)
CASE = Case(LUC.ref, CaseKind.DEPARTURE, LEFT_ON, AT - timedelta(days=70), "user:apetit")


def signature(kind: PaperKind, version: int | None = 2) -> Signature:
    return Signature(ANNA.ref, kind, TODAY - timedelta(days=90), version, "Anna Petit")


def given_back(key: str) -> CaseTask:
    done = AT - timedelta(days=59)
    return CaseTask(CASE.ref, key, TaskKind.THING, key, LEFT_ON, "Anna Petit", None, done, "Anna Petit", "rendu")


FACTS = (
    RoleTemplate("Manipulatrice", groups=("Manips", "informatique", "Domain Admins")),
    LUC,
    Departure(LUC.ref, LEFT_ON),
    CASE,
    given_back("badge"),
    given_back("keys"),
    POLICY,
    CHARTER,
    signature(PaperKind.POLICY),
    signature(PaperKind.CHARTER),
    signature(PaperKind.TRAINING, None),
    PolicyReview(TODAY - timedelta(days=20), "Dr Petit", "rien à changer"),
)
