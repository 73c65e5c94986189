"""One domain, its people, its settings."""

from datetime import timedelta

from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import (
    Directory,
    DirectoryAccess,
    DirectoryAccount,
    DirectoryComputer,
    DirectoryDomain,
    DirectoryGroup,
    DirectoryKind,
    DirectoryPolicy,
    DirectoryPrivilege,
    DirectoryTrust,
    GuardedObject,
)
from negatoscope.model.passwords import PasswordChoice, Profile
from tests.judge.cases.healthy.computers import ANNA
from tests.judge.memory import AT

HERE = Directory("cabinet.lan", DirectoryKind.ACTIVE_DIRECTORY)
D = HERE.ref
DAY = timedelta(days=1)
DOMAIN = "S-1-5-21-1-2-3"


def account(name: str, number: int, **more: object) -> DirectoryAccount:
    """An account that nothing speaks against."""
    said: dict[str, object] = {
        "sid": f"{DOMAIN}-{number}",
        "enabled": True,
        "created_at": AT - 400 * DAY,
        "password_set_at": AT - 30 * DAY,
        "password_must_change": False,
        "password_not_required": False,
        "password_never_expires": False,
        "reversible_encryption": False,
        "des_only": False,
        "preauth_not_required": False,
        "smartcard_required": True,
        "not_delegated": True,
        "unconstrained_delegation": False,
        "protocol_transition": False,
        "delegates_to": (),
        "spns": (),
        "admin_count": False,
        "privileged": False,
        "sid_history": (),
        "last_logon_at": AT - 3 * DAY,
        "never_logged_on": False,
        "policy": "default",
        "groups": ("Domain Users",),
    }
    return DirectoryAccount(D, name, **{**said, **more})  # type: ignore[arg-type]  # fields of the fact


PETIT = account("anna.petit", 1104, kind=AccountKind.PERSON, holder=ANNA.ref)
CHIEF = account(
    "adm.petit", 1105, kind=AccountKind.PERSON, holder=ANNA.ref, admin_count=True, privileged=True,
    groups=("Domain Admins", "informatique"),
)  # fmt: skip
COPY = account("svc-copie", 1106, kind=AccountKind.SERVICE, purpose="copie de nuit", spns=("copie/nas.cabinet.lan",))
FORMER = account("vieux.compte", 1107, enabled=False, smartcard_required=False, last_logon_at=AT - 900 * DAY)
DEFAULT = DirectoryPolicy(
    D, "default", min_length=14, min_classes=3, history=24, max_days=180, lockout_attempts=5, lockout_minutes=15,
    reversible_encryption=False,
)  # fmt: skip
HEAD = DirectoryDomain(D, 7, 0, AT - 90 * DAY, anonymous_operations=False, open_compatibility=(), recycle_bin=True)
DESK = DirectoryComputer(
    D, "ACCUEIL", enabled=True, controller=False, os_name="Windows Server 2022 Standard", os_version="10.0 (20348)",
    last_logon_at=AT - DAY, unconstrained_delegation=False, protocol_transition=False, delegates_to=(),
    delegated_by=(), local_password_managed=True,
)  # fmt: skip
DC = DirectoryComputer(
    D, "DC1", enabled=True, controller=True, os_name="Windows Server 2022 Standard", unconstrained_delegation=True,
    protocol_transition=False, delegates_to=(), delegated_by=(), local_password_managed=False,
)  # fmt: skip
TRUST = DirectoryTrust(
    D, "groupe.lan", inbound=False, outbound=True, within_forest=False, sid_filtering=True, ticket_delegation=False
)
ROOT = GuardedObject(D, "DC=cabinet,DC=lan", "domain", ())
ACCESS = DirectoryAccess(D, anonymous_read=False)
WAY = DirectoryPrivilege(
    D,
    "adm.petit",
    "Domain Admins",
    ("informatique", "Domain Admins"),
    role="domain_admins",
    primary=False,
    foreign=False,
)
FACTS = (
    HERE, PETIT, CHIEF, COPY, FORMER, DEFAULT, HEAD, DESK, DC, TRUST, ROOT, ACCESS, WAY,
    DirectoryGroup(D, "informatique", groups=("Domain Admins",), members=1, admin_count=True, privileged=True),
    DirectoryGroup(D, "Domain Users", f"{DOMAIN}-513", None, 3, (), admin_count=False, privileged=False),
    DirectoryGroup(D, "Utilisateurs du domaine", "S-1-5-32-545", None, 3, (), admin_count=False, privileged=False),
    PasswordChoice(Profile.SEED_2013),
)  # fmt: skip
