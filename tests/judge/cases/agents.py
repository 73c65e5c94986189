"""Flaws that inventory agents show."""

from negatoscope.model.accounts import Privilege
from negatoscope.model.endpoints import AgentContact, Antivirus, WindowsSecurity
from negatoscope.model.hardening import Firewall, RemovableMedia
from tests.judge.cases.computers import _flawed
from tests.judge.cases.healthy.computers import DESK, LAPTOP
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import World

SILENT = HEALTHY.but(
    facts=tuple(fact for fact in HEALTHY.facts if not (isinstance(fact, AgentContact) and fact.host == DESK))
)
DEFENDER = "antivirus/accueil/Defender"
WINDOWS = (WindowsSecurity, DESK)


def administering(name: str) -> World:
    """Somebody of the directory administers a computer."""
    return HEALTHY.with_(Privilege(DESK, f"CABINET\\{name}", "group:Administrateurs", password_asked=True))


FAILING: dict[str, tuple[World, ...]] = {
    "R14.6": (
        _flawed(Antivirus, DEFENDER, up_to_date=False),
        _flawed(Antivirus, DEFENDER, enabled=False),
        _flawed(*WINDOWS, lsa_protected=False),
        _flawed(*WINDOWS, elevation_asked=False),
        _flawed(*WINDOWS, clear_logons=True),
        _flawed(*WINDOWS, old_sharing=True),
    ),
    "R2.6": (SILENT,),
    "R16.3": (SILENT,),
    "R17.1": (
        _flawed(Firewall, LAPTOP, active=False),
        _flawed(RemovableMedia, LAPTOP, blocked=False),
    ),
    "R19.6": (_flawed(*WINDOWS, recovery_escrowed=False),),
    "R30.3": (administering("mdurand"), administering("utilisateurs du domaine")),
}
