"""What inventory agents tell of healthy computers, and the directory whose accounts may administer them."""

from negatoscope.model.accounts import AccountKind
from negatoscope.model.endpoints import AgentContact, Antivirus, WindowsSecurity
from negatoscope.model.evidence import Ref
from tests.judge.cases.healthy.computers import ANNA, DESK, LAPTOP, READING
from tests.judge.cases.healthy.directory import D, account

PLACE = D


def told(ref: Ref) -> tuple[object, ...]:
    """Everything an agent says that other looks do not."""
    return (
        AgentContact(ref, "GLPI-Agent_v1.15"),
        Antivirus(ref, "Defender", enabled=True, up_to_date=True),
        Antivirus(ref, "Ancien", enabled=False, up_to_date=False),
        WindowsSecurity(
            ref,
            present=True,
            lsa_protected=True,
            elevation_asked=True,
            clear_logons=False,
            old_sharing=False,
            local_password_managed=True,
            recovery_escrowed=True,
        ),
    )


MARIE = account("mdurand", 1110, kind=AccountKind.PERSON, holder=ANNA.ref, groups=("Utilisateurs du domaine", "Manips"))
FACTS = (
    *(fact for ref in (LAPTOP, DESK, READING) for fact in told(ref)),
    MARIE,
)
